//! Client authentication, by exactly one way (RFC 6749 section 2.3).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;

use crate::grant::{EndpointResponse, claims, error, error_response};
use crate::record::RecordedRequest;
use crate::state::{Client, State};

/// The client's identification in a request.
struct Claim {
    id: String,
    secret: Option<String>,
    is_basic: bool,
}

/// The client of a request, once it has proved who it is.
pub(crate) fn authenticated(
    state: &State,
    request: &RecordedRequest,
) -> Result<String, EndpointResponse> {
    if let Some(assertion) = request.parameter("client_assertion") {
        let issuer = format!("http://{}", request.header("host").unwrap_or_default());
        return signed(state, assertion, &issuer).ok_or_else(|| {
            (
                401,
                Vec::new(),
                error(
                    "invalid_client",
                    "the client assertion does not prove anything",
                ),
            )
        });
    }
    let claim = claim(request, state.decodes_basic)?;
    if is_known(state, &claim) {
        Ok(claim.id)
    } else {
        Err(unknown_client(&claim))
    }
}

/// The client of a `client_secret_jwt` or `private_key_jwt` (RFC 7523 section 2.2): signed with its secret or
/// its key, for this server.
fn signed(state: &State, assertion: &str, issuer: &str) -> Option<String> {
    let (text, signature) = assertion.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let claims = claims(assertion)?;
    let id = claims["iss"].as_str().filter(|id| claims["sub"] == **id)?;
    let algorithm = algorithm(text)?;
    let is_signed = match state.clients.get(id)? {
        Client { key: Some(key), .. } => key.verifies(&algorithm, text.as_bytes(), &signature),
        Client {
            secret: Some(secret),
            ..
        } => algorithm == "HS256" && is_hs256(secret, text, &signature),
        _ => false,
    };
    let audience = claims["aud"].as_str()?;
    let is_for_here = [issuer.to_owned(), format!("{issuer}/token")].contains(&audience.to_owned());
    (is_signed && is_for_here).then(|| id.to_owned())
}

/// The member `alg` of a token's header (RFC 7515 section 4.1.1).
fn algorithm(token: &str) -> Option<String> {
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next()?).ok()?;
    let header: Value = serde_json::from_slice(&header).ok()?;
    header["alg"].as_str().map(str::to_owned)
}

fn is_hs256(secret: &str, text: &str, signature: &[u8]) -> bool {
    let code = Hmac::<Sha256>::new_from_slice(secret.as_bytes());
    code.is_ok_and(|mut code| {
        code.update(text.as_bytes());
        code.verify_slice(signature).is_ok()
    })
}

fn claim(request: &RecordedRequest, decodes: bool) -> Result<Claim, EndpointResponse> {
    let id = request.parameter("client_id").map(str::to_owned);
    let secret = request.parameter("client_secret").map(str::to_owned);
    match (request.header("authorization"), id) {
        (Some(_), _) if secret.is_some() => Err(error_response(
            "invalid_request",
            "the client authenticates in two ways",
        )),
        (Some(header), id) => {
            let claim = basic(header, decodes).ok_or_else(|| {
                error_response("invalid_request", "the Basic header is malformed")
            })?;
            match id {
                Some(id) if id != claim.id => Err(error_response(
                    "invalid_request",
                    "the client gives two ids",
                )),
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

/// Decodes one form-encoded part; text that no encoder would produce is an error.
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
        // Its id alone proves nothing.
        None | Some(Client { key: Some(_), .. }) => false,
        Some(client) => claim.secret == client.secret,
    }
}

fn unknown_client(claim: &Claim) -> EndpointResponse {
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
