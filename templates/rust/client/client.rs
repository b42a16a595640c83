/// Client of {{ sdk }}.
///
{%- if let Some(description) = description %}
{{ description }}
///
{%- endif %}
/// | Scheme | Credentials | {{ last_column }} |
/// | --- | --- | --- |
{%- for scheme in schemes %}
/// | {{ scheme.title_in_table }} | [`{{ scheme.credentials }}`] | [`{{ scheme.accessor }}`](Self::{{ scheme.accessor }}) |
{%- endfor %}
///
/// Copies share their {% if tokens %}tokens and {% endif %}connections.
#[derive(Clone, Debug)]
{%- if prose_like_code %}
#[allow(clippy::doc_markdown, reason = "descriptions are the API's own words")]
{%- endif %}
pub struct {{ name }} {
    config: Arc<{{ config }}>,
    transport: Arc<dyn Transport>,
{%- for scheme in schemes %}
    {{ scheme.accessor }}: {{ scheme.manager }},
{%- endfor %}
}

impl {{ name }} {
    /// A client put together step by step.
    pub fn builder() -> {{ builder }} {
        {{ builder }}::default()
    }

    /// A client with a configuration.
    ///
    /// # Errors
    ///
    {{ errors }}
    pub fn new(config: {{ config }}) -> Result<Self, ConfigError> {
        let transport = match &config.transport {
            Some(transport) => Arc::clone(transport),
            None => credsmith_runtime::default_transport_with(credsmith_runtime::user_agent!())?,
        };
{%- for scheme in schemes %}
{{ scheme.construction }}
{%- endfor %}
        Ok(Self {
            config: Arc::new(config),
            transport,
{%- for scheme in schemes %}
            {{ scheme.accessor }},
{%- endfor %}
        })
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &{{ config }} {
        &self.config
    }
{%- for scheme in schemes %}

    /// {{ scheme.summary }} of the scheme {{ scheme.title }}.
    #[must_use]
    pub fn {{ scheme.accessor }}(&self) -> &{{ scheme.manager }} {
        &self.{{ scheme.accessor }}
    }
{%- endfor %}
{%- for method in methods %}

{{ method }}
{%- endfor %}
}
