//! The API: any path under `/api/`, for whoever brings a valid token (RFC 6750).

use serde_json::json;

use crate::grant::Answer;
use crate::record::RecordedRequest;
use crate::state::State;

pub(crate) fn answer(state: &State, request: &RecordedRequest) -> Answer {
    match request.bearer_token() {
        Some(token) if state.is_valid(token) => (200, Vec::new(), echo(request)),
        Some(_) => (
            401,
            vec![(
                "www-authenticate",
                "Bearer error=\"invalid_token\"".to_owned(),
            )],
            json!({ "error": "invalid_token" }),
        ),
        None => (
            401,
            vec![("www-authenticate", "Bearer".to_owned())],
            json!({ "error": "unauthorized" }),
        ),
    }
}

fn echo(request: &RecordedRequest) -> serde_json::Value {
    json!({
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "body": String::from_utf8_lossy(&request.body),
    })
}
