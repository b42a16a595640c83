/// {% if custom %}Signs{% else %}Authorizes{% endif %} requests by the scheme {{ scheme }}.
///
/// Copies share what they send.
#[derive(Clone, Debug)]
pub struct {{ name }} {
    auth: {{ auth }},
}

impl {{ name }} {
    /// A manager for clients other than the generated one.
{%- if !custom %}
    ///
    /// # Errors
    ///
    /// When a value cannot be sent: it is empty, for example, or has characters that a request cannot
    /// hold.
    pub fn new(credentials: &{{ credentials }}) -> Result<Self, ConfigError> {
{%- else %}
    #[must_use]
    pub fn new(credentials: &{{ credentials }}) -> Self {
{%- endif %}
{{ constructor }}
    }

{%- if custom %}

    /// Signs a request as a whole: after it, nothing of the request may change.
    ///
    /// # Errors
    ///
    /// When credentials are missing, or the signing fails.
    pub fn sign(&self, request: &mut Request<Bytes>) -> Result<(), SendError> {
        self.auth.sign(request)
    }
{%- else %}

    /// Adds {{ added }} to a request.
    ///
    /// # Errors
    ///
    /// When credentials are missing{% if query %}, or the request's URL cannot take the query{% endif %}.
    pub fn authorize<B>(&self, request: &mut Request<B>) -> Result<(), SendError> {
        self.auth.authorize(request)
    }
{%- endif %}

    /// What the manager hands requests to.
    #[must_use]
    pub fn authorizer(&self) -> &{{ auth }} {
        &self.auth
    }
}

impl From<{{ name }}> for SecurityGroup {
    fn from(manager: {{ name }}) -> Self {
        Self::from(manager.auth)
    }
}
