//! The authorization endpoint (RFC 6749 section 4.1.1), whose user needs no page, and the codes it
//! gives out (RFC 7636).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::grant::{EndpointResponse, error_response, granted, issue_renewable, required};
use crate::record::RecordedRequest;
use crate::state::{Code, State};

pub(super) fn respond(
    state: &mut State,
    request: &RecordedRequest,
    issuer: &str,
) -> Result<EndpointResponse, EndpointResponse> {
    let client = request.query_parameter("client_id").unwrap_or_default();
    // Unknown clients are not redirected.
    if !state.clients.contains_key(&client) {
        return Err(error_response("invalid_request", "the client is not known"));
    }
    let redirect_uri = request.query_parameter("redirect_uri");
    let target = redirect_uri.clone();
    let target = target.unwrap_or_else(|| "https://registered.example/cb".to_owned());
    let mut response = vec![("iss", issuer.to_owned())];
    if let Some(sent) = request.query_parameter("state") {
        response.push(("state", sent));
    }
    let is_implicit = request.query_parameter("response_type").as_deref() == Some("token");
    match consent(state, request) {
        Err(error) => response.push(("error", error.to_owned())),
        Ok(scope) if is_implicit => {
            response.push(("access_token", state.issue(scope.as_deref())));
            response.push(("token_type", "Bearer".to_owned()));
            let life = state
                .expires_in
                .map(|life| ("expires_in", life.to_string()));
            response.extend(life);
            response.extend(scope.map(|scope| ("scope", scope)));
        }
        Ok(scope) => {
            let code = format!("code-{:032x}", fastrand::u128(..));
            state.codes.push(Code {
                text: code.clone(),
                client,
                redirect_uri,
                challenge: request.query_parameter("code_challenge"),
                scope,
            });
            response.push(("code", code));
        }
    }
    let joint = match (is_implicit, target.contains('?')) {
        (true, _) => '#',
        (false, true) => '&',
        (false, false) => '?',
    };
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(response)
        .finish();
    let location = format!("{target}{joint}{form}");
    Ok((302, vec![("location", location)], Value::Null))
}

/// The scope that the user consents to, or the error code of the denial (RFC 6749 section 4.1.2.1).
fn consent(state: &State, request: &RecordedRequest) -> Result<Option<String>, &'static str> {
    let is_plain = request.query_parameter("code_challenge").is_some()
        && request.query_parameter("code_challenge_method").as_deref() != Some("S256");
    let response_type = request.query_parameter("response_type");
    if !matches!(response_type.as_deref(), Some("code" | "token")) {
        return Err("unsupported_response_type");
    }
    if is_plain {
        return Err("invalid_request");
    }
    let scope = request.query_parameter("scope");
    let scope = granted(state, scope.as_deref()).map_err(|_| "invalid_scope")?;
    if state.user_consents {
        Ok(scope)
    } else {
        Err("access_denied")
    }
}

/// The exchange of a code, which is good for one.
pub(crate) fn redeem(
    state: &mut State,
    request: &RecordedRequest,
    client: &str,
) -> Result<EndpointResponse, EndpointResponse> {
    let sent = required(request, "code")?;
    let known = state.codes.iter().position(|known| known.text == sent);
    let known = known.ok_or_else(|| error_response("invalid_grant", "the code is not known"))?;
    let known = state.codes.remove(known);
    let verifier = request.parameter("code_verifier");
    let challenge =
        verifier.map(|verifier| URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())));
    if known.client != client {
        return Err(error_response(
            "invalid_grant",
            "the code is another client's",
        ));
    }
    if known.redirect_uri.as_deref() != request.parameter("redirect_uri") {
        return Err(error_response(
            "invalid_grant",
            "the redirect URI is another one",
        ));
    }
    if known.challenge != challenge {
        return Err(error_response("invalid_grant", "the verifier does not fit"));
    }
    Ok(issue_renewable(state, client, known.scope.as_deref()))
}
