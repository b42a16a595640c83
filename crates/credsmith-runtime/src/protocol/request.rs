//! Requests to the endpoints of the authorization server: forms, or JSON if the token endpoint needs it, with the
//! client's credentials in exactly one place.

use std::time::SystemTime;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, Request, Uri};
use zeroize::Zeroizing;

use super::authentication::{ClientAuthentication, Credentials, NotSigned};
use super::body::{self, Parameter};
use crate::transport::BodyLimit;

/// The maximum size of a response of the authorization server.
pub(crate) const MAX_BODY: usize = 1 << 20;

/// Parameters that token requests set themselves, in one grant or another.
const RESERVED: [&str; 17] = [
    "grant_type",
    "scope",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "refresh_token",
    "code",
    "code_verifier",
    "redirect_uri",
    "username",
    "password",
    "device_code",
    "assertion",
    "subject_token",
    "subject_token_type",
    "requested_token_type",
];

/// Parameters that sign-in requests set themselves, including the request for a device, which has the client
/// authentication. In the address bar of a browser a secret would be exposed.
const RESERVED_FOR_AUTHORIZATION: [&str; 10] = [
    "response_type",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
];

/// Parameters that may be repeated (RFC 8707 section 2, RFC 8693 section 2.1).
const REPEATABLE: [&str; 2] = ["resource", "audience"];

/// The format of token requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenRequestFormat {
    /// `application/x-www-form-urlencoded` (RFC 6749 appendix B).
    #[default]
    Form,
    /// `application/json`, for servers that need it: a flat object (RFC 8259) with the parameters of the form as strings.
    Json,
}

impl TokenRequestFormat {
    fn media_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Form => "application/x-www-form-urlencoded",
            Self::Json => "application/json",
        })
    }

    fn body(self, parameters: &[Parameter<'_>]) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Form => body::form(parameters),
            Self::Json => body::json(parameters),
        }
    }

    /// Returns the parameters that may be repeated. The members of a JSON object may not (RFC 8259 section 4).
    fn repeatable(self) -> &'static [&'static str] {
        match self {
            Self::Form => &REPEATABLE,
            Self::Json => &[],
        }
    }
}

/// A request for one attempt.
pub(crate) struct Prepared {
    pub(crate) request: Request<Bytes>,
    /// The client assertion in the request, which no error may repeat.
    pub(crate) assertion: Option<Zeroizing<String>>,
}

/// A request before it is written: its parameters, header fields and address.
pub(crate) struct Post<'a> {
    pub(crate) endpoint: &'a Uri,
    pub(crate) format: TokenRequestFormat,
    pub(crate) authentication: ClientAuthentication,
    /// The audience of a client assertion.
    pub(crate) audience: &'a str,
    /// The parameters of this kind of request. They precede the parameters of the client authentication.
    pub(crate) parameters: &'a [(&'static str, &'a str)],
    /// Parameters that the configuration adds.
    pub(crate) extra_parameters: &'a [(String, String)],
    /// Header fields that the configuration adds.
    pub(crate) headers: Option<&'a HeaderMap>,
}

impl Post<'_> {
    /// Returns the request for one attempt at `now`.
    pub(crate) fn prepare(
        &self,
        credentials: &Credentials<'_>,
        now: SystemTime,
    ) -> Result<Prepared, NotSigned> {
        let assertion = self
            .authentication
            .assertion(credentials, self.audience, now)?;
        let signed = assertion.as_ref().map(|text| text.as_str());
        let body = self.format.body(&self.parameters(credentials, signed));
        let mut request = Request::new(Bytes::from_owner(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.endpoint.clone();
        let headers = request.headers_mut();
        if let Some(configured) = self.headers {
            headers.clone_from(configured);
        }
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_TYPE, self.format.media_type());
        if let Some(value) = self.authentication.header(credentials) {
            headers.insert(AUTHORIZATION, value);
        }
        request.extensions_mut().insert(BodyLimit(MAX_BODY));
        Ok(Prepared { request, assertion })
    }

    /// Returns all parameters in order. Empty ones are left out.
    fn parameters<'p>(
        &'p self,
        credentials: &'p Credentials<'_>,
        assertion: Option<&'p str>,
    ) -> Vec<Parameter<'p>> {
        let parameters = self.parameters.iter().copied();
        let extra_parameters = self
            .extra_parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        parameters
            .chain(self.authentication.parameters(credentials))
            .chain(assertion.map(|assertion| ("client_assertion", assertion)))
            .chain(extra_parameters)
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }
}

/// Returns a request for a document of the authorization server.
pub(crate) fn get(address: &Uri) -> Request<Bytes> {
    let mut request = Request::new(Bytes::new());
    *request.uri_mut() = address.clone();
    let json = HeaderValue::from_static("application/json");
    request.headers_mut().insert(ACCEPT, json);
    request.extensions_mut().insert(BodyLimit(MAX_BODY));
    request
}

/// Checks the extra parameters. RFC 6749 section 3.2 allows none of them twice. The error is a text about the
/// problem.
pub(crate) fn check_parameters(
    parameters: &[(String, String)],
    format: TokenRequestFormat,
) -> Result<(), String> {
    check(parameters, &RESERVED, format.repeatable())
}

/// The same for sign-in requests (RFC 6749 section 3.1).
pub(crate) fn check_authorization_parameters(
    parameters: &[(String, String)],
) -> Result<(), String> {
    check(parameters, &RESERVED_FOR_AUTHORIZATION, &REPEATABLE)
}

