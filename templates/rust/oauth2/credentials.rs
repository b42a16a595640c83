/// Credentials of the scheme {{ scheme }}.
///
{%- if let Some(description) = description %}
{{ description }}
///
{%- endif %}
/// What is shown of them in logs holds no secret.
#[derive(Clone, Debug, Default)]
{%- if prose_like_code %}
#[allow(clippy::doc_markdown, reason = "descriptions are the API's own words")]
{%- endif %}
#[allow(
    clippy::struct_field_names,
    reason = "fields are named as the API's documentation names them"
)]
pub struct {{ name }} {
    {{ fields.client_id }}: Option<String>,
{%- if let Some(field) = fields.client_secret %}
    {{ field }}: Option<SecretString>,
{%- endif %}
    {{ fields.token }}: Option<{{ token }}>,
{%- if let Some(scopes) = scopes %}
    {{ scopes.field }}: Option<Vec<{{ scopes.enumeration }}>>,
{%- endif %}
{%- if let Some(field) = fields.token_provider %}
    {{ field }}: Option<TokenProvider<{{ manager }}>>,
{%- endif %}
{%- if let Some(field) = fields.on_token_update %}
    {{ field }}: Option<TokenUpdateCallback>,
{%- endif %}
{%- if let Some(field) = fields.clock_skew %}
    {{ field }}: Option<Duration>,
{%- endif %}
}

impl {{ name }} {
    /// Credentials of a client.
    #[must_use]
    pub fn new(client_id: impl Into<String>{% if fields.client_secret.is_some() %}, client_secret: impl Into<SecretString>{% endif %}) -> Self {
        Self {
            {{ fields.client_id }}: Some(client_id.into()),
{%- if let Some(field) = fields.client_secret %}
            {{ field }}: Some(client_secret.into()),
{%- endif %}
            ..Self::default()
        }
    }

    /// Credentials put together step by step. A stored token alone is enough until it has to be
    /// renewed.
    pub fn builder() -> {{ builder }} {
        {{ builder }}::default()
    }

    /// Credentials from environment variables.
    ///
{%- for row in variable_rows %}
    {{ row }}
{%- endfor %}
    ///
    /// # Errors
    ///
    /// The error names every variable that is missing or malformed.
    pub fn from_env() -> Result<Self, EnvError> {
        Self::from_variables(|name| env::var_os(name))
    }

    /// Credentials from variables that `lookup` finds, by the names of
    /// [`from_env`](Self::from_env).
    ///
    /// # Errors
    ///
    /// The error names every variable that is missing or malformed.
    pub fn from_variables(lookup: impl Fn(&str) -> Option<OsString>) -> Result<Self, EnvError> {
        let mut variables = Variables::new(&lookup);
        let client_id = variables.required({{ client_id_variable }});
{%- if let Some(name) = client_secret_variable %}
        let client_secret = variables.required_secret({{ name }});
{%- endif %}
{%- for variable in optional_variables %}
        let {{ variable.local }} = variables.{{ variable.reader }}({{ variable.name }});
{%- endfor %}
        variables.finish()?;
        let {% if !optional_variables.is_empty() %}mut {% endif %}credentials = Self::new(client_id{% if client_secret_variable.is_some() %}, client_secret{% endif %});
{%- for variable in optional_variables %}
        credentials.{{ variable.field }} = {{ variable.local }};
{%- endfor %}
        Ok(credentials)
    }

    /// A builder that begins with a copy: what is set on it replaces what is here, all else stays.
    pub fn to_builder(&self) -> {{ builder }} {
        {{ builder }}::from(self.clone())
    }

    /// The client id.
    #[must_use]
    pub fn {{ fields.client_id }}(&self) -> Option<&str> {
        self.{{ fields.client_id }}.as_deref()
    }
{%- if let Some(field) = fields.client_secret %}

    /// The client secret.
    #[must_use]
    pub fn {{ field }}(&self) -> Option<&SecretString> {
        self.{{ field }}.as_ref()
    }
{%- endif %}

    /// The stored token that the credentials were built with.
    #[must_use]
    pub fn {{ fields.token }}(&self) -> Option<&{{ token }}> {
        self.{{ fields.token }}.as_ref()
    }
{%- if let Some(scopes) = scopes %}

    /// The scopes that tokens are requested for.
    #[must_use]
    pub fn {{ scopes.field }}(&self) -> &[{{ scopes.enumeration }}] {
        match &self.{{ scopes.field }} {
            Some(scopes) => scopes,
            None => {{ scopes.default }},
        }
    }
{%- endif %}
{%- if let Some(field) = fields.token_provider %}

    /// What supplies tokens from the application's own store.
    #[must_use]
    pub fn {{ field }}(&self) -> Option<&TokenProvider<{{ manager }}>> {
        self.{{ field }}.as_ref()
    }
{%- endif %}
{%- if let Some(field) = fields.on_token_update %}

    /// What is called with each new token.
    #[must_use]
    pub fn {{ field }}(&self) -> Option<&TokenUpdateCallback> {
        self.{{ field }}.as_ref()
    }
{%- endif %}
{%- if let Some(field) = fields.clock_skew %}

    /// How long before its expiry a token counts as expired.
    #[must_use]
    pub fn {{ field }}(&self) -> Option<Duration> {
        self.{{ field }}
    }
{%- endif %}
}
