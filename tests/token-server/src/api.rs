//! The API: any path under `/api/`, for requests that carry the right credentials.

use std::fmt::Display;

use serde_json::json;

use crate::TokenServer;
use crate::credential::{Credential, Fault, Slot};
use crate::grant::{EndpointResponse, error};
use crate::record::RecordedRequest;
use crate::state::State;

/// Alternatives, each of credentials that are needed together.
pub(crate) type Security = Vec<Vec<Credential>>;

impl TokenServer {
    /// Sets which credentials the API asks for: all of one of these alternatives. At first that is a token
    /// that this server issued, [`Credential::oauth2`].
    ///
    /// An alternative without credentials needs none, and so does an empty list.
    ///
    /// The API returns 200 to a request that carries the credentials of one alternative, and else
    ///
    /// - 401 with a `WWW-Authenticate` for each kind of credential (RFC 9110 section 15.5.2), if a credential
    ///   is missing, wrong or sent twice,
    /// - 403 and `insufficient_scope`, if only the token's scope is too narrow (RFC 6750 section 3.1),
    /// - 400, if there is more than the alternative needs: another `Authorization` header, or another
    ///   credential that the API knows. Most APIs ignore it, but an SDK should not send it.
    ///
    /// The `error_description` of the response says what is wrong, without secrets.
    ///
    /// ```
    /// use credsmith_token_server::{Credential, TokenServer};
    ///
    /// let server = TokenServer::start_blocking();
    /// server.set_security([
    ///     vec![Credential::basic("grace", "pw"), Credential::header("X-Api-Key", "Key k-1")],
    ///     vec![Credential::oauth2()],
    /// ]);
    /// ```
    pub fn set_security(
        &self,
        alternatives: impl IntoIterator<Item = impl IntoIterator<Item = Credential>>,
    ) {
        self.set_security_for("", alternatives);
    }

    /// The same for one API path and what is below it, for operations that need other credentials. `path`
    /// comes after `/api/`. The longest path counts.
    ///
    /// ```
    /// # use credsmith_token_server::{Credential, TokenServer};
    /// # let server = TokenServer::start_blocking();
    /// server.set_security([[Credential::query("api-key", "k-1")]]);
    /// server.set_security_for("health", [[]]);
    /// ```
    pub fn set_security_for(
        &self,
        path: &str,
        alternatives: impl IntoIterator<Item = impl IntoIterator<Item = Credential>>,
    ) {
        let alternatives = alternatives.into_iter();
        let mut security: Security = alternatives.map(|all| all.into_iter().collect()).collect();
        if security.is_empty() {
            security.push(Vec::new());
        }
        let path = path.trim_matches('/').to_owned();
        self.state().security.insert(path, security);
    }
}

/// The result of checking one alternative.
struct Attempt<'s> {
    faults: Vec<(&'s Credential, Fault)>,
    /// Credentials beside those of the alternative.
    superfluous: Vec<Slot>,
}

pub(crate) fn respond(state: &State, request: &RecordedRequest) -> EndpointResponse {
    let security = security_of(state, &request.path);
    let attempts = security.iter();
    let attempts: Vec<_> = attempts.map(|all| attempt(state, all, request)).collect();
    let is_fulfilled = |attempt: &Attempt<'_>| attempt.faults.is_empty();
    let is_accepted =
        |attempt: &Attempt<'_>| is_fulfilled(attempt) && attempt.superfluous.is_empty();
    if attempts.iter().any(is_accepted) {
        return (200, Vec::new(), echo(request));
    }
    // An alternative that needs nothing is fulfilled by all requests: a wrong credential is for another one.
    let mut pairs = security.iter().zip(&attempts);
    let is_too_much = pairs
        .any(|(all, attempt)| is_fulfilled(attempt) && (!all.is_empty() || security.len() == 1));
    if is_too_much {
        return (
            400,
            Vec::new(),
            error("invalid_request", &describe(&attempts)),
        );
    }
    match attempts.iter().find_map(Attempt::insufficient_scope) {
        Some(scope) => forbidden(&scope, &attempts),
        None => unauthorized(security, &attempts),
    }
}

