//! The shapes in which servers write errors.

use serde_json::{Map, Value, json};

use crate::grant::EndpointResponse;
use crate::serve::Endpoint;

/// The format of a server's errors; see [`TokenServer::set_error_shape`](crate::TokenServer::set_error_shape) and
/// [`Reply::error`](crate::Reply::error).
///
/// Many servers do not follow RFC 6749, and an SDK should show their code and message all the same. A
/// code or message that is empty is left out. A code that is an integer is written as a number, except in
/// the shapes [`OAuth`](Self::OAuth), [`Ok`](Self::Ok) and [`Problem`](Self::Problem), whose codes are texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorShape {
    /// `{"error":"CODE","error_description":"MESSAGE"}`, as in RFC 6749 section 5.2.
    #[default]
    OAuth,
    /// `{"errors":[{"code":"CODE","message":"MESSAGE"}]}`.
    Errors,
    /// `{"error":{"code":"CODE","message":"MESSAGE"}}`, as Google's APIs do.
    ErrorObject,
    /// `{"errorCode":"CODE","errorSummary":"MESSAGE"}`, as Okta does.
    ErrorSummary,
    /// `{"title":"CODE","status":400,"detail":"MESSAGE"}` as `application/problem+json` (RFC 9457).
    Problem,
    /// `{"code":"CODE","message":"MESSAGE"}`.
    Message,
    /// `{"errcode":40029,"errmsg":"MESSAGE"}`, as `WeChat` does, under the status 200.
    Errmsg,
    /// `{"ok":false,"error":"CODE","error_description":"MESSAGE"}`, as Slack does, under the status 200.
    Ok,
}

impl ErrorShape {
    /// The body of an error.
    pub(crate) fn body(self, status: u16, code: &str, message: &str) -> Value {
        let text = |text: &str| Some(json!(text)).filter(|_| !text.is_empty());
        let number = || code.parse::<i64>().ok().map(Value::from);
        let (code, message) = match self {
            Self::OAuth | Self::Ok | Self::Problem => (text(code), text(message)),
            _ => (number().or_else(|| text(code)), text(message)),
        };
        match self {
            Self::OAuth => object([("error", code), ("error_description", message)]),
            Self::Errors => json!({ "errors": [object([("code", code), ("message", message)])] }),
            Self::ErrorObject => json!({ "error": object([("code", code), ("message", message)]) }),
            Self::ErrorSummary => object([("errorCode", code), ("errorSummary", message)]),
            Self::Problem => {
                let status = Some(status.into());
                object([("title", code), ("status", status), ("detail", message)])
            }
            Self::Message => object([("code", code), ("message", message)]),
            Self::Errmsg => object([("errcode", code), ("errmsg", message)]),
            Self::Ok => object([
                ("ok", Some(false.into())),
                ("error", code),
                ("error_description", message),
            ]),
        }
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Problem => "application/problem+json",
            _ => "application/json",
        }
    }

    /// Writes an error response in this shape. The API keeps its status in any case.
    pub(crate) fn reshape(
        self,
        endpoint: Endpoint,
        response: EndpointResponse,
    ) -> EndpointResponse {
        let (status, mut headers, body) = response;
        let code = body["error"].as_str().filter(|code| !is_waiting(code));
        let Some(code) = code.filter(|_| status >= 400) else {
            return (status, headers, body);
        };
        let message = body["error_description"].as_str().unwrap_or_default();
        let body = self.body(status, code, message);
        headers.push(("content-type", self.content_type().to_owned()));
        let is_success = matches!(self, Self::Errmsg | Self::Ok) && endpoint != Endpoint::Api;
        (if is_success { 200 } else { status }, headers, body)
    }
}

/// Whether a code only tells the client to wait (RFC 8628 section 3.5).
fn is_waiting(code: &str) -> bool {
    matches!(code, "authorization_pending" | "slow_down")
}

/// An object of the members that are there.
fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let members = members.into_iter();
    let members = members.filter_map(|(name, value)| Some((name.to_owned(), value?)));
    members.collect::<Map<_, _>>().into()
}
