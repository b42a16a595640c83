//! Client authentication, by exactly one way (RFC 6749 section 2.3).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::grant::{Answer, error, refuse};
use crate::record::RecordedRequest;
use crate::state::{Client, State};

/// Who the client says it is.
struct Claim {
    id: String,
    secret: Option<String>,
    is_basic: bool,
}

/// The client of a request, once it has proved who it is.
pub(crate) fn authenticated(state: &State, request: &RecordedRequest) -> Result<String, Answer> {
    let claim = claim(request, state.decodes_basic)?;
    if is_known(state, &claim) {
        Ok(claim.id)
    } else {
        Err(unknown_client(&claim))
    }
}

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

fn challenge() -> Vec<(&'static str, String)> {
    vec![("www-authenticate", "Basic realm=\"token\"".to_owned())]
}
