//! Device authorization (RFC 8628).

use std::time::{Duration, Instant};

use serde_json::json;

use crate::client;
use crate::grant::{
    EndpointResponse, check_form, error_response, issue_renewable, required, scope,
};
use crate::record::RecordedRequest;
use crate::state::{Device, State};

pub(super) fn respond(
    state: &mut State,
    request: &RecordedRequest,
    issuer: &str,
) -> Result<EndpointResponse, EndpointResponse> {
    check_form(request)?;
    let client = client::authenticated(state, request)?;
    let scope = scope(state, request)?;
    let user_code = format!("CODE-{}", state.devices.len() + 1);
    let device_code = format!("device-{:032x}", fastrand::u128(..));
    let body = json!({
        "device_code": device_code,
        "user_code": user_code,
        "verification_uri": format!("{issuer}/device"),
        "verification_uri_complete": format!("{issuer}/device?user_code={user_code}"),
        "expires_in": 600,
        "interval": state.device_interval,
    });
    state.devices.push(Device {
        secret: device_code,
        user_code,
        client,
        scope,
        consents: None,
        last_poll: None,
    });
    Ok((200, Vec::new(), body))
}

/// One poll at the token endpoint.
pub(crate) fn poll(
    state: &mut State,
    request: &RecordedRequest,
    client: &str,
) -> Result<EndpointResponse, EndpointResponse> {
    let sent = required(request, "device_code")?;
    let interval = Duration::from_secs(state.device_interval);
    let mut devices = state.devices.iter_mut();
    let device = devices.find(|device| device.secret == sent && device.client == client);
    let device =
        device.ok_or_else(|| error_response("invalid_grant", "the device code is not known"))?;
    let last = device.last_poll.replace(Instant::now());
    if last.is_some_and(|last| last.elapsed() < interval) {
        return Err(error_response("slow_down", "too many polls"));
    }
    match device.consents {
        None => Err(error_response(
            "authorization_pending",
            "the user has not decided",
        )),
        Some(false) => Err(error_response("access_denied", "the user said no")),
        Some(true) => {
            let scope = device.scope.clone();
            state.devices.retain(|device| device.secret != sent);
            Ok(issue_renewable(state, client, scope.as_deref()))
        }
    }
}
