//! The authorization request (RFC 6749 sections 4.1.1 and 4.2.1): a URL for the user's browser, and the values that its
//! response is checked against.

mod parameter;

use std::borrow::Cow;
use std::fmt;

use http::Uri;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use self::parameter::ParameterError;
use super::callback::{Callback, CallbackError};
use super::pkce::{self, NoRandomness};
use crate::protocol::url;
use crate::text::MASK;

/// A user's sign-in with a browser, from the URL for the browser to the callback.
///
/// It can be serialized, so that a web application can store it in the user's session. It contains the code verifier
/// (RFC 7636), so store it where the browser cannot read it. It is valid for one callback. `Debug` shows the URL
/// without its query.
///
/// ```
/// # fn sign_in(request: &credsmith_runtime::SignInRequest) -> Result<(), Box<dyn std::error::Error>> {
/// use credsmith_runtime::SignInRequest;
///
/// println!("open {}", request.url());
/// let session = serde_json::to_string(request)?;
/// let restored: SignInRequest = serde_json::from_str(&session)?;
/// assert_eq!(restored.state(), request.state());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SignInRequest {
    url: String,
    state: SecretString,
    verifier: Option<SecretString>,
    redirect_uri: String,
    issuer: Option<String>,
    issuer_is_required: bool,
    is_implicit: bool,
}

/// The parts of an authorization request.
pub(crate) struct Draft<'a> {
    pub(crate) endpoint: &'a Uri,
    pub(crate) client_id: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) scope: &'a str,
    pub(crate) extra_parameters: &'a [(String, String)],
    pub(crate) is_implicit: bool,
    pub(crate) pkce: bool,
    pub(crate) issuer: Option<&'a str>,
    /// Whether the server's metadata announce that each response names the issuer.
    pub(crate) issuer_is_required: bool,
}

impl Draft<'_> {
    /// Makes a request with a new `state` and a new verifier.
    pub(crate) fn finish(&self) -> Result<SignInRequest, NoRandomness> {
        let state = pkce::random_text()?;
        let verifier = (self.pkce && !self.is_implicit).then(pkce::random_text);
        let verifier = verifier.transpose()?;
        Ok(SignInRequest {
            url: self.url(&state, verifier.as_ref()),
            state,
            verifier,
            redirect_uri: self.redirect_uri.to_owned(),
            issuer: self.issuer.map(str::to_owned),
            issuer_is_required: self.issuer_is_required,
            is_implicit: self.is_implicit,
        })
    }

    /// Returns the URL. The query of the endpoint is kept (RFC 6749 section 3.1).
    fn url(&self, state: &SecretString, verifier: Option<&SecretString>) -> String {
        let challenge = verifier.map(|verifier| pkce::challenge(verifier.expose_secret()));
        let method = challenge.as_ref().map(|_| "S256");
        let parameters = [
            (
                "response_type",
                if self.is_implicit { "token" } else { "code" },
            ),
            ("client_id", self.client_id),
            ("redirect_uri", self.redirect_uri),
            ("scope", self.scope),
            ("state", state.expose_secret()),
            ("code_challenge", challenge.as_deref().unwrap_or_default()),
            ("code_challenge_method", method.unwrap_or_default()),
        ];
        let extra_parameters = self
            .extra_parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in parameters.into_iter().chain(extra_parameters) {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let endpoint = self.endpoint.to_string();
        let separator = match self.endpoint.query() {
            None => "?",
            Some("") => "",
            Some(_) => "&",
        };
        format!("{endpoint}{separator}{}", query.finish())
    }
}

impl SignInRequest {
    /// Returns the URL to send the user's browser to.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the `state` of this request. A web application can use it as the key for the stored request.
    pub fn state(&self) -> &str {
        self.state.expose_secret()
    }

    /// Returns the redirect URI. It is empty if the registered one is used.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Returns the authorization code of a callback, after checking its `state` and its `iss` (RFC 9207).
    /// `callback_url` is the whole URL, or its path and query.
    ///
    /// # Errors
    ///
    /// Returns an error if the callback belongs to another request or comes from another server, if it has no code,
    /// or if it reports an error of the server.
    pub fn code(&self, callback_url: &str) -> Result<SecretString, CallbackError> {
        let callback = self.checked(Callback::query(callback_url))?;
        let code = callback.get("code");
        Ok(code
            .ok_or_else(|| CallbackError::missing("code"))?
            .to_owned()
            .into())
    }

    /// Returns the response of the implicit grant, after the same checks.
    pub(crate) fn fragment(&self, callback_url: &str) -> Result<Callback, CallbackError> {
        self.checked(Callback::fragment(callback_url))
    }

