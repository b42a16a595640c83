    /// Asks for a code that the user enters on another device, at the address that comes with it.
    ///
    /// # Errors
    ///
    /// What the device authorization endpoint answered, or why it could not be asked.
    pub async fn start_device_authorization(&self) -> Result<DeviceAuthorization, {{ provider_error }}> {
        self.engine.start_device_authorization().await
    }

    /// Waits until the user has entered the code, and installs the token.
    ///
    /// # Errors
    ///
    /// When the user denied access, or the code has expired; or what else the token endpoint answered.
    pub async fn complete_device_authorization(&self, authorization: &DeviceAuthorization) -> Result<{{ token }}, {{ provider_error }}> {
        self.engine
            .complete_device_authorization(authorization)
            .await
    }
