/// Puts a [`{{ client }}`] together.
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is built until `build` is called"]
pub struct {{ name }} {
    config: {{ config }},
}

impl From<{{ config }}> for {{ name }} {
    fn from(config: {{ config }}) -> Self {
        Self { config }
    }
}

impl {{ name }} {
    /// The client.
    ///
    /// # Errors
    ///
    {{ errors }}
    pub fn build(self) -> Result<{{ client }}, ConfigError> {
        {{ client }}::new(self.config)
    }

    /// The configuration alone.
    #[must_use]
    pub fn config(self) -> {{ config }} {
        self.config
    }
{%- if let Some(environment) = environment %}

    /// Sets the environment.
    pub fn environment(mut self, value: {{ environment }}) -> Self {
        self.config.environment = value;
        self
    }
{%- endif %}

    /// Sets what carries requests, {% if tokens %}to the token endpoint and {% endif %}to the API, in place of the default one.
    pub fn transport(mut self, value: Arc<dyn Transport>) -> Self {
        self.config.transport = Some(value);
        self
    }
{%- for scheme in schemes %}

    /// Sets the credentials of the scheme {{ scheme.title }}.
    pub fn {{ scheme.parameter }}(mut self, value: {{ scheme.credentials }}) -> Self {
        self.config.{{ scheme.parameter }} = Some(value);
        self
    }
{%- for endpoint in scheme.endpoints %}

    /// Sets another {{ endpoint.noun }} for the scheme {{ scheme.title }}.
    pub fn {{ endpoint.parameter }}(mut self, value: impl Into<String>) -> Self {
        self.config.{{ endpoint.parameter }} = Some(value.into());
        self
    }
{%- endfor %}
{%- endfor %}
}