fn check(
    parameters: &[(String, String)],
    reserved: &[&str],
    repeatable: &[&str],
) -> Result<(), String> {
    for (index, (name, _)) in parameters.iter().enumerate() {
        if name.is_empty() {
            return Err("a request parameter has no name".to_owned());
        }
        if reserved.contains(&name.as_str()) {
            return Err(format!("the request sets the parameter `{name}` itself"));
        }
        let earlier = parameters[..index].iter().any(|(other, _)| other == name);
        if earlier && !repeatable.contains(&name.as_str()) {
            let elsewhere = REPEATABLE.contains(&name.as_str());
            let why = if elsewhere {
                ", which is not possible in JSON"
            } else {
                ""
            };
            return Err(format!("the parameter `{name}` is given twice{why}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::TokenRequestFormat::{Form, Json};
    use super::*;

    fn prepared(
        authentication: ClientAuthentication,
        format: TokenRequestFormat,
    ) -> Request<Bytes> {
        let secret = SecretString::from("s&t");
        let credentials = Credentials {
            client_id: "id",
            client_secret: Some(&secret),
            #[cfg(feature = "jwt")]
            signing_key: None,
        };
        let post = Post {
            endpoint: &"https://a.example/token?tenant=1".parse().unwrap(),
            format,
            authentication,
            audience: "https://a.example/token",
            parameters: &[("grant_type", "client_credentials"), ("scope", "one two")],
            extra_parameters: &[
                ("audience".into(), "ä".into()),
                ("empty".into(), String::new()),
            ],
            headers: None,
        };
        let prepared = post.prepare(&credentials, SystemTime::UNIX_EPOCH);
        prepared.unwrap().request
    }

    /// Returns the body, after checking the headers of its format.
    fn body(authentication: ClientAuthentication, format: TokenRequestFormat) -> String {
        let request = prepared(authentication, format);
        assert_eq!(request.uri(), "https://a.example/token?tenant=1");
        assert_eq!(request.headers()[ACCEPT], "application/json");
        let media_type = match format {
            Form => "application/x-www-form-urlencoded",
            Json => "application/json",
        };
        assert_eq!(request.headers()[CONTENT_TYPE], media_type);
        String::from_utf8(request.into_body().to_vec()).unwrap()
    }

    #[test]
    fn the_form_leaves_empty_parameters_out() {
        let basic = "grant_type=client_credentials&scope=one+two&audience=%C3%A4";
        assert_eq!(body(ClientAuthentication::ClientSecretBasic, Form), basic);
        assert_eq!(
            body(ClientAuthentication::ClientSecretPost, Form),
            "grant_type=client_credentials&scope=one+two&client_id=id&client_secret=s%26t&audience=%C3%A4"
        );
    }

    #[test]
    fn json_has_the_parameters_of_the_form() {
        for (way, client) in [
            (ClientAuthentication::ClientSecretBasic, ""),
            (
                ClientAuthentication::ClientSecretPost,
                r#""client_id":"id","client_secret":"s&t","#,
            ),
            (ClientAuthentication::None, r#""client_id":"id","#),
        ] {
            let wanted = format!(
                r#"{{"grant_type":"client_credentials","scope":"one two",{client}"audience":"ä"}}"#
            );
            assert_eq!(body(way, Json), wanted);
            let headers = |format| prepared(way, format).headers().get(AUTHORIZATION).cloned();
            assert_eq!(headers(Json), headers(Form), "{way:?}");
        }
    }

    #[cfg(feature = "jwt")]
    #[test]
    fn an_assertion_goes_with_its_type_and_without_the_secret() {
        let form = body(ClientAuthentication::ClientSecretJwt, Form);
        let wanted = "&client_id=id&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=eyJ";
        assert!(form.contains(wanted), "{form}");
        assert!(!form.contains("client_secret"), "{form}");
        let json = body(ClientAuthentication::ClientSecretJwt, Json);
        let wanted = r#","client_id":"id","client_assertion_type":"urn:ietf:params:oauth:client-assertion-type:jwt-bearer","client_assertion":"eyJ"#;
        assert!(json.contains(wanted), "{json}");
        assert!(!json.contains("client_secret"), "{json}");
    }

    #[test]
    fn only_resource_and_audience_may_repeat() {
        let named = |names: &[&str]| -> Vec<_> {
            let pair = |name: &&str| ((*name).to_owned(), "v".to_owned());
            names.iter().map(pair).collect()
        };
        let check = |names: &[&str]| check_parameters(&named(names), Form);
        assert!(check(&["resource", "resource", "audience", "audience", "other"]).is_ok());
        for wrong in [
            &["other", "other"][..],
            &["scope"],
            &["client_secret"],
            &["code_verifier"],
            &[""],
        ] {
            assert!(check(wrong).is_err(), "{wrong:?}");
        }
        assert!(check_authorization_parameters(&named(&["access_type", "prompt"])).is_ok());
        for wrong in [
            "state",
            "code_challenge",
            "scope",
            "client_secret",
            "client_assertion",
        ] {
            assert!(
                check_authorization_parameters(&named(&[wrong])).is_err(),
                "{wrong}"
            );
        }
    }

    #[test]
    fn nothing_repeats_in_json() {
        let pair = |name: &str| (name.to_owned(), "v".to_owned());
        let check = |names: [&str; 2]| check_parameters(&names.map(pair), Json);
        assert!(check(["resource", "audience"]).is_ok());
        assert_eq!(
            check(["resource", "resource"]).unwrap_err(),
            "the parameter `resource` is given twice, which is not possible in JSON"
        );
        assert_eq!(
            check(["other", "other"]).unwrap_err(),
            "the parameter `other` is given twice"
        );
    }
}
