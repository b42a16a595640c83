//! yup-oauth2: the flow of external accounts, which exchanges a token from a file at an endpoint
//! that can be set. Its storage in memory is the same for all flows.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use http::HeaderValue;
use yup_oauth2::ExternalAccountAuthenticator;
use yup_oauth2::authenticator::DefaultAuthenticator;
use yup_oauth2::external_account::{CredentialSource, ExternalAccountSecret};

use super::{Subject, Window, bearer};
use crate::endpoint::Endpoint;

#[derive(Clone)]
pub(crate) struct Yup {
    authenticator: DefaultAuthenticator,
}

impl Subject for Yup {
    const NAME: &'static str = "yup-oauth2, with header";
    const PACKAGE: &'static str = "yup-oauth2";
    // A token counts as expired one minute before it is.
    const WINDOW: Window = Window::new(50, 100);
    type State = ();
    type Value = HeaderValue;
    type Error = anyhow::Error;

    async fn build(endpoint: &Endpoint) -> Result<Self> {
        let secret = ExternalAccountSecret {
            audience: "audience".to_owned(),
            subject_token_type: "urn:ietf:params:oauth:token-type:jwt".to_owned(),
            service_account_impersonation_url: None,
            token_url: endpoint.token_url(),
            credential_source: CredentialSource::File {
                file: subject_token_file()?.display().to_string(),
            },
            key_type: "external_account".to_owned(),
        };
        let authenticator = ExternalAccountAuthenticator::builder(secret)
            .build()
            .await?;
        Ok(Self { authenticator })
    }

    fn state(&self) -> Result<()> {
        Ok(())
    }

    async fn header(&self, (): &mut ()) -> Result<HeaderValue> {
        let token = self.authenticator.token(&["scope"]).await?;
        bearer(token.token().context("the token is empty")?)
    }
}

/// The file with the token that is exchanged.
fn subject_token_file() -> Result<PathBuf> {
    let path = std::env::temp_dir().join("credsmith-bench-subject-token");
    std::fs::write(&path, "subject").with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}
