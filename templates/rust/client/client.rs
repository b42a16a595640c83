/// Client of {{ sdk }}.
///
{%- if let Some(description) = description %}
{{ description }}
///
{%- endif %}
/// | Scheme | Credentials | Tokens |
/// | --- | --- | --- |
{%- for scheme in schemes %}
/// | {{ scheme.title_in_table }} | [`{{ scheme.credentials }}`] | [`{{ scheme.accessor }}`](Self::{{ scheme.accessor }}) |
{%- endfor %}
///
/// Copies share their tokens and connections.
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
    /// When a token URL is no absolute URL, or plain `http` beyond loopback, or the default transport
    /// cannot be set up.
    pub fn new(config: {{ config }}) -> Result<Self, ConfigError> {
        let transport = match &config.transport {
            Some(transport) => Arc::clone(transport),
            None => credsmith_runtime::default_transport()?,
        };
{%- for scheme in schemes %}
        let credentials = config.{{ scheme.parameter }}.clone();
        let {{ scheme.accessor }} = {{ scheme.manager }}::new(
            &credentials.unwrap_or_default(),
            config.{{ scheme.token_url }}(),
            Arc::clone(&transport),
        )?;
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

    /// Tokens of the scheme {{ scheme.title }}.
    #[must_use]
    pub fn {{ scheme.accessor }}(&self) -> &{{ scheme.manager }} {
        &self.{{ scheme.accessor }}
    }
{%- endfor %}

    /// Authorizes a request and sends it. When the API answers 401, the token is dropped
{%- if !manual %}, and the
    /// request sent once more with a fresh one
{%- endif %}.
{%- if many %}
    ///
    /// The first scheme that has credentials is used.
{%- endif %}
    ///
    /// # Errors
    ///
    /// When there is no token, or the API cannot be reached. Whatever the API answers is no error.
    pub async fn execute(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SendError> {
{%- if many %}
{%- for scheme in schemes %}
{%- if loop.first %}
        let mut engine = self.{{ scheme.accessor }}.engine();
{%- else %}
        if !engine.is_configured() && self.{{ scheme.accessor }}.engine().is_configured() {
            engine = self.{{ scheme.accessor }}.engine();
        }
{%- endif %}
{%- endfor %}
        credsmith_runtime::send_authorized(&*self.transport, engine, request).await
{%- else %}
{%- for scheme in schemes %}
        let engine = self.{{ scheme.accessor }}.engine();
        credsmith_runtime::send_authorized(&*self.transport, engine, request).await
{%- endfor %}
{%- endif %}
    }
}
