//! `credsmith token`: gets a real token, and says what came back.

mod describe;
mod loopback;
mod prepare;
mod sign_in;

use std::io::IsTerminal as _;
use std::time::Duration;

use anyhow::{Context as _, Result};
use credsmith_runtime::blocking::block_on;
use credsmith_runtime::{ExposeSecret as _, Token, TokenManagerBuilder};
use credsmith_spec::model::Grant;

use self::prepare::Prepared;

use crate::args;
use crate::{Outcome, terminal};

pub(crate) fn run(args: &args::Token) -> Result<Outcome> {
    if args.raw && std::io::stdout().is_terminal() {
        return Ok(wrong(
            "--raw prints a secret, and stdout is a terminal: pipe it elsewhere",
        ));
    }
    let checked = credsmith_codegen::check(&args.spec);
    let variables = credsmith_codegen::variables(&checked);
    if terminal::problems(std::slice::from_ref(&checked)) {
        return Ok(Outcome::Wrong);
    }
    let Some(spec) = &checked.spec else {
        return Ok(Outcome::Wrong);
    };
    let prepared = match prepare::prepare(args, spec, &variables) {
        Ok(prepared) => prepared,
        Err(message) => return Ok(wrong(&message)),
    };
    let token = match obtain(args, prepared)? {
        Ok(token) => token,
        Err(message) => return Ok(wrong(&message)),
    };
    if args.raw {
        terminal::data(token.access_token().expose_secret())?;
    } else {
        terminal::data(&describe::token(&token))?;
    }
    Ok(Outcome::Done)
}

fn wrong(message: &str) -> Outcome {
    terminal::error(message);
    Outcome::Wrong
}

/// The token; inside, what is wrong with the call; outside, what went wrong on the way.
fn obtain(args: &args::Token, prepared: Prepared<'_>) -> Result<Result<Token, String>> {
    let build = |builder: TokenManagerBuilder| builder.build().map_err(|error| error.to_string());
    let limit = Duration::from_secs(args.timeout.into());
    if prepared.oauth2.grant == Grant::AuthorizationCode {
        let redirect_uri = args
            .redirect_uri
            .as_ref()
            .or(prepared.redirect_uri.as_ref());
        let redirect_uri = redirect_uri.map(String::as_str);
        return sign_in::in_browser(redirect_uri, limit, prepared.builder, build);
    }
    let manager = match build(prepared.builder) {
        Ok(manager) => manager,
        Err(message) => return Ok(Err(message)),
    };
    if prepared.oauth2.grant == Grant::DeviceCode {
        return sign_in::on_another_device(&manager, limit).map(Ok);
    }
    match manager.token_url() {
        "" => terminal::say("asking the server for its token endpoint"),
        url => terminal::say(&format!("asking {url}")),
    }
    block_on(manager.fetch_token()).context("no token").map(Ok)
}
