//! Endpoints beside the token endpoint: authorization, devices, revocation, introspection, metadata.

pub(crate) mod authorize;
pub(crate) mod device;
mod introspect;
mod revoke;
mod users;

use serde_json::json;

use crate::grant::Answer;
use crate::record::RecordedRequest;
use crate::state::State;

pub(crate) const METADATA: &str = "/.well-known/oauth-authorization-server";

/// Whether a path is one of the endpoints here.
pub(crate) fn is_endpoint(path: &str) -> bool {
    matches!(
        path,
        "/authorize" | "/device_authorization" | "/revoke" | "/introspect" | METADATA
    )
}

pub(crate) fn answer(state: &mut State, request: &RecordedRequest, issuer: &str) -> Answer {
    let answer = match request.path.as_str() {
        "/authorize" => authorize::answer(state, request, issuer),
        "/device_authorization" => device::answer(state, request, issuer),
        "/revoke" => revoke::answer(state, request),
        "/introspect" => introspect::answer(state, request, issuer),
        _ => Ok(metadata(issuer)),
    };
    answer.unwrap_or_else(|refusal| refusal)
}

/// RFC 8414 section 2.
fn metadata(issuer: &str) -> Answer {
    let body = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "device_authorization_endpoint": format!("{issuer}/device_authorization"),
        "revocation_endpoint": format!("{issuer}/revoke"),
        "introspection_endpoint": format!("{issuer}/introspect"),
        "response_types_supported": ["code", "token"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    });
    (200, Vec::new(), body)
}
