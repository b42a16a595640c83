//! The client: its configuration, its builder, the client itself.

mod environment;
mod execute;
mod scheme;

use askama::Template;

use super::Plan;
use crate::error::Error;
use crate::leaf::{Code, CodeSpan, DocText, Leaf, looks_like_code};
use crate::names::Ident;

pub(super) use environment::render as environment;
use scheme::Scheme;

#[derive(Template)]
#[template(path = "rust/client/file.rs")]
struct File {
    imports: Leaf<Code>,
    config: Leaf<Code>,
    builder: Leaf<Code>,
    client: Leaf<Code>,
}

#[derive(Template)]
#[template(path = "rust/client/imports.rs")]
struct Imports {
    lines: Vec<Leaf<Code>>,
}

#[derive(Template)]
#[template(path = "rust/client/config.rs")]
struct Config<'a> {
    name: Leaf<&'a Ident>,
    client: Leaf<&'a Ident>,
    builder: Leaf<&'a Ident>,
    environment: Option<Leaf<&'a Ident>>,
    blocking: bool,
    schemes: &'a [Scheme<'a>],
}

#[derive(Template)]
#[template(path = "rust/client/builder.rs")]
struct Builder<'a> {
    name: Leaf<&'a Ident>,
    client: Leaf<&'a Ident>,
    config: Leaf<&'a Ident>,
    environment: Option<Leaf<&'a Ident>>,
    errors: Leaf<Code>,
    tokens: bool,
    schemes: &'a [Scheme<'a>],
}

#[derive(Template)]
#[template(path = "rust/client/client.rs")]
struct Client<'a> {
    sdk: Leaf<CodeSpan>,
    description: Option<Leaf<DocText>>,
    prose_like_code: bool,
    name: Leaf<&'a Ident>,
    config: Leaf<&'a Ident>,
    builder: Leaf<&'a Ident>,
    last_column: Leaf<Code>,
    errors: Leaf<Code>,
    tokens: bool,
    schemes: &'a [Scheme<'a>],
    methods: Vec<Leaf<Code>>,
}

/// Renders the client's module.
pub(super) fn render(plan: &Plan<'_>) -> Result<String, Error> {
    let sdk = &plan.sdk;
    let client_builder = &plan.client_builder();
    let schemes = scheme::all(plan)?;
    let has_environments = !plan.sdk.environments.is_empty();
    let environment = || has_environments.then_some(Leaf(&sdk.environment));
    let tokens = plan.has_tokens();
    let config = Config {
        name: Leaf(&sdk.config),
        client: Leaf(&sdk.client),
        builder: Leaf(client_builder),
        environment: environment(),
        blocking: plan.spec.sdk.rust.blocking,
        schemes: &schemes,
    };
    let builder = Builder {
        name: Leaf(client_builder),
        client: Leaf(&sdk.client),
        config: Leaf(&sdk.config),
        environment: environment(),
        errors: errors(plan),
        tokens,
        schemes: &schemes,
    };
    let client = Client {
        sdk: CodeSpan::new(plan.sdk.name),
        description: sdk.description.map(|text| DocText::new(text, "")),
        prose_like_code: sdk.description.is_some_and(looks_like_code),
        name: Leaf(&sdk.client),
        config: Leaf(&sdk.config),
        builder: Leaf(client_builder),
        last_column: Code::rendered(if all_tokens(plan) {
            "Tokens"
        } else {
            "Manager"
        }),
        errors: errors(plan),
        tokens,
        schemes: &schemes,
        methods: execute::methods(plan)?,
    };
    let file = File {
        imports: Code::block(&imports(plan).render()?),
        config: Code::block(&config.render()?),
        builder: Code::block(&builder.render()?),
        client: Code::block(&client.render()?),
    };
    Ok(file.render()?)
}

fn all_tokens(plan: &Plan<'_>) -> bool {
    plan.schemes.iter().all(|scheme| scheme.oauth2().is_some())
}

/// Why a client cannot be built, as a doc comment.
fn errors(plan: &Plan<'_>) -> Leaf<Code> {
    let only_token_urls = plan
        .schemes
        .iter()
        .all(|scheme| scheme.endpoints_type().is_none());
    Code::rendered(match (all_tokens(plan), only_token_urls) {
        (true, true) => {
            "/// When a token URL is no absolute URL, or plain `http` beyond loopback, or the default \
             transport\n    /// cannot be set up."
        }
        (true, false) => {
            "/// When an endpoint is no absolute URL, or plain `http` beyond loopback, or credentials \
             cannot be\n    /// used, or the default transport cannot be set up."
        }
        (false, _) => {
            "/// When credentials or endpoints cannot be used, or the default transport cannot be set \
             up."
        }
    })
}

fn imports(plan: &Plan<'_>) -> Imports {
    let types = plan.schemes.iter().flat_map(|scheme| {
        [&scheme.credentials, &scheme.manager]
            .into_iter()
            .chain(scheme.endpoints_type())
    });
    let mut types: Vec<_> = types.map(Ident::as_str).collect();
    if !plan.sdk.environments.is_empty() {
        types.push(plan.sdk.environment.as_str());
    }
    types.sort_unstable();
    let lines = [
        "use credsmith_runtime::bytes::Bytes;".to_owned(),
        "use credsmith_runtime::http::{Request, Response};".to_owned(),
        "use credsmith_runtime::{ConfigError, Requirement, SecurityGroup, SendError, Transport};"
            .to_owned(),
        String::new(),
        format!("use super::{{{}}};", types.join(", ")),
    ];
    Imports {
        lines: lines.into_iter().map(Code::rendered).collect(),
    }
}
