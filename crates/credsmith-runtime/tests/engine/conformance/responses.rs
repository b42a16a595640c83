//! A response of the token endpoint is a token or an error.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use credsmith_runtime::{
    ExposeSecret, ManualClock, Token, TokenError, TokenErrorKind, TokenManager,
};
use futures_util::future::join;
use http::Response;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::files::vectors;
use super::operation::{callback, for_user};
use crate::support::{Endpoint, Scripted, builder, run_until_idle, start};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResponseVector {
    #[serde(default)]
    bearer_token_types: Vec<String>,
    response: Written,
    #[serde(default)]
    delay: f64,
    token: Option<ExpectedToken>,
    refresh_in: Option<f64>,
    error: Option<ExpectedError>,
    #[serde(default)]
    hidden: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    status: u16,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    body: String,
    body_base64: Option<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct ExpectedToken {
    access_token: String,
    token_type: String,
    expires_in: Option<f64>,
    refresh_token: Option<String>,
    scope: Option<String>,
    #[serde(default)]
    extra: Map<String, Value>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct ExpectedError {
    status: u16,
    code: Option<String>,
    description: Option<String>,
    uri: Option<String>,
    transient: bool,
    retry_after: Option<f64>,
    #[serde(default)]
    invalid_client: bool,
}

#[tokio::test]
async fn responses_are_read_as_the_vectors_expect() {
    for vector in vectors::<ResponseVector>("protocol/responses") {
        vector.value.check(&vector.label).await;
    }
}

impl ResponseVector {
    /// The response is that to the exchange of an authorization code, which is sent once whatever comes.
    async fn check(&self, label: &str) {
        let clock = ManualClock::new(start());
        let endpoint = Endpoint::closed([self.scripted()]);
        let mut builder = for_user(builder(&endpoint, &clock));
        for token_type in &self.bearer_token_types {
            builder = builder.bearer_token_type(token_type);
        }
        let manager = builder.build().unwrap();
        let arrival = async {
            run_until_idle().await;
            clock.advance(Duration::from_secs_f64(self.delay));
            endpoint.open();
        };
        let (outcome, ()) = join(sign_in(&manager), arrival).await;
        assert_eq!(endpoint.count(), 1, "{label}: requests");
        match (outcome, &self.token, &self.error) {
            (Ok(token), Some(expected), None) => {
                assert_eq!(&ExpectedToken::from(&token), expected, "{label}");
                self.check_refresh_in(label, &manager, &endpoint, &clock)
                    .await;
            }
            (Err(error), None, Some(expected)) => {
                assert_eq!(&ExpectedError::from(&error), expected, "{label}: {error}");
                self.check_hidden(label, &error);
            }
            (outcome, _, _) => panic!("{label}: {outcome:?}"),
        }
    }

    fn scripted(&self) -> Scripted {
        let written = &self.response;
        let body: Bytes = match &written.body_base64 {
            Some(body) => STANDARD.decode(body).unwrap().into(),
            None => written.body.clone().into(),
        };
        let response = Response::builder().status(written.status);
        let response = written
            .headers
            .iter()
            .fold(response, |response, (name, value)| {
                response.header(name, value)
            });
        Scripted::Whole(Box::leak(Box::new(response.body(body).unwrap())))
    }

    /// A refresh runs from `refresh_in` after the request on, and not before.
    async fn check_refresh_in(
        &self,
        label: &str,
        manager: &TokenManager,
        endpoint: &Arc<Endpoint>,
        clock: &ManualClock,
    ) {
        const INSTANT: Duration = Duration::from_millis(1);
        let Some(refresh_in) = self.refresh_in else {
            return;
        };
        let left = Duration::from_secs_f64(refresh_in - self.delay);
        for (wait, requests) in [(left.saturating_sub(INSTANT), 1), (INSTANT, 2)] {
            clock.advance(wait);
            manager.token().await.unwrap();
            run_until_idle().await;
            assert_eq!(endpoint.count(), requests, "{label}: requests");
        }
    }

    fn check_hidden(&self, label: &str, error: &TokenError) {
        let mut shown = format!("{error:?}");
        let mut next: Option<&dyn Error> = Some(error);
        while let Some(error) = next {
            shown.push_str(&error.to_string());
            next = error.source();
        }
        for hidden in &self.hidden {
            assert!(!shown.contains(hidden), "{label}: {hidden} in {shown}");
        }
    }
}

async fn sign_in(manager: &TokenManager) -> Result<Token, TokenError> {
    let request = manager.start_sign_in().await.unwrap();
    let callback = callback("code-0123456789", request.state());
    manager.complete_sign_in(&request, &callback).await
}

impl From<&Token> for ExpectedToken {
    fn from(token: &Token) -> Self {
        let refresh_token = token.refresh_token();
        let life = token.expires_at();
        let life = life.map(|at| at.duration_since(start()).unwrap().as_secs_f64());
        Self {
            access_token: token.access_token().expose_secret().to_owned(),
            token_type: token.token_type().to_owned(),
            expires_in: life,
            refresh_token: refresh_token.map(|text| text.expose_secret().to_owned()),
            scope: token.scope().map(str::to_owned),
            extra: token.extra().clone(),
        }
    }
}

impl From<&TokenError> for ExpectedError {
    fn from(error: &TokenError) -> Self {
        Self {
            status: error.status().map_or(0, |status| status.as_u16()),
            code: error.error().map(str::to_owned),
            description: error.error_description().map(str::to_owned),
            uri: error.error_uri().map(str::to_owned),
            transient: error.is_transient(),
            retry_after: error.retry_after().map(|pause| pause.as_secs_f64()),
            invalid_client: error.kind() == TokenErrorKind::InvalidClient,
        }
    }
}
