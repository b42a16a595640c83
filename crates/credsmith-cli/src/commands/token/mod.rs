//! `credsmith token`: fetches a real token, and says what came back.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::{Context as _, Result};
use credsmith_codegen::Variables;
use credsmith_runtime::blocking::block_on;
use credsmith_runtime::env::Variables as Environment;
use credsmith_runtime::{
    ClientAuthentication, ExposeSecret as _, Token, TokenManager, TokenManagerBuilder,
    UreqTransport,
};
use credsmith_spec::closest;
use credsmith_spec::model::{self, OAuth2, SchemeKind, Spec, TokenUrls};

use crate::args;
use crate::{Outcome, terminal};

pub(crate) fn run(args: &args::Token) -> Result<Outcome> {
    if args.raw && std::io::stdout().is_terminal() {
        terminal::error("--raw prints a secret, and stdout is a terminal: pipe it elsewhere");
        return Ok(Outcome::Wrong);
    }
    let checked = credsmith_codegen::check(&args.spec);
    let variables = credsmith_codegen::variables(&checked);
    if terminal::problems(std::slice::from_ref(&checked)) {
        return Ok(Outcome::Wrong);
    }
    let Some(spec) = &checked.spec else {
        return Ok(Outcome::Wrong);
    };
    let builder = match prepare(args, spec, &variables) {
        Ok(builder) => builder,
        Err(message) => {
            terminal::error(&message);
            return Ok(Outcome::Wrong);
        }
    };
    let manager = match builder.build() {
        Ok(manager) => manager,
        Err(error) => {
            terminal::error(&error.to_string());
            return Ok(Outcome::Wrong);
        }
    };
    terminal::say(&format!("asking {}", manager.token_url()));
    let token = block_on(manager.fetch_token()).context("no token")?;
    if args.raw {
        terminal::data(token.access_token().expose_secret())?;
    } else {
        terminal::data(&described(&token))?;
    }
    Ok(Outcome::Done)
}

/// The manager of the scheme, with credentials from the environment; or what is wrong with the call.
fn prepare(
    args: &args::Token,
    spec: &Spec,
    variables: &[Variables],
) -> Result<TokenManagerBuilder, String> {
    let names = || spec.schemes.iter().map(|scheme| scheme.name.as_str());
    let found = names().position(|name| name == args.scheme);
    let at = found.ok_or_else(|| unknown("scheme", &args.scheme, names()))?;
    let SchemeKind::OAuth2(oauth2) = &spec.schemes[at].kind;
    let url = match &args.token_url {
        Some(url) => url.clone(),
        None => token_url(args, spec, oauth2)?,
    };
    let builder = TokenManager::builder(leaked(&args.scheme))
        .token_url(url)
        .allow_insecure_http(oauth2.token_endpoint.allow_insecure)
        .client_authentication(authentication(oauth2))
        .transport(Arc::new(UreqTransport::new()));
    let parameters = oauth2.parameters.iter();
    let builder = parameters.fold(builder, |builder, (name, value)| {
        builder.parameter(name, value)
    });
    with_credentials(builder, oauth2, &variables[at]).map_err(|error| error.to_string())
}

fn with_credentials(
    builder: TokenManagerBuilder,
    oauth2: &OAuth2,
    variables: &Variables,
) -> Result<TokenManagerBuilder, credsmith_runtime::env::EnvError> {
    let mut environment = Environment::process();
    let mut builder = builder.client_id(environment.required(leaked(&variables.client_id)));
    if let Some(name) = &variables.client_secret {
        builder = builder.client_secret(environment.required_secret(leaked(name)));
    }
    let chosen = variables
        .scopes
        .as_deref()
        .and_then(|name| environment.optional(leaked(name)));
    environment.finish()?;
    Ok(builder.scope(scope(oauth2, chosen.as_deref())))
}

/// The scopes from the environment, or else the spec's default ones, as they go over the wire.
fn scope(oauth2: &OAuth2, chosen: Option<&str>) -> String {
    let Some(scopes) = &oauth2.scopes else {
        return String::new();
    };
    let default = || {
        scopes
            .default
            .iter()
            .map(|index| scopes.values[*index].value.as_str())
    };
    let values: Vec<_> = match chosen {
        Some(chosen) => chosen.split_whitespace().collect(),
        None => default().collect(),
    };
    values.join(&scopes.separator)
}

fn token_url(args: &args::Token, spec: &Spec, oauth2: &OAuth2) -> Result<String, String> {
    let names = || {
        spec.sdk
            .environments
            .iter()
            .map(|environment| environment.name.as_str())
    };
    let at = match &args.environment {
        None => 0,
        Some(name) => names()
            .position(|known| known == name)
            .ok_or_else(|| unknown("environment", name, names()))?,
    };
    Ok(match &oauth2.token_endpoint.urls {
        TokenUrls::Everywhere(url) => url.clone(),
        TokenUrls::PerEnvironment(urls) => urls[at].clone(),
    })
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let meant = closest(name, known.clone()).map(|meant| format!("; did you mean `{meant}`?"));
    let all = || format!("; it has: {}", known.collect::<Vec<_>>().join(", "));
    format!(
        "the spec has no {what} `{name}`{}",
        meant.unwrap_or_else(all)
    )
}

fn authentication(oauth2: &OAuth2) -> ClientAuthentication {
    match (oauth2.client_authentication, oauth2.basic_encoding) {
        (model::ClientAuthentication::ClientSecretBasic, model::BasicEncoding::Form) => {
            ClientAuthentication::ClientSecretBasic
        }
        (model::ClientAuthentication::ClientSecretBasic, model::BasicEncoding::Raw) => {
            ClientAuthentication::ClientSecretBasicRaw
        }
        (model::ClientAuthentication::ClientSecretPost, _) => {
            ClientAuthentication::ClientSecretPost
        }
        (model::ClientAuthentication::None, _) => ClientAuthentication::None,
    }
}

/// The engine takes names that live as long as the process; this one ends with the command.
fn leaked(name: &str) -> &'static str {
    Box::leak(name.to_owned().into_boxed_str())
}

/// What came back, with the token masked.
fn described(token: &Token) -> String {
    let remaining = token
        .expires_at()
        .map(|at| at.duration_since(SystemTime::now()));
    let expires = match remaining {
        None => "not told".to_owned(),
        Some(Ok(left)) => format!("in {} s", left.as_secs()),
        Some(Err(_)) => "has expired already".to_owned(),
    };
    let scopes: Vec<_> = token.scopes().collect();
    let scopes = if scopes.is_empty() {
        "as requested".to_owned()
    } else {
        scopes.join(" ")
    };
    let mut lines = vec![
        format!("type     {}", token.token_type()),
        format!("expires  {expires}"),
        format!("scopes   {scopes}"),
        format!("token    {}", masked(token.access_token().expose_secret())),
    ];
    let extra: Vec<_> = token.extra().keys().map(String::as_str).collect();
    if !extra.is_empty() {
        lines.push(format!("also     {}", extra.join(", ")));
    }
    let clean = |line: String| line.replace(char::is_control, "?");
    lines.into_iter().map(clean).collect::<Vec<_>>().join("\n")
}

/// Enough to tell one token from another, of those that are long enough to spare it.
fn masked(token: &str) -> String {
    let length = token.chars().count();
    let shown: String = if length >= 24 {
        token.chars().take(4).collect()
    } else {
        String::new()
    };
    format!("{shown}… ({length} characters; --raw prints it to a pipe)")
}
