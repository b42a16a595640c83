/// Configuration of a [`{{ client }}`].
#[derive(Clone, Debug, Default)]
pub struct {{ name }} {
{%- if let Some(environment) = environment %}
    environment: {{ environment }},
{%- endif %}
    transport: Option<Arc<dyn Transport>>,
{%- for scheme in schemes %}
    {{ scheme.parameter }}: Option<{{ scheme.credentials }}>,
{%- for endpoint in scheme.endpoints %}
    {{ endpoint.parameter }}: Option<String>,
{%- endfor %}
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
{%- for endpoint in scheme.endpoints %}

    /// {{ endpoint.title }} of the scheme {{ scheme.title }}{% if endpoint.discovered %}; discovered where it is empty{% endif %}.
    #[must_use]
    pub fn {{ endpoint.parameter }}(&self) -> &str {
        match &self.{{ endpoint.parameter }} {
            Some(url) => url,
            None => {{ endpoint.usual }},
        }
    }
{%- endfor %}
{%- endfor %}
}
