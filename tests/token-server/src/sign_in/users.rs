//! Users and their consent, as a test sets and reads them.

use crate::record::RecordedRequest;
use crate::reply::Reply;
use crate::{TokenServer, sign_in};

impl TokenServer {
    /// The issuer identifier; its metadata are served.
    pub fn issuer(&self) -> String {
        format!("http://{}", self.address())
    }

    /// The address of the authorization endpoint.
    pub fn authorization_url(&self) -> String {
        format!("{}/authorize", self.issuer())
    }

    /// The address of the device authorization endpoint.
    pub fn device_authorization_url(&self) -> String {
        format!("{}/device_authorization", self.issuer())
    }

    /// The address of the revocation endpoint.
    pub fn revocation_url(&self) -> String {
        format!("{}/revoke", self.issuer())
    }

    /// The address of the introspection endpoint.
    pub fn introspection_url(&self) -> String {
        format!("{}/introspect", self.issuer())
    }

    /// The address of the metadata (RFC 8414).
    pub fn metadata_url(&self) -> String {
        format!("{}{}", self.issuer(), sign_in::METADATA)
    }

    /// Makes a user known, for the password grant.
    pub fn register_user(&self, name: impl Into<String>, password: impl Into<String>) {
        self.state().users.insert(name.into(), password.into());
    }

    /// Makes an issuer of assertions known, for the JWT bearer grant. Signatures are not checked.
    pub fn register_assertion_issuer(&self, issuer: impl Into<String>) {
        self.state().assertion_issuers.insert(issuer.into());
    }

    /// The audience of assertions of the JWT bearer grant: this server, by default.
    pub fn set_assertion_audience(&self, audience: impl Into<String>) {
        self.state().assertion_audience = Some(audience.into());
    }

    /// Makes a subject token known, for token exchange.
    pub fn register_subject_token(&self, token: impl Into<String>) {
        self.state().subject_tokens.insert(token.into());
    }

    /// The user's decision at the authorization endpoint: consent, by default.
    pub fn set_user_consents(&self, consents: bool) {
        self.state().user_consents = consents;
    }

    /// The user of the device with this code decides; false if there is no such device.
    pub fn decide_for_device(&self, user_code: &str, consents: bool) -> bool {
        let mut state = self.state();
        let mut devices = state.devices.iter_mut();
        let device = devices.find(|device| device.user_code == user_code);
        device
            .map(|device| device.consents = Some(consents))
            .is_some()
    }

    /// The time between two polls of a device, in seconds: 5 at first. With 0 none is too fast.
    pub fn set_device_interval(&self, seconds: u64) {
        self.state().device_interval = seconds;
    }

    /// Sets whether refresh tokens rotate: each refresh returns a new one and ends the old one. It is the default.
    pub fn set_rotates(&self, rotates: bool) {
        self.state().rotates = rotates;
    }

    /// All refresh tokens that would be taken now, in order.
    pub fn valid_refresh_tokens(&self) -> Vec<String> {
        let state = self.state();
        let tokens = state.refresh_tokens.iter().filter(|token| !token.is_spent);
        tokens.map(|token| token.token.clone()).collect()
    }

    /// Scripts the next request to an endpoint beside the token endpoint: authorization, device
    /// authorization, revocation, introspection, metadata.
    pub fn enqueue_endpoint(&self, reply: Reply) {
        self.state().endpoint_replies.push_back(reply);
    }

    /// All requests to those endpoints so far, in order.
    pub fn endpoint_requests(&self) -> Vec<RecordedRequest> {
        self.state().endpoint_requests.clone()
    }
}
