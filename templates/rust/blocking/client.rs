use std::sync::Arc;

use credsmith_runtime::blocking::block_on;
{%- for line in lines %}
{{ line }}
{%- endfor %}

/// The client for code without an async runtime: the same engine, driven by the calling thread.
#[derive(Clone, Debug)]
pub struct {{ client }} {
    client: super::{{ client }},
}

impl {{ client }} {
    /// A client with a configuration. Where that names no transport, a blocking one is used.
    ///
    /// # Errors
    ///
    /// As for [`super::{{ client }}::new`].
    pub fn new(config: {{ config }}) -> Result<Self, ConfigError> {
        let config = if config.has_transport() {
            config
        } else {
            let user_agent = credsmith_runtime::user_agent!();
            let transport = Arc::new(UreqTransport::new().user_agent(user_agent));
            config.to_builder().transport(transport).config()
        };
        let client = super::{{ client }}::new(config)?;
        Ok(Self { client })
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &{{ config }} {
        self.client.config()
    }
{%- for scheme in schemes %}
{%- if scheme.waits %}

    /// Tokens of the scheme {{ scheme.title }}.
    #[must_use]
    pub fn {{ scheme.accessor }}(&self) -> {{ scheme.manager }} {
        let manager = self.client.{{ scheme.accessor }}().clone();
        {{ scheme.manager }} { manager }
    }
{%- else %}

    /// The manager of the scheme {{ scheme.title }}.
    #[must_use]
    pub fn {{ scheme.accessor }}(&self) -> &{{ scheme.manager }} {
        self.client.{{ scheme.accessor }}()
    }
{%- endif %}
{%- endfor %}
{%- for group in groups %}

    /// Authorizes a request and sends it, as [`super::{{ client }}::{{ group.execute }}`] does.
{%- if let Some(description) = group.description %}
    ///
    {{ description }}
{%- endif %}
    ///
    /// # Errors
    ///
    /// When {{ group.missing }} the API cannot be reached. Whatever the API answers is no error.
{%- if group.prose_like_code %}
    #[allow(clippy::doc_markdown, reason = "descriptions are the API's own words")]
{%- endif %}
    pub fn {{ group.execute }}(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SendError> {
        block_on(self.client.{{ group.execute }}(request))
    }
{%- if let Some(security) = group.security %}

    /// Returns the credentials that [`{{ group.execute }}`](Self::{{ group.execute }}) puts on requests, for other HTTP
    /// clients: `runtime::blocking::block_on(credentials.authorize(&mut request))` authorizes a request.
    #[must_use]
    pub fn {{ security }}(&self) -> SecurityGroup {
        self.client.{{ security }}()
    }
{%- endif %}
{%- endfor %}
}
{%- for manager in managers %}

{{ manager }}
{%- endfor %}
