//! The token endpoint: the client credentials grant of RFC 6749, strictly.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::record::RecordedRequest;
use crate::state::{Client, State};

/// An answer: status, headers, JSON.
pub(crate) type Answer = (u16, Vec<(&'static str, &'static str)>, Value);

/// Who the client says it is.
struct Claim {
    id: String,
    secret: Option<String>,
    is_basic: bool,
}

pub(crate) fn answer(state: &mut State, request: &RecordedRequest) -> Answer {
    grant(state, request).unwrap_or_else(|refusal| refusal)
}

fn grant(state: &mut State, request: &RecordedRequest) -> Result<Answer, Answer> {
    if request.method != "POST" {
        return Err((
            405,
            vec![("allow", "POST")],
            json!({ "error": "invalid_request" }),
        ));
    }
    if !request.is_form() {
        return Err(refuse("invalid_request", "the body is not form-encoded"));
    }
    if let Some(name) = request.repeated_parameter() {
        return Err(refuse(
            "invalid_request",
            &format!("the parameter {name} occurs twice"),
        ));
    }
    let claim = claim(request, state.decodes_basic)?;
    if !is_known(state, &claim) {
        return Err(unknown_client(&claim));
    }
    match request.parameter("grant_type") {
        Some("client_credentials") => {}
        Some(_) => {
            return Err(refuse(
                "unsupported_grant_type",
                "only client_credentials is served",
            ));
        }
        None => return Err(refuse("invalid_request", "there is no grant_type")),
    }
    let scope = request.parameter("scope");
    if let Some(unknown) = unknown_scope(state, scope.unwrap_or_default()) {
        return Err(refuse(
            "invalid_scope",
            &format!("the scope {unknown} is not known"),
        ));
    }
    Ok(issue(state, scope))
}

fn issue(state: &mut State, scope: Option<&str>) -> Answer {
    let mut body = json!({ "access_token": state.issue(), "token_type": "Bearer" });
    if let Some(expires_in) = state.expires_in {
        body["expires_in"] = expires_in.into();
    }
    if let Some(scope) = scope {
        body["scope"] = scope.into();
    }
    (200, vec![("cache-control", "no-store")], body)
}

/// Client authentication, by exactly one way (RFC 6749 section 2.3).
fn claim(request: &RecordedRequest, decodes: bool) -> Result<Claim, Answer> {
    let id = request.parameter("client_id").map(str::to_owned);
    let secret = request.parameter("client_secret").map(str::to_owned);
    match (request.header("authorization"), id) {
        (Some(_), _) if secret.is_some() => Err(refuse(
            "invalid_request",
            "the client authenticates in two ways",
        )),
        (Some(header), id) => {
            let claim = basic(header, decodes)
                .ok_or_else(|| refuse("invalid_request", "the Basic header is malformed"))?;
            match id {
                Some(id) if id != claim.id => {
                    Err(refuse("invalid_request", "the client gives two ids"))
                }
                _ => Ok(claim),
            }
        }
        (None, Some(id)) => Ok(Claim {
            id,
            secret,
            is_basic: false,
        }),
        (None, None) => Err((
            401,
            challenge(),
            error("invalid_client", "the client does not authenticate"),
        )),
    }
}

fn basic(header: &str, decodes: bool) -> Option<Claim> {
    let (scheme, line) = header.split_once(' ')?;
    let pair = String::from_utf8(STANDARD.decode(line.trim()).ok()?).ok()?;
    let (id, secret) = pair
        .split_once(':')
        .filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let read = |part: &str| {
        if decodes {
            decoded(part)
        } else {
            Some(part.to_owned())
        }
    };
    Some(Claim {
        id: read(id)?,
        secret: Some(read(secret)?),
        is_basic: true,
    })
}

/// Decodes one form-encoded part; text that no encoder would produce is refused.
fn decoded(part: &str) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"*-._+%~".contains(&byte);
    if !part.bytes().all(is_plain) {
        return None;
    }
    let name = form_urlencoded::parse(part.as_bytes())
        .next()
        .map(|(name, _)| name.into_owned());
    Some(name.unwrap_or_default())
}

fn is_known(state: &State, claim: &Claim) -> bool {
    match state.clients.get(&claim.id) {
        Some(Client {
            secret: Some(secret),
        }) => claim.secret.as_ref() == Some(secret),
        Some(Client { secret: None }) => claim.secret.is_none(),
        None => false,
    }
}

fn unknown_scope(state: &State, scope: &str) -> Option<String> {
    let known = state.scopes.as_ref()?;
    scope
        .split_ascii_whitespace()
        .find(|value| !known.contains(*value))
        .map(str::to_owned)
}

fn unknown_client(claim: &Claim) -> Answer {
    let headers = if claim.is_basic {
        challenge()
    } else {
        Vec::new()
    };
    (
        401,
        headers,
        error("invalid_client", "Client authentication failed"),
    )
}

fn challenge() -> Vec<(&'static str, &'static str)> {
    vec![("www-authenticate", "Basic realm=\"token\"")]
}

fn refuse(code: &str, description: &str) -> Answer {
    (
        400,
        vec![("cache-control", "no-store")],
        error(code, description),
    )
}

fn error(code: &str, description: &str) -> Value {
    json!({ "error": code, "error_description": description })
}
