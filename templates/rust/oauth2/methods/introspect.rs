    /// Asks the server whether it still accepts the access token of `token`, and what the token is good for
    /// (RFC 7662). The manager keeps what it has.
    ///
    /// # Errors
    ///
    /// Returns an error if the introspection endpoint refuses the request or cannot be reached.
    pub async fn introspect_token(&self, token: &{{ token }}) -> Result<TokenIntrospection, {{ provider_error }}> {
        self.engine.introspect_token(token).await
    }
