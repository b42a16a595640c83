//! Revocation (RFC 7009): of an access token, or of a refresh token with all that descends from the
//! same consent.

use serde_json::Value;

use crate::client;
use crate::grant::{EndpointResponse, check_form, required};
use crate::record::RecordedRequest;
use crate::state::State;

pub(super) fn respond(
    state: &mut State,
    request: &RecordedRequest,
) -> Result<EndpointResponse, EndpointResponse> {
    check_form(request)?;
    let client = client::authenticated(state, request)?;
    let token = required(request, "token")?;
    let refresh_tokens = state.refresh_tokens.iter();
    let mut family = refresh_tokens
        .filter(|known| known.token == token && known.client == client)
        .map(|known| known.family);
    if let Some(family) = family.next() {
        state.end_family(family);
    }
    for issued in &mut state.issued {
        issued.revoked |= issued.token == token;
    }
    Ok((200, Vec::new(), Value::Null))
}
