//! The custom scheme of `specs/everything.yaml`, as the author of an SDK writes it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credsmith_runtime::bytes::Bytes;
use credsmith_runtime::http::{HeaderValue, Request};
use credsmith_runtime::{BoxError, ExposeSecret as _, SignRequest};
use ring::hmac;

use crate::everything::SignatureCredentials;

/// `X-Signature: APP_ID:BASE64`, of an HMAC with SHA-256 over method, path and query, and body.
impl SignRequest for SignatureCredentials {
    fn sign(&self, request: &mut Request<Bytes>) -> Result<(), BoxError> {
        let id = self.app_id().ok_or("the app id is not set")?;
        let secret = self.app_secret().ok_or("the app secret is not set")?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret().as_bytes());
        let mut context = hmac::Context::with_key(&key);
        let target = request.uri().path_and_query();
        let target = target.map_or("/", |target| target.as_str());
        for part in [request.method().as_str(), "\n", target, "\n"] {
            context.update(part.as_bytes());
        }
        context.update(request.body());
        let signature = STANDARD.encode(context.sign());
        let mut value = HeaderValue::try_from(format!("{id}:{signature}"))?;
        value.set_sensitive(true);
        request.headers_mut().insert("x-signature", value);
        Ok(())
    }
}
