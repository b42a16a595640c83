/// Configuration of a [`{{ client }}`].
#[derive(Clone, Debug, Default)]
pub struct {{ name }} {
{%- if let Some(environment) = environment %}
    environment: {{ environment }},
{%- endif %}
    transport: Option<Arc<dyn Transport>>,
{%- for scheme in schemes %}
    {{ scheme.parameter }}: Option<{{ scheme.credentials }}>,
    {{ scheme.token_url }}: Option<String>,
{%- endfor %}
}

impl {{ name }} {
    /// A builder that begins with a copy: what is set on it replaces what is here, all else stays.
    pub fn to_builder(&self) -> {{ builder }} {
        {{ builder }}::from(self.clone())
    }
{%- if let Some(environment) = environment %}

    /// The environment.
    #[must_use]
    pub fn environment(&self) -> {{ environment }} {
        self.environment
    }
{%- endif %}
{%- if blocking %}

    #[cfg(feature = "blocking")]
    pub(super) fn has_transport(&self) -> bool {
        self.transport.is_some()
    }
{%- endif %}
{%- for scheme in schemes %}

    /// Credentials of the scheme {{ scheme.title }}.
    #[must_use]
    pub fn {{ scheme.parameter }}(&self) -> Option<&{{ scheme.credentials }}> {
        self.{{ scheme.parameter }}.as_ref()
    }

    /// Token endpoint of the scheme {{ scheme.title }}.
    #[must_use]
    pub fn {{ scheme.token_url }}(&self) -> &str {
        match &self.{{ scheme.token_url }} {
            Some(url) => url,
            None => {{ scheme.usual_url }},
        }
    }
{%- endfor %}
}
