{%- match form %}
{%- when Form::Text %}
    /// Sets {{ noun }}.
    pub fn {{ name }}(mut self, value: impl Into<String>) -> Self {
        self.credentials.{{ name }} = Some(value.into());
        self
    }
{%- when Form::Secret %}
    /// Sets {{ noun }}.
    pub fn {{ name }}(mut self, value: impl Into<SecretString>) -> Self {
        self.credentials.{{ name }} = Some(value.into());
        self
    }
{%- when Form::Token %}
    /// Sets a stored token. It is used until it expires.
    pub fn {{ name }}(mut self, value: {{ type_name }}) -> Self {
        self.credentials.{{ name }} = Some(value);
        self
    }
{%- when Form::Scopes %}
{%- if let Some(scopes) = scopes %}
    /// Sets the scopes that tokens are requested for.
    pub fn {{ name }}<I>(mut self, values: I) -> Self
    where
        I: IntoIterator<Item = {{ scopes.enumeration }}>,
    {
        self.credentials.{{ name }} = Some(values.into_iter().collect());
        self
    }
{%- endif %}
{%- when Form::TokenProvider %}
    /// Sets what supplies tokens from the application's own store: a function, plain or async, of
    /// the last token and the manager. Where it has none, or only a stale one, the manager {% if asks_user %}goes on
    /// without it{% else %}fetches
    /// one{% endif %}.
    pub fn {{ name }}<F, R, K>(mut self, provider: F) -> Self
    where
        F: Fn(Option<{{ token }}>, {{ manager }}) -> R,
        F: Send + Sync + 'static,
        R: ProviderReply<K>,
    {
        self.credentials.{{ name }} = Some(TokenProvider::new(provider));
        self
    }
{%- when Form::OnTokenUpdate %}
    /// Sets what is called once with each new token, after the token is usable: a function, plain or
    /// async. A failure of it is logged and loses no token.
    pub fn {{ name }}<F, R, K>(mut self, callback: F) -> Self
    where
        F: Fn({{ token }}) -> R,
        F: Send + Sync + 'static,
        R: CallbackReply<K>,
    {
        self.credentials.{{ name }} = Some(TokenUpdateCallback::new(callback));
        self
    }
{%- when Form::UserSignIn %}
    /// Sets what asks the user: a function, plain or async, of the manager. It is called when only
    /// the user can help, and gives the token that came of it.
    pub fn {{ name }}<F, R, K>(mut self, hook: F) -> Self
    where
        F: Fn({{ manager }}) -> R,
        F: Send + Sync + 'static,
        R: ProviderReply<K>,
    {
        self.credentials.{{ name }} = Some(UserSignIn::new(hook));
        self
    }
{%- when Form::SubjectToken %}
    /// Sets the token to exchange: a text, or what is asked for one before each exchange.
    pub fn {{ name }}(mut self, value: impl Into<SubjectToken>) -> Self {
        self.credentials.{{ name }} = Some(value.into());
        self
    }
{%- when Form::Duration %}
    /// Sets how long before its expiry a token counts as expired.
    pub fn {{ name }}(mut self, value: Duration) -> Self {
        self.credentials.{{ name }} = Some(value);
        self
    }
{%- endmatch %}
