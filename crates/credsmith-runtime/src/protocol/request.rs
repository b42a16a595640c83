//! The token request of the client credentials grant (RFC 6749 section 4.4.2).

use std::borrow::Cow;
use std::time::SystemTime;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Uri};
use zeroize::Zeroizing;

use super::authentication::{ClientAuthentication, Credentials, NotSigned};
use super::url;
use crate::transport::BodyLimit;

/// No token response is larger.
pub(crate) const MAX_BODY: usize = 1 << 20;

/// Parameters that the request sets itself.
const RESERVED: [&str; 8] = [
    "grant_type",
    "scope",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "refresh_token",
    "code",
];

/// Parameters that may be given more than once (RFC 8707 section 2, RFC 8693 section 2.1).
const REPEATABLE: [&str; 2] = ["resource", "audience"];

/// What every token request of a manager says, apart from the credentials.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) token_url: Uri,
    pub(crate) authentication: ClientAuthentication,
    pub(crate) scope: String,
    pub(crate) parameters: Vec<(String, String)>,
    /// Whom an assertion is for, where that is not the token URL without its query.
    pub(crate) assertion_audience: Option<String>,
}

/// A request for one attempt.
pub(crate) struct Prepared {
    pub(crate) request: Request<Bytes>,
    /// The assertion in it, which no message may repeat.
    pub(crate) assertion: Option<Zeroizing<String>>,
}

impl Grant {
    /// The request, with `credentials` in exactly one place, for one attempt at `now`.
    pub(crate) fn request(
        &self,
        credentials: &Credentials<'_>,
        now: SystemTime,
    ) -> Result<Prepared, NotSigned> {
        let audience = self.assertion_audience.as_deref();
        let audience = audience.map_or_else(|| url::shown(&self.token_url).into(), Cow::Borrowed);
        let assertion = self.authentication.assertion(credentials, &audience, now)?;
        let form = self.form(credentials, assertion.as_ref().map(|text| text.as_str()));
        let mut request = Request::new(Bytes::from_owner(form));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.token_url.clone();
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        if let Some(value) = self.authentication.header(credentials) {
            headers.insert(AUTHORIZATION, value);
        }
        request.extensions_mut().insert(BodyLimit(MAX_BODY));
        Ok(Prepared { request, assertion })
    }

    fn form(&self, credentials: &Credentials<'_>, assertion: Option<&str>) -> Zeroizing<Vec<u8>> {
        let own = [
            ("grant_type", "client_credentials"),
            ("scope", self.scope.as_str()),
        ];
        let more = self
            .parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let mut form = Zeroizing::new(Vec::with_capacity(4_096));
        for (name, value) in own
            .into_iter()
            .chain(self.authentication.parameters(credentials))
            .chain(assertion.map(|assertion| ("client_assertion", assertion)))
            .chain(more)
        {
            if !value.is_empty() {
                append(&mut form, name, value);
            }
        }
        form
    }
}

fn append(form: &mut Vec<u8>, name: &str, value: &str) {
    if !form.is_empty() {
        form.push(b'&');
    }
    for part in form_urlencoded::byte_serialize(name.as_bytes()) {
        form.extend_from_slice(part.as_bytes());
    }
    form.push(b'=');
    for part in form_urlencoded::byte_serialize(value.as_bytes()) {
        form.extend_from_slice(part.as_bytes());
    }
}

/// Says what is wrong with the extra parameters: RFC 6749 section 3.2 allows none of them twice.
pub(crate) fn check_parameters(parameters: &[(String, String)]) -> Result<(), String> {
    for (index, (name, _)) in parameters.iter().enumerate() {
        if name.is_empty() {
            return Err("a request parameter has no name".to_owned());
        }
        if RESERVED.contains(&name.as_str()) {
            return Err(format!("the request sets the parameter `{name}` itself"));
        }
        let earlier = parameters[..index].iter().any(|(other, _)| other == name);
        if earlier && !REPEATABLE.contains(&name.as_str()) {
            return Err(format!("the parameter `{name}` is given twice"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    fn grant(authentication: ClientAuthentication) -> Grant {
        Grant {
            token_url: "https://a.example/token?tenant=1".parse().unwrap(),
            authentication,
            scope: "one two".to_owned(),
            parameters: vec![
                ("audience".into(), "ä".into()),
                ("empty".into(), String::new()),
            ],
            assertion_audience: None,
        }
    }

    fn body(authentication: ClientAuthentication) -> String {
        let secret = SecretString::from("s&t");
        let credentials = Credentials {
            client_id: "id",
            client_secret: Some(&secret),
            #[cfg(feature = "jwt")]
            signing_key: None,
        };
        let prepared = grant(authentication).request(&credentials, SystemTime::UNIX_EPOCH);
        let request = prepared.unwrap().request;
        assert_eq!(request.uri(), "https://a.example/token?tenant=1");
        assert_eq!(request.headers()[ACCEPT], "application/json");
        String::from_utf8(request.into_body().to_vec()).unwrap()
    }

    #[test]
    fn the_form_leaves_empty_parameters_out() {
        let basic = "grant_type=client_credentials&scope=one+two&audience=%C3%A4";
        assert_eq!(body(ClientAuthentication::ClientSecretBasic), basic);
        assert_eq!(
            body(ClientAuthentication::ClientSecretPost),
            "grant_type=client_credentials&scope=one+two&client_id=id&client_secret=s%26t&audience=%C3%A4"
        );
    }

    #[cfg(feature = "jwt")]
    #[test]
    fn an_assertion_goes_with_its_type_and_without_the_secret() {
        let form = body(ClientAuthentication::ClientSecretJwt);
        let wanted = "&client_id=id&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=eyJ";
        assert!(form.contains(wanted), "{form}");
        assert!(!form.contains("client_secret"), "{form}");
    }

    #[test]
    fn only_resource_and_audience_may_repeat() {
        let check = |names: &[&str]| {
            check_parameters(
                &names
                    .iter()
                    .map(|name| ((*name).to_owned(), "v".to_owned()))
                    .collect::<Vec<_>>(),
            )
        };
        assert!(check(&["resource", "resource", "audience", "audience", "other"]).is_ok());
        for wrong in [
            &["other", "other"][..],
            &["scope"],
            &["client_secret"],
            &[""],
        ] {
            assert!(check(wrong).is_err(), "{wrong:?}");
        }
    }
}
