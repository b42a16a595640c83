{%- match form %}
{%- when Form::Text %}
    /// {{ noun }}.
{%- if let Some(description) = description %}
    ///
    {{ description }}
{%- endif %}
{%- if prose_like_code %}
    #[allow(clippy::doc_markdown, reason = "descriptions are the API's own words")]
{%- endif %}
    #[must_use]
    pub fn {{ name }}(&self) -> Option<&str> {
        self.{{ name }}.as_deref()
    }
{%- when Form::Secret %}
    /// {{ noun }}.
{%- if let Some(description) = description %}
    ///
    {{ description }}
{%- endif %}
{%- if prose_like_code %}
    #[allow(clippy::doc_markdown, reason = "descriptions are the API's own words")]
{%- endif %}
    #[must_use]
    pub fn {{ name }}(&self) -> Option<&SecretString> {
        self.{{ name }}.as_ref()
    }
{%- when Form::Token %}
    /// The stored token that the credentials were built with.
    #[must_use]
    pub fn {{ name }}(&self) -> Option<&{{ type_name }}> {
        self.{{ name }}.as_ref()
    }
{%- when Form::Scopes %}
{%- if let Some(scopes) = scopes %}
    /// The scopes that tokens are requested for.
    #[must_use]
    pub fn {{ name }}(&self) -> &[{{ scopes.enumeration }}] {
        match &self.{{ name }} {
            Some(scopes) => scopes,
            None => {{ scopes.default }},
        }
    }
{%- endif %}
{%- when Form::TokenProvider %}
    /// What supplies tokens from the application's own store.
    #[must_use]
    pub fn {{ name }}(&self) -> Option<&{{ type_name }}> {
        self.{{ name }}.as_ref()
    }
{%- when Form::OnTokenUpdate %}
    /// What is called with each new token.
    #[must_use]
    pub fn {{ name }}(&self) -> Option<&{{ type_name }}> {
        self.{{ name }}.as_ref()
    }
{%- when Form::UserSignIn %}
    /// The hook that asks the user to sign in, if no token can be obtained otherwise.
    #[must_use]
    pub fn {{ name }}(&self) -> Option<&{{ type_name }}> {
        self.{{ name }}.as_ref()
    }
{%- when Form::SubjectToken %}
    /// The token that is exchanged.
    #[must_use]
    pub fn {{ name }}(&self) -> Option<&{{ type_name }}> {
        self.{{ name }}.as_ref()
    }
{%- when Form::Duration %}
    /// How long before its expiry a token counts as expired.
    #[must_use]
    pub fn {{ name }}(&self) -> Option<Duration> {
        self.{{ name }}
    }
{%- endmatch %}
