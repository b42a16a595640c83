    /// What the issuer says of itself: its endpoints, and what they support. It is asked once.
    ///
    /// # Errors
    ///
    /// Why the issuer could not be asked, or that its answer speaks of another one.
    pub async fn metadata(&self) -> Result<ServerMetadata, {{ provider_error }}> {
        self.engine.metadata().await
    }
