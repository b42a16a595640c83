//! Introspection (RFC 7662) of access tokens: whether the API would take one now, and what is known of it.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use crate::client;
use crate::grant::{EndpointResponse, check_form, required};
use crate::record::RecordedRequest;
use crate::state::{Issued, State};

pub(super) fn respond(
    state: &mut State,
    request: &RecordedRequest,
    issuer: &str,
) -> Result<EndpointResponse, EndpointResponse> {
    check_form(request)?;
    client::authenticated(state, request)?;
    let token = required(request, "token")?;
    let issued = state.issued.iter().find(|issued| issued.token == token);
    let said = match issued.filter(|_| state.is_valid(token)) {
        Some(issued) => members(issued, issuer),
        None => json!({ "active": false }),
    };
    Ok((200, Vec::new(), said))
}

fn members(issued: &Issued, issuer: &str) -> Value {
    let mut members = Map::new();
    members.insert("active".to_owned(), true.into());
    members.insert("token_type".to_owned(), "Bearer".into());
    members.insert("iss".to_owned(), issuer.into());
    if let Some(scope) = &issued.scope {
        members.insert("scope".to_owned(), scope.as_str().into());
    }
    if let Some(expires_at) = issued.expires_at {
        members.insert("exp".to_owned(), epoch_seconds(expires_at).into());
    }
    members.into()
}

fn epoch_seconds(moment: Instant) -> u64 {
    let left = moment.saturating_duration_since(Instant::now());
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    (since_epoch.unwrap_or_default() + left).as_secs()
}
