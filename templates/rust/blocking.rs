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
            let transport = Arc::new(UreqTransport::new());
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

    /// Tokens of the scheme {{ scheme.title }}.
    #[must_use]
    pub fn {{ scheme.accessor }}(&self) -> {{ scheme.manager }} {
        let manager = self.client.{{ scheme.accessor }}().clone();
        {{ scheme.manager }} { manager }
    }
{%- endfor %}

    /// Authorizes a request and sends it, as [`super::{{ client }}::execute`] does.
    ///
    /// # Errors
    ///
    /// When there is no token, or the API cannot be reached. Whatever the API answers is no error.
    pub fn execute(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SendError> {
        block_on(self.client.execute(request))
    }
}
{%- for scheme in schemes %}

/// [`super::{{ scheme.manager }}`] for code without an async runtime.
#[derive(Clone, Debug)]
pub struct {{ scheme.manager }} {
    manager: super::{{ scheme.manager }},
}

impl {{ scheme.manager }} {
    /// As [`super::{{ scheme.manager }}::fetch_token`].
    ///
    /// # Errors
    ///
    /// What the token endpoint answered, or why it could not be asked.
    pub fn fetch_token(&self) -> Result<{{ token }}, {{ provider_error }}> {
        block_on(self.manager.fetch_token())
    }

    /// As [`super::{{ scheme.manager }}::token`].
    ///
    /// # Errors
    ///
    /// What the token endpoint answered, or why it could not be asked.
    pub fn token(&self) -> Result<{{ token }}, {{ provider_error }}> {
        block_on(self.manager.token())
    }

    /// As [`super::{{ scheme.manager }}::authorize`].
    ///
    /// # Errors
    ///
    /// What the token endpoint answered, or why it could not be asked.
    pub fn authorize<B>(&self, request: &mut Request<B>) -> Result<(), {{ provider_error }}> {
        block_on(self.manager.authorize(request))
    }

    /// The manager that this one drives: what needs no waiting is there.
    #[must_use]
    pub fn manager(&self) -> &super::{{ scheme.manager }} {
        &self.manager
    }
}
{%- endfor %}