    fn checked(&self, callback: Callback) -> Result<Callback, CallbackError> {
        let issuer = self.issuer.as_deref();
        callback.check(self.state(), issuer, self.issuer_is_required)?;
        Ok(callback)
    }

    pub(crate) fn verifier(&self) -> Option<&SecretString> {
        self.verifier.as_ref()
    }

    pub(crate) fn is_implicit(&self) -> bool {
        self.is_implicit
    }

    /// Returns the issuer of the server that the browser was sent to, if it is known.
    pub(crate) fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    pub(crate) fn has_client_id(&self, client_id: &str) -> bool {
        let mut pairs = self.parameters();
        pairs.any(|(name, value)| name == "client_id" && value == client_id)
    }

    /// Returns whether the browser was sent to this URL.
    pub(crate) fn goes_to(&self, endpoint: &Uri) -> bool {
        let rest = self.url.strip_prefix(&endpoint.to_string());
        rest.is_some_and(|rest| endpoint.query() == Some("") || rest.starts_with(['?', '&']))
    }
}

impl fmt::Debug for SignInRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.url.parse().map(|uri| url::shown(&uri));
        f.debug_struct("SignInRequest")
            .field("url", &shown.unwrap_or_default())
            .field("state", &MASK)
            .field("redirect_uri", &self.redirect_uri)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// The serialized form.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    url: Cow<'a, str>,
    state: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code_verifier: Option<Cow<'a, str>>,
    #[serde(default)]
    redirect_uri: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    issuer: Option<Cow<'a, str>>,
    #[serde(default)]
    issuer_is_required: bool,
    #[serde(default)]
    implicit: bool,
}

impl Serialize for SignInRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Stored {
            url: self.url.as_str().into(),
            state: self.state().into(),
            code_verifier: self.verifier().map(|text| text.expose_secret().into()),
            redirect_uri: self.redirect_uri.as_str().into(),
            issuer: self.issuer.as_deref().map(Into::into),
            issuer_is_required: self.issuer_is_required,
            implicit: self.is_implicit,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SignInRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        if stored.state.is_empty() {
            return Err(serde::de::Error::custom("`state` is empty"));
        }
        Ok(Self {
            url: stored.url.into_owned(),
            state: stored.state.into_owned().into(),
            verifier: stored.code_verifier.map(|text| text.into_owned().into()),
            redirect_uri: stored.redirect_uri.into_owned(),
            issuer: stored.issuer.map(Cow::into_owned),
            issuer_is_required: stored.issuer_is_required,
            is_implicit: stored.implicit,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn draft<'a>(
        endpoint: &'a Uri,
        extra_parameters: &'a [(String, String)],
    ) -> Draft<'a> {
        Draft {
            endpoint,
            client_id: "the id",
            redirect_uri: "https://app.example/cb?x=1",
            scope: "a b",
            extra_parameters,
            is_implicit: false,
            pkce: true,
            issuer: None,
            issuer_is_required: false,
        }
    }

    #[test]
    fn the_url_keeps_the_query_of_the_endpoint() {
        let extra_parameters = [("access_type".to_owned(), "offline".to_owned())];
        let endpoint = "https://a.example/authorize?tenant=1".parse().unwrap();
        let request = draft(&endpoint, &extra_parameters).finish().unwrap();
        let challenge = pkce::challenge(request.verifier().unwrap().expose_secret());
        assert_eq!(
            request.url(),
            format!(
                "https://a.example/authorize?tenant=1&response_type=code&client_id=the+id\
                 &redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fx%3D1&scope=a+b&state={}\
                 &code_challenge={challenge}&code_challenge_method=S256&access_type=offline",
                request.state()
            )
        );
    }

    #[test]
    fn the_implicit_grant_has_no_verifier() {
        let endpoint = "https://a.example/authorize".parse().unwrap();
        let draft = Draft {
            is_implicit: true,
            ..draft(&endpoint, &[])
        };
        let url = draft.finish().unwrap().url;
        assert!(
            url.starts_with("https://a.example/authorize?response_type=token&"),
            "{url}"
        );
        assert!(!url.contains("code_challenge"), "{url}");
    }

    #[test]
    fn a_session_keeps_all_of_it_and_debug_shows_little() {
        let endpoint = "https://a.example/authorize".parse().unwrap();
        let request = draft(&endpoint, &[]).finish().unwrap();
        let text = serde_json::to_string(&request).unwrap();
        let back: SignInRequest = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&back).unwrap(), text);
        let callback = format!("/cb?state={}&code=c", request.state());
        assert_eq!(back.code(&callback).unwrap().expose_secret(), "c");
        let shown = format!("{request:?}");
        let verifier = request.verifier().unwrap().expose_secret();
        assert!(
            !shown.contains(request.state()) && !shown.contains(verifier),
            "{shown}"
        );
    }
}
