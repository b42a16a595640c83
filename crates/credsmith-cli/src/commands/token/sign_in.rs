//! The grants in which a user takes part: with a browser, or with another device.

use std::io::{self, BufRead as _};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use credsmith_runtime::blocking::block_on;
use credsmith_runtime::{
    DeviceSignIn, SignInRequest, Token, TokenErrorKind, TokenManager, TokenManagerBuilder,
};

use super::loopback::Loopback;
use crate::terminal;

/// The authorization code grant: the URL is shown, and the browser comes back to a port of this
/// machine (RFC 8252). Where the redirect URI is another one, the user pastes where the browser went.
pub(super) fn in_browser(
    redirect_uri: Option<&str>,
    limit: Duration,
    builder: TokenManagerBuilder,
    build: impl Fn(TokenManagerBuilder) -> Result<TokenManager, String>,
) -> Result<Result<Token, String>> {
    let elsewhere = redirect_uri.filter(|uri| !is_loopback(uri));
    let place = match elsewhere {
        Some(uri) => Ok(Place::Elsewhere(uri)),
        None => Loopback::listen(redirect_uri).map(Place::Here),
    };
    let place = match place {
        Ok(place) => place,
        Err(message) => return Ok(Err(message)),
    };
    let manager = match build(builder.redirect_uri(place.redirect_uri())) {
        Ok(manager) => manager,
        Err(message) => return Ok(Err(message)),
    };
    let request = block_on(manager.start_sign_in()).context("no authorization request")?;
    terminal::say("open this URL in a browser, and sign in:");
    terminal::say(request.url());
    let token = match &place {
        Place::Here(loopback) => arriving(&manager, &request, loopback, limit),
        Place::Elsewhere(_) => pasted(&manager, &request, limit),
    };
    token.map(Ok)
}

/// Where the browser comes back to.
enum Place<'a> {
    Here(Loopback),
    Elsewhere(&'a str),
}

impl Place<'_> {
    fn redirect_uri(&self) -> &str {
        match self {
            Self::Here(loopback) => loopback.redirect_uri(),
            Self::Elsewhere(uri) => uri,
        }
    }
}

fn is_loopback(uri: &str) -> bool {
    ["http://127.0.0.1", "http://localhost", "http://[::1]"]
        .iter()
        .any(|start| {
            uri.strip_prefix(start)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
        })
}

/// Takes the first answer that belongs to the request: any page may send the browser here.
fn arriving(
    manager: &TokenManager,
    request: &SignInRequest,
    loopback: &Loopback,
    limit: Duration,
) -> Result<Token> {
    terminal::say(&format!("waiting at {}", loopback.redirect_uri()));
    let deadline = Instant::now() + limit;
    while let Some(arrival) = loopback.next(deadline) {
        let completed = manager.complete_sign_in(request, arrival.callback_url());
        match block_on(completed) {
            Err(error) if error.kind() == TokenErrorKind::StateMismatch => {
                terminal::say("an answer to another request was ignored");
                arrival.show("This answer belongs to another request, and was ignored.");
            }
            Err(error) => {
                arrival.show(&format!("The sign-in has failed: {error}."));
                return Err(error).context("no token");
            }
            Ok(token) => {
                arrival.show("You are signed in.");
                return Ok(token);
            }
        }
    }
    bail!(
        "no browser came back in {} s; --timeout waits longer",
        limit.as_secs()
    )
}

fn pasted(manager: &TokenManager, request: &SignInRequest, limit: Duration) -> Result<Token> {
    terminal::say("then paste the whole URL that the browser was sent to:");
    let (sender, lines) = channel();
    // Nothing interrupts a read of stdin: the thread ends with the process, which ends soon after the limit.
    thread::spawn(move || {
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line);
        // This fails if nobody waits any more.
        let _ = sender.send(read.map(|_| line));
    });
    let line = match lines.recv_timeout(limit) {
        Ok(line) => line.context("cannot read the URL from stdin")?,
        Err(RecvTimeoutError::Timeout) => bail!(
            "no URL was pasted in {} s; --timeout waits longer",
            limit.as_secs()
        ),
        Err(RecvTimeoutError::Disconnected) => bail!("reading stdin broke off"),
    };
    block_on(manager.complete_sign_in(request, line.trim())).context("no token")
}

/// The device authorization grant: the code is shown, and the server asked until it was entered.
pub(super) fn on_another_device(manager: &TokenManager, limit: Duration) -> Result<Token> {
    let codes = block_on(manager.start_device_sign_in()).context("no device code")?;
    let page = terminal::clean(codes.verification_uri());
    terminal::say(&format!("open {page} on any device"));
    terminal::say(&format!("enter {}", terminal::clean(codes.user_code())));
    if let Some(uri) = codes.verification_uri_complete() {
        terminal::say(&format!("or open {}", terminal::clean(uri)));
    }
    polled(manager.clone(), codes, limit)
}

/// Asks the server until it has decided, the codes have expired, or `limit` is over.
fn polled(manager: TokenManager, codes: DeviceSignIn, limit: Duration) -> Result<Token> {
    let (sender, outcomes) = channel();
    // The thread ends with the process, which ends soon after the limit.
    thread::spawn(move || {
        let outcome = block_on(manager.complete_device_sign_in(&codes));
        // Nobody waits any more where this fails.
        let _ = sender.send(outcome);
    });
    match outcomes.recv_timeout(limit) {
        Ok(outcome) => outcome.context("no token"),
        Err(RecvTimeoutError::Timeout) => bail!(
            "nobody entered the code in {} s; --timeout waits longer",
            limit.as_secs()
        ),
        Err(RecvTimeoutError::Disconnected) => bail!("asking the server broke off"),
    }
}
