//! Endpoints beside the token endpoint: authorization, devices, revocation, introspection, metadata.

pub(crate) mod authorize;
pub(crate) mod device;
mod introspect;
mod revoke;
mod users;

use serde_json::json;

use crate::grant::EndpointResponse;
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

pub(crate) fn respond(
    state: &mut State,
    request: &RecordedRequest,
    issuer: &str,
) -> EndpointResponse {
    let response = match request.path.as_str() {
        "/authorize" => authorize::respond(state, request, issuer),
        "/device_authorization" => device::respond(state, request, issuer),
        "/revoke" => revoke::respond(state, request),
        "/introspect" => introspect::respond(state, request, issuer),
        _ => Ok(metadata(issuer)),
    };
    response.unwrap_or_else(|error| error)
}

/// RFC 8414 section 2.
fn metadata(issuer: &str) -> EndpointResponse {
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