/// The security of the longest path that this one is, or is below.
fn security_of<'s>(state: &'s State, path: &str) -> &'s Security {
    let path = path.strip_prefix("/api").unwrap_or(path).trim_matches('/');
    let is_at = |at: &str| {
        let below = path.strip_prefix(at);
        at.is_empty() || below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
    };
    let known = state.security.iter().filter(|(at, _)| is_at(at));
    let longest = known.max_by_key(|(at, _)| at.len());
    longest.map_or(&state.default_security, |(_, security)| security)
}

fn attempt<'s>(
    state: &State,
    alternative: &'s [Credential],
    request: &RecordedRequest,
) -> Attempt<'s> {
    let check = |credential: &'s Credential| {
        let fault = credential.check(state, request).err()?;
        Some((credential, fault))
    };
    // The location of a custom credential is unknown; this header is the most likely.
    let mut needed: Vec<Slot> = alternative
        .iter()
        .map(|credential| credential.slot().unwrap_or_else(Slot::authorization))
        .collect();
    let mut superfluous = Vec::new();
    let known = state.security.values().flatten().flatten();
    for slot in known
        .filter_map(Credential::slot)
        .chain([Slot::authorization()])
    {
        if !needed.contains(&slot) && !slot.values(request).is_empty() {
            superfluous.push(slot.clone());
            needed.push(slot);
        }
    }
    Attempt {
        faults: alternative.iter().filter_map(check).collect(),
        superfluous,
    }
}

impl Attempt<'_> {
    /// The scope that the token lacks, if nothing else is wrong.
    fn insufficient_scope(&self) -> Option<String> {
        match self.faults.as_slice() {
            [(credential, Fault::Scope)] => Some(credential.scopes().join(" ")),
            _ => None,
        }
    }

    fn problems(&self) -> String {
        let faults = self.faults.iter();
        let faults = faults.map(|(credential, fault)| sentence(credential, fault));
        let superfluous = self.superfluous.iter();
        let superfluous = superfluous.map(|slot| sentence(slot, "not needed"));
        faults.chain(superfluous).collect::<Vec<_>>().join(", ")
    }
}

fn sentence(what: impl Display, problem: impl Display) -> String {
    format!("{what} is {problem}")
}

fn describe(attempts: &[Attempt<'_>]) -> String {
    let all: Vec<_> = attempts.iter().map(Attempt::problems).collect();
    all.join("; or ")
}

/// RFC 6750 section 3.1.
fn forbidden(scope: &str, attempts: &[Attempt<'_>]) -> EndpointResponse {
    let challenge =
        format!("Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"{scope}\"");
    (
        403,
        vec![("www-authenticate", challenge)],
        error("insufficient_scope", &describe(attempts)),
    )
}

fn unauthorized(security: &Security, attempts: &[Attempt<'_>]) -> EndpointResponse {
    let faults = attempts.iter().flat_map(|attempt| &attempt.faults);
    let is_token_wrong = faults
        .clone()
        .any(|(credential, fault)| credential.is_bearer() && *fault == Fault::Wrong);
    let mut challenges: Vec<(&'static str, String)> = Vec::new();
    for credential in security.iter().flatten() {
        let mut challenge = credential.challenge().to_owned();
        if credential.is_bearer() && is_token_wrong {
            challenge.push_str(", error=\"invalid_token\"");
        }
        if challenges.iter().all(|(_, other)| *other != challenge) {
            challenges.push(("www-authenticate", challenge));
        }
    }
    let code = if is_token_wrong {
        "invalid_token"
    } else {
        "unauthorized"
    };
    (401, challenges, error(code, &describe(attempts)))
}

fn echo(request: &RecordedRequest) -> serde_json::Value {
    json!({
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "body": String::from_utf8_lossy(&request.body),
    })
}
