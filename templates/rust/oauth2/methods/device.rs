    /// Asks for a code that the user enters on another device, at the address that comes with it.
    ///
    /// # Errors
    ///
    /// What the device authorization endpoint answered, or why it could not be asked.
    pub async fn start_device_sign_in(&self) -> Result<DeviceSignIn, {{ provider_error }}> {
        self.engine.start_device_sign_in().await
    }

    /// Waits until the user has entered the code, and installs the token.
    ///
    /// # Errors
    ///
    /// When the user denied access, or the code has expired; or what else the token endpoint answered.
    pub async fn complete_device_sign_in(&self, authorization: &DeviceSignIn) -> Result<{{ token }}, {{ provider_error }}> {
        self.engine.complete_device_sign_in(authorization).await
    }
