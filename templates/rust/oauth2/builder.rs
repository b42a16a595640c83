/// Puts [`{{ credentials }}`] together.
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is built until `build` is called"]
pub struct {{ name }} {
    credentials: {{ credentials }},
}

impl From<{{ credentials }}> for {{ name }} {
    fn from(credentials: {{ credentials }}) -> Self {
        Self { credentials }
    }
}

impl {{ name }} {
    /// The credentials.
    #[must_use]
    pub fn build(self) -> {{ credentials }} {
        self.credentials
    }

    /// Sets the client id.
    pub fn {{ fields.client_id }}(mut self, value: impl Into<String>) -> Self {
        self.credentials.{{ fields.client_id }} = Some(value.into());
        self
    }
{%- if let Some(field) = fields.client_secret %}

    /// Sets the client secret.
    pub fn {{ field }}(mut self, value: impl Into<SecretString>) -> Self {
        self.credentials.{{ field }} = Some(value.into());
        self
    }
{%- endif %}

    /// Sets a stored token. It is used until it expires.
    pub fn {{ fields.token }}(mut self, value: {{ token }}) -> Self {
        self.credentials.{{ fields.token }} = Some(value);
        self
    }
{%- if let Some(scopes) = scopes %}

    /// Sets the scopes that tokens are requested for.
    pub fn {{ scopes.field }}<I>(mut self, values: I) -> Self
    where
        I: IntoIterator<Item = {{ scopes.enumeration }}>,
    {
        self.credentials.{{ scopes.field }} = Some(values.into_iter().collect());
        self
    }
{%- endif %}
{%- if let Some(field) = fields.token_provider %}

    /// Sets what supplies tokens from the application's own store: a function, plain or async, of
    /// the last token and the manager. Where it has none, or only a stale one, the manager fetches
    /// one.
    pub fn {{ field }}<F, R, K>(mut self, provider: F) -> Self
    where
        F: Fn(Option<{{ token }}>, {{ manager }}) -> R,
        F: Send + Sync + 'static,
        R: ProviderReply<K>,
    {
        self.credentials.{{ field }} = Some(TokenProvider::new(provider));
        self
    }
{%- endif %}
{%- if let Some(field) = fields.on_token_update %}

    /// Sets what is called once with each new token, after the token is usable: a function, plain or
    /// async. A failure of it is logged and loses no token.
    pub fn {{ field }}<F, R, K>(mut self, callback: F) -> Self
    where
        F: Fn({{ token }}) -> R,
        F: Send + Sync + 'static,
        R: CallbackReply<K>,
    {
        self.credentials.{{ field }} = Some(TokenUpdateCallback::new(callback));
        self
    }
{%- endif %}
{%- if let Some(field) = fields.clock_skew %}

    /// Sets how long before its expiry a token counts as expired.
    pub fn {{ field }}(mut self, value: Duration) -> Self {
        self.credentials.{{ field }} = Some(value);
        self
    }
{%- endif %}
}
