//! The token endpoint: one function per grant, strictly by its RFC.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::client;
use crate::record::{RecordedRequest, members};
use crate::sign_in::{authorize, device};
use crate::state::State;

/// A response: status, headers, JSON.
pub(crate) type EndpointResponse = (u16, Vec<(&'static str, String)>, Value);

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

pub(crate) fn respond(
    state: &mut State,
    request: &RecordedRequest,
    issuer: &str,
) -> EndpointResponse {
    grant(state, request, issuer).unwrap_or_else(|error| error)
}

fn grant(
    state: &mut State,
    request: &RecordedRequest,
    issuer: &str,
) -> Result<EndpointResponse, EndpointResponse> {
    check_token_request(state, request)?;
    let grant_type = request.parameter("grant_type");
    // An assertion or a subject token may come from an unknown client.
    let is_anonymous = matches!(grant_type, Some(JWT_BEARER | TOKEN_EXCHANGE))
        && request.parameter("client_id").is_none()
        && request.header("authorization").is_none();
    let client = if is_anonymous {
        String::new()
    } else {
        client::authenticated(state, request)?
    };
    match grant_type {
        Some("client_credentials") => client_credentials(state, request),
        Some("password") => password(state, request, &client),
        Some("refresh_token") => refresh(state, request, &client),
        Some("authorization_code") => authorize::redeem(state, request, &client),
        Some(DEVICE_CODE) => device::poll(state, request, &client),
        Some(JWT_BEARER) => assertion(state, request, issuer),
        Some(TOKEN_EXCHANGE) => exchange(state, request),
        Some(_) => Err(error_response(
            "unsupported_grant_type",
            "this grant is not served",
        )),
        None => Err(error_response("invalid_request", "there is no grant_type")),
    }
}

/// A form, or JSON if this server requires it.
fn check_token_request(state: &State, request: &RecordedRequest) -> Result<(), EndpointResponse> {
    if !state.takes_json {
        return check_form(request);
    }
    check_post(request)?;
    if request.is_json() && members(&request.body).is_some() {
        return Ok(());
    }
    let problem = "the body is not a JSON object of strings";
    Err(error_response("invalid_request", problem))
}

/// Checks that every POST to an endpoint has to pass.
pub(crate) fn check_form(request: &RecordedRequest) -> Result<(), EndpointResponse> {
    check_post(request)?;
    if !request.is_form() {
        return Err(error_response(
            "invalid_request",
            "the body is not form-encoded",
        ));
    }
    match request.repeated_parameter() {
        Some(name) => Err(error_response(
            "invalid_request",
            &format!("the parameter {name} occurs twice"),
        )),
        None => Ok(()),
    }
}

fn check_post(request: &RecordedRequest) -> Result<(), EndpointResponse> {
    if request.method == "POST" {
        return Ok(());
    }
    let body = json!({ "error": "invalid_request" });
    Err((405, vec![("allow", "POST".to_owned())], body))
}

fn client_credentials(
    state: &mut State,
    request: &RecordedRequest,
) -> Result<EndpointResponse, EndpointResponse> {
    let scope = scope(state, request)?;
    Ok(issue(state, scope.as_deref()))
}

/// RFC 6749 section 4.3.
fn password(
    state: &mut State,
    request: &RecordedRequest,
    client: &str,
) -> Result<EndpointResponse, EndpointResponse> {
    let scope = scope(state, request)?;
    let name = required(request, "username")?;
    let password = required(request, "password")?;
    if state.users.get(name).is_none_or(|known| known != password) {
        return Err(error_response(
            "invalid_grant",
            "no such user, or another password",
        ));
    }
    Ok(issue_renewable(state, client, scope.as_deref()))
}

/// RFC 6749 section 6, with rotation. A refresh token that comes again has been stolen, by whoever:
/// its whole family ends (RFC 9700 section 4.14.2).
fn refresh(
    state: &mut State,
    request: &RecordedRequest,
    client: &str,
) -> Result<EndpointResponse, EndpointResponse> {
    let token = required(request, "refresh_token")?;
    let unknown = || error_response("invalid_grant", "the refresh token is not known");
    let known = state.refresh_tokens.iter_mut();
    let mut known = known.filter(|known| known.token == token && known.client == client);
    let known = known.next().ok_or_else(unknown)?;
    let (family, scope) = (known.family, known.scope.clone());
    if known.is_spent {
        state.end_family(family);
        return Err(error_response(
            "invalid_grant",
            "the refresh token was used before",
        ));
    }
    let narrowed = refreshed(state, request.parameter("scope"), scope.as_deref())?;
    let mut response = issue(state, narrowed.as_deref());
    state.bind_to_family(family);
    if state.rotates {
        state.mark_used(token);
        let next = state.issue_refresh_token(client, scope.as_deref(), Some(family));
        response.2["refresh_token"] = next.into();
    }
    Ok(response)
}

/// RFC 7523 section 2.1. Signatures are not looked at: whose key would it be?
fn assertion(
    state: &mut State,
    request: &RecordedRequest,
    issuer: &str,
) -> Result<EndpointResponse, EndpointResponse> {
    let assertion = required(request, "assertion")?;
    let claims = claims(assertion)
        .ok_or_else(|| error_response("invalid_grant", "the assertion is no JSON Web Token"))?;
    let text = |name: &str| claims[name].as_str().unwrap_or_default().to_owned();
    if !state.assertion_issuers.contains(&text("iss")) {
        return Err(error_response("invalid_grant", "the issuer is not known"));
    }
    let audiences = match &state.assertion_audience {
        Some(audience) => vec![audience.clone()],
        None => vec![issuer.to_owned(), format!("{issuer}/token")],
    };
    if !audiences.contains(&text("aud")) {
        return Err(error_response(
            "invalid_grant",
            "the assertion is for somebody else",
        ));
    }
    if !state.assertion_ids.insert(text("jti")) {
        return Err(error_response(
            "invalid_grant",
            "the assertion was used before",
        ));
    }
    let claimed = claims["scope"].as_str();
    let scope = granted(state, claimed.or(request.parameter("scope")))?;
    Ok(issue(state, scope.as_deref()))
}

pub(crate) fn claims(assertion: &str) -> Option<Value> {
    let parts: Vec<&str> = assertion.split('.').collect();
    let [_, claims, signature] = parts[..] else {
        return None;
    };
    let claims = URL_SAFE_NO_PAD.decode(claims).ok()?;
    (!signature.is_empty()).then(|| serde_json::from_slice(&claims).ok())?
}

/// RFC 8693 section 2.
fn exchange(
    state: &mut State,
    request: &RecordedRequest,
) -> Result<EndpointResponse, EndpointResponse> {
    let scope = scope(state, request)?;
    let subject = required(request, "subject_token")?;
    required(request, "subject_token_type")?;
    if !state.subject_tokens.contains(subject) {
        return Err(error_response(
            "invalid_request",
            "the subject token is not known",
        ));
    }
    let mut response = issue(state, scope.as_deref());
    response.2["issued_token_type"] = "urn:ietf:params:oauth:token-type:access_token".into();
    Ok(response)
}

/// An access token, and a refresh token to renew it with.
pub(crate) fn issue_renewable(
    state: &mut State,
    client: &str,
    scope: Option<&str>,
) -> EndpointResponse {
    let mut response = issue(state, scope);
    let refresh_token = state.issue_refresh_token(client, scope, None);
    response.2["refresh_token"] = refresh_token.into();
    response
}

fn issue(state: &mut State, scope: Option<&str>) -> EndpointResponse {
    let mut body = json!({ "access_token": state.issue(scope), "token_type": "Bearer" });
    if let Some(expires_in) = state.expires_in {
        body["expires_in"] = expires_in.into();
    }
    if let Some(scope) = scope {
        body["scope"] = scope.into();
    }
    (200, no_store(), body)
}

/// The scope that a token request is granted.
pub(crate) fn scope(
    state: &State,
    request: &RecordedRequest,
) -> Result<Option<String>, EndpointResponse> {
    granted(state, request.parameter("scope"))
}

/// The part of a scope that the server grants, or all that it grants if the client names none
/// (RFC 6749 section 3.3). Some servers separate scopes by commas.
pub(crate) fn granted(
    state: &State,
    asked: Option<&str>,
) -> Result<Option<String>, EndpointResponse> {
    let asked = asked.filter(|asked| !asked.is_empty());
    let Some(known) = &state.scopes else {
        return Ok(asked.map(str::to_owned));
    };
    let granted: Vec<&str> = match asked {
        Some(asked) => scopes(asked)
            .filter(|&scope| known.contains(scope))
            .collect(),
        None => known.iter().map(String::as_str).collect(),
    };
    if granted.is_empty() {
        let problem = "none of the requested scopes is granted";
        return Err(error_response("invalid_scope", problem));
    }
    let is_by_commas = asked.is_some_and(|asked| asked.contains(','));
    Ok(Some(granted.join(if is_by_commas { "," } else { " " })))
}

/// The scope of a refreshed token: no more than the user allowed (RFC 6749 section 6).
fn refreshed(
    state: &State,
    asked: Option<&str>,
    consented: Option<&str>,
) -> Result<Option<String>, EndpointResponse> {
    let asked = asked.filter(|asked| !asked.is_empty());
    if let (Some(asked), Some(consented)) = (asked, consented) {
        let is_more = |scope| scopes(consented).all(|other| other != scope);
        if scopes(asked).any(is_more) {
            let problem = "the scope exceeds that of the refresh token";
            return Err(error_response("invalid_scope", problem));
        }
    }
    granted(state, asked.or(consented))
}

/// The single scopes of a list.
pub(crate) fn scopes(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', ',']).filter(|scope| !scope.is_empty())
}

pub(crate) fn required<'r>(
    request: &'r RecordedRequest,
    name: &str,
) -> Result<&'r str, EndpointResponse> {
    let value = request.parameter(name);
    value.ok_or_else(|| error_response("invalid_request", &format!("there is no {name}")))
}

pub(crate) fn error_response(code: &str, description: &str) -> EndpointResponse {
    (400, no_store(), error(code, description))
}

fn no_store() -> Vec<(&'static str, String)> {
    vec![("cache-control", "no-store".to_owned())]
}

pub(crate) fn error(code: &str, description: &str) -> Value {
    json!({ "error": code, "error_description": description })
}
