    /// Revokes the installed token at the server, its refresh token included. Here it is forgotten in
    /// any case.
    ///
    /// # Errors
    ///
    /// What the revocation endpoint answered, or why it could not be asked.
    pub async fn revoke_token(&self) -> Result<(), {{ provider_error }}> {
        self.engine.revoke_token().await
    }
