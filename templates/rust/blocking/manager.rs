/// [`super::{{ name }}`] for code without an async runtime.
#[derive(Clone, Debug)]
pub struct {{ name }} {
    manager: super::{{ name }},
}

impl {{ name }} {
{%- if asks_endpoint %}
    /// As [`super::{{ name }}::fetch_token`].
    ///
    /// # Errors
    ///
    /// What the token endpoint answered, or why it could not be asked.
    pub fn fetch_token(&self) -> Result<{{ token }}, {{ provider_error }}> {
        block_on(self.manager.fetch_token())
    }
{% endif %}
    /// As [`super::{{ name }}::token`].
    ///
    /// # Errors
    ///
    /// What the token endpoint answered, or why it could not be asked.
    pub fn token(&self) -> Result<{{ token }}, {{ provider_error }}> {
        block_on(self.manager.token())
    }

    /// As [`super::{{ name }}::authorize`].
    ///
    /// # Errors
    ///
    /// What the token endpoint answered, or why it could not be asked.
    pub fn authorize<B>(&self, request: &mut Request<B>) -> Result<(), {{ provider_error }}> {
        block_on(self.manager.authorize(request))
    }
{%- if !manual %}

    /// As [`super::{{ name }}::flush`].
    ///
    /// # Errors
    ///
    /// Returns an error if the token store does not hold the latest token.
    pub fn flush(&self) -> Result<(), {{ provider_error }}> {
        block_on(self.manager.flush())
    }
{%- endif %}
{%- if callback %}

    /// As [`super::{{ name }}::start_sign_in`].
    ///
    /// # Errors
    ///
    /// What is missing for it, or why the server could not be asked.
    pub fn start_sign_in(&self) -> Result<SignInRequest, {{ provider_error }}> {
        block_on(self.manager.start_sign_in())
    }

    /// As [`super::{{ name }}::complete_sign_in`].
    ///
    /// # Errors
    ///
    /// What the server answered, or why it could not be asked.
    pub fn complete_sign_in(&self, request: &SignInRequest, callback_url: &str) -> Result<{{ token }}, {{ provider_error }}> {
        block_on(self.manager.complete_sign_in(request, callback_url))
    }
{%- endif %}
{%- if device %}

    /// As [`super::{{ name }}::start_device_sign_in`].
    ///
    /// # Errors
    ///
    /// What the server answered, or why it could not be asked.
    pub fn start_device_sign_in(&self) -> Result<DeviceSignIn, {{ provider_error }}> {
        block_on(self.manager.start_device_sign_in())
    }

    /// As [`super::{{ name }}::complete_device_sign_in`].
    ///
    /// # Errors
    ///
    /// What the server answered, or why it could not be asked.
    pub fn complete_device_sign_in(&self, authorization: &DeviceSignIn) -> Result<{{ token }}, {{ provider_error }}> {
        block_on(self.manager.complete_device_sign_in(authorization))
    }
{%- endif %}
{%- if revoke %}

    /// As [`super::{{ name }}::revoke_token`].
    ///
    /// # Errors
    ///
    /// What the server answered, or why it could not be asked.
    pub fn revoke_token(&self) -> Result<(), {{ provider_error }}> {
        block_on(self.manager.revoke_token())
    }
{%- endif %}
{%- if introspect %}

    /// As [`super::{{ name }}::introspect_token`].
    ///
    /// # Errors
    ///
    /// Returns an error if the introspection endpoint refuses the request or cannot be reached.
    pub fn introspect_token(&self, token: &{{ token }}) -> Result<TokenIntrospection, {{ provider_error }}> {
        block_on(self.manager.introspect_token(token))
    }
{%- endif %}
{%- if metadata %}

    /// As [`super::{{ name }}::metadata`].
    ///
    /// # Errors
    ///
    /// What the server answered, or why it could not be asked.
    pub fn metadata(&self) -> Result<ServerMetadata, {{ provider_error }}> {
        block_on(self.manager.metadata())
    }
{%- endif %}

    /// The manager that this one drives: what needs no waiting is there.
    #[must_use]
    pub fn manager(&self) -> &super::{{ name }} {
        &self.manager
    }
}
