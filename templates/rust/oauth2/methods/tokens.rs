{%- if asks_endpoint %}
{%- if asks_user %}
    /// Renews the token with its refresh token. The new one is installed: the old refresh token may be
    /// over by then. Calls at the same time share one request.
    ///
    /// # Errors
    ///
    /// What the token endpoint answered, or why it could not be asked; without a refresh token, that
    /// the user has to be asked.
{%- else %}
    /// Fetches a token from the token endpoint, for the caller alone: it is not installed, and what
    /// the manager has stays. Calls at the same time share one request.
{%- if may_refresh %}
    ///
    /// Where the installed token has a refresh token, that one is used, and the new token is installed:
    /// the old refresh token may be over by then.
{%- endif %}
    ///
    /// # Errors
    ///
    /// What the token endpoint answered, or why it could not be asked.
{%- endif %}
    pub async fn fetch_token(&self) -> Result<{{ token }}, {{ provider_error }}> {
        self.engine.fetch_token().await
    }
{% endif %}
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
    /// What the token endpoint answered, or why it could not be asked
{%- if asks_user %}; or that the user has to be
    /// asked
{%- endif %}.
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
{%- if !manual %}

    /// Waits until a refresh under way has ended, the update callbacks have run, and the token store, if there
    /// is one, holds the latest token. Call this before a program ends.
    ///
    /// # Errors
    ///
    /// Returns an error if the token store does not hold the latest token.
    pub async fn flush(&self) -> Result<(), {{ provider_error }}> {
        self.engine.flush().await
    }
{%- endif %}

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
