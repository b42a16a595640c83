//! Requests as they arrived.

use hyper::http::request::Parts;
use serde_json::{Map, Value};

/// One request, as it came over the wire.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query, undecoded.
    pub query: Option<String>,
    /// The headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The parameters in the body, decoded: those of a form, or the members of a JSON object of strings.
    pub parameters: Vec<(String, String)>,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

impl RecordedRequest {
    pub(crate) fn new(parts: &Parts, body: &[u8]) -> Self {
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let headers = parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value.as_bytes())));
        let mut request = Self {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            headers: headers.collect(),
            parameters: Vec::new(),
            body: body.to_vec(),
        };
        if request.is_form() {
            request.parameters = form_urlencoded::parse(body).into_owned().collect();
        } else if request.is_json() {
            request.parameters = members(body).unwrap_or_default();
        }
        request
    }

    /// The first header of this name, in whatever case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, |other| other.eq_ignore_ascii_case(name))
    }

    pub(crate) fn headers_of(&self, name: &str) -> impl Iterator<Item = &str> {
        let headers = self.headers.iter();
        let headers = headers.filter(move |(other, _)| other.eq_ignore_ascii_case(name));
        headers.map(|(_, value)| value.as_str())
    }

    /// The first parameter of this name in the body.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        find(&self.parameters, |other| other == name)
    }

    /// The first parameter of this name in the query, decoded.
    pub fn query_parameter(&self, name: &str) -> Option<String> {
        self.query_parameters_of(name).next()
    }

    pub(crate) fn query_parameters_of(&self, name: &str) -> impl Iterator<Item = String> {
        let query = self.query.as_deref().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        let pairs = pairs.filter(move |(other, _)| other == name);
        pairs.map(|(_, value)| value.into_owned())
    }

    /// The token of a `Bearer` header.
    pub fn bearer_token(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token)
    }

    pub(crate) fn is_form(&self) -> bool {
        self.is_of("application/x-www-form-urlencoded")
    }

    pub(crate) fn is_json(&self) -> bool {
        self.is_of("application/json")
    }

    fn is_of(&self, wanted: &str) -> bool {
        let media_type = self
            .header("content-type")
            .and_then(|value| value.split(';').next());
        media_type.is_some_and(|value| value.trim().eq_ignore_ascii_case(wanted))
    }

    pub(crate) fn repeated_parameter(&self) -> Option<&str> {
        let is_single = |name: &str| !matches!(name, "resource" | "audience");
        let names = || {
            self.parameters
                .iter()
                .map(|(name, _)| name.as_str())
                .filter(|name| is_single(name))
        };
        names().find(|name| names().filter(|other| other == name).count() > 1)
    }
}

/// The members of a JSON object, if all of them are strings; of repeated ones, the last.
pub(crate) fn members(body: &[u8]) -> Option<Vec<(String, String)>> {
    let members: Map<String, Value> = serde_json::from_slice(body).ok()?;
    let members = members.into_iter();
    members
        .map(|(name, value)| Some((name, value.as_str()?.to_owned())))
        .collect()
}

fn find(pairs: &[(String, String)], is_name: impl Fn(&str) -> bool) -> Option<&str> {
    pairs
        .iter()
        .find(|(name, _)| is_name(name))
        .map(|(_, value)| value.as_str())
}
