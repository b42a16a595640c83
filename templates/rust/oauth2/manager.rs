/// {% if manual %}Fetches and keeps{% else %}Fetches, keeps and renews{% endif %} the tokens of the scheme {{ scheme }}.
///
/// Copies share one token.
#[derive(Clone, Debug)]
pub struct {{ name }} {
    engine: TokenManager,
}

impl {{ name }} {
{%- if let Some(url) = token_url %}
    /// The token endpoint.
    pub const TOKEN_URL: &str = {{ url }};
{%- else %}
    /// The token endpoint of an environment.
    #[must_use]
    pub const fn token_url(environment: {{ environment }}) -> &'static str {
        match environment {
{%- for url in token_urls %}
            {{ environment }}::{{ url.environment }} => {{ url.url }},
{%- endfor %}
        }
    }
{%- endif %}

    /// A manager for clients other than the generated one: `token_url` is usually
    /// {{ usual_url }}.
    ///
    /// # Errors
    ///
    /// When `token_url` is no absolute URL, or plain `http` beyond loopback.
    pub fn new(
        credentials: &{{ credentials }},
        token_url: &str,
        transport: Arc<dyn Transport>,
    ) -> Result<Self, ConfigError> {
        let mut builder = TokenManager::builder({{ scheme_literal }})
            .token_url(token_url)
            .client_authentication(ClientAuthentication::{{ authentication }})
            .credential_names({{ client_id_literal }}, {{ client_secret_literal }})
            .transport(transport);
{%- for call in calls %}
        builder = builder{{ call }};
{%- endfor %}
        if let Some(client_id) = &credentials.{{ fields.client_id }} {
            builder = builder.client_id(client_id);
        }
{%- if let Some(field) = fields.client_secret %}
        if let Some(client_secret) = &credentials.{{ field }} {
            builder = builder.client_secret(client_secret.clone());
        }
{%- endif %}
        if let Some(token) = &credentials.{{ fields.token }} {
            builder = builder.token(token.clone());
        }
{%- if let Some(scopes) = scopes %}
        let scopes = credentials.{{ scopes.field }}();
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        builder = builder.scope(scopes.join({{ scopes.separator }}));
{%- endif %}
{%- if let Some(field) = fields.token_provider %}
        if let Some(provider) = &credentials.{{ field }} {
            builder = builder.provider_of::<Self>(provider.clone());
        }
{%- endif %}
{%- if let Some(field) = fields.on_token_update %}
        if let Some(callback) = &credentials.{{ field }} {
            builder = builder.on_token_update(callback.clone());
        }
{%- endif %}
{%- if let Some(field) = fields.clock_skew %}
        if let Some(clock_skew) = credentials.{{ field }} {
            builder = builder.clock_skew(clock_skew);
        }
{%- endif %}
        builder.build().map(Self::from)
    }

    /// Fetches a token from the token endpoint, for the caller alone: it is not installed, and what
    /// the manager has stays. Calls at the same time share one request.
    ///
    /// # Errors
    ///
    /// What the token endpoint answered, or why it could not be asked.
    pub async fn fetch_token(&self) -> Result<{{ token }}, {{ provider_error }}> {
        self.engine.fetch_token().await
    }

{%- if manual %}

    /// The token that was handed in, while it is valid.
    ///
    /// # Errors
    ///
    /// When there is none, or it has expired: nothing is fetched behind the application's back.
{%- else %}

    /// The current token; it is renewed first if need be.
    ///
    /// # Errors
    ///
    /// What the token endpoint answered, or why it could not be asked.
{%- endif %}
    pub async fn token(&self) -> Result<{{ token }}, {{ provider_error }}> {
        self.engine.token().await
    }

    /// Adds the `Authorization` header to a request.
    ///
    /// # Errors
    ///
    /// As for [`token`](Self::token).
    pub async fn authorize<B>(&self, request: &mut Request<B>) -> Result<(), {{ provider_error }}> {
        self.engine.authorize(request).await
    }

    /// The installed token, even if it has expired.
    #[must_use]
    pub fn current_token(&self) -> Option<{{ token }}> {
        self.engine.current_token()
    }

    /// Installs a token, in place of the one there is.
    pub fn set_token(&self, token: {{ token }}) {
        self.engine.set_token(token);
    }

    /// Forgets the installed token.
    pub fn clear_token(&self) {
        self.engine.clear_token();
    }

    /// Whether `token` has expired, less the clock skew.
    #[must_use]
    pub fn is_expired(&self, token: &{{ token }}) -> bool {
        self.engine.is_expired(token)
    }

    /// The engine behind the manager.
    #[must_use]
    pub fn engine(&self) -> &TokenManager {
        &self.engine
    }
}

impl From<TokenManager> for {{ name }} {
    fn from(engine: TokenManager) -> Self {
        Self { engine }
    }
}
