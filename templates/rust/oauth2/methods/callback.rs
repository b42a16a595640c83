    /// What sends the user's browser to the authorization endpoint: a URL with a fresh `state`
{%- if pkce %} and PKCE
    /// challenge
{%- endif %}. Keep it until the browser comes back, in the user's session for example.
    ///
    /// # Errors
    ///
    /// When the client id or the redirect URI is missing, or the authorization endpoint is not known.
    pub async fn start_sign_in(&self) -> Result<SignInRequest, {{ provider_error }}> {
        self.engine.start_sign_in().await
    }

    /// Takes the URL that the browser came back to, checks that it answers `request`, and
    /// {% if implicit %}installs the token in it{% else %}exchanges the code in it for a token, which is installed{% endif %}.
    ///
    /// # Errors
    ///
    /// What the server answered: that the user denied access, for example; or that the URL answers
    /// another request.
    pub async fn complete_sign_in(&self, request: &SignInRequest, callback_url: &str) -> Result<{{ token }}, {{ provider_error }}> {
        self.engine.complete_sign_in(request, callback_url).await
    }
