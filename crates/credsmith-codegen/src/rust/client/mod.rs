//! The client: its configuration, its builder, the client itself.

mod environment;
mod execute;
mod scheme;

use askama::Template;
use credsmith_spec::model::Spec;

use super::plan::{SchemePlan, any_oauth2};
use crate::error::Error;
use crate::leaf::{Code, CodeSpan, DocText, Leaf, looks_like_code};
use crate::naming::{Ident, Names};

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
pub(super) fn render(
    spec: &Spec,
    names: &Names,
    plans: &[SchemePlan<'_>],
) -> Result<String, Error> {
    let sdk = &names.sdk;
    let schemes = scheme::all(plans)?;
    let has_environments = !spec.sdk.environments.is_empty();
    let environment = || has_environments.then_some(Leaf(&sdk.environment));
    let tokens = any_oauth2(plans, |_| true);
    let config = Config {
        name: Leaf(&sdk.config),
        client: Leaf(&sdk.client),
        builder: Leaf(&sdk.client_builder),
        environment: environment(),
        blocking: spec.sdk.rust.blocking,
        schemes: &schemes,
    };
    let builder = Builder {
        name: Leaf(&sdk.client_builder),
        client: Leaf(&sdk.client),
        config: Leaf(&sdk.config),
        environment: environment(),
        errors: errors(plans),
        tokens,
        schemes: &schemes,
    };
    let client = Client {
        sdk: CodeSpan::new(&spec.sdk.name.value),
        description: spec
            .sdk
            .description
            .as_deref()
            .map(|text| DocText::new(text, "")),
        prose_like_code: spec.sdk.description.as_deref().is_some_and(looks_like_code),
        name: Leaf(&sdk.client),
        config: Leaf(&sdk.config),
        builder: Leaf(&sdk.client_builder),
        last_column: Code::rendered(if all_tokens(plans) {
            "Tokens"
        } else {
            "Manager"
        }),
        errors: errors(plans),
        tokens,
        schemes: &schemes,
        methods: execute::methods(spec, names, plans)?,
    };
    let file = File {
        imports: Code::block(&imports(spec, names).render()?),
        config: Code::block(&config.render()?),
        builder: Code::block(&builder.render()?),
        client: Code::block(&client.render()?),
    };
    Ok(file.render()?)
}

fn all_tokens(plans: &[SchemePlan<'_>]) -> bool {
    plans.iter().all(|plan| plan.oauth2().is_some())
}

/// Why a client cannot be built, as a doc comment.
fn errors(plans: &[SchemePlan<'_>]) -> Leaf<Code> {
    let only_token_urls = plans.iter().all(|plan| plan.names.endpoints_type.is_none());
    Code::rendered(match (all_tokens(plans), only_token_urls) {
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

fn imports(spec: &Spec, names: &Names) -> Imports {
    let types = names.schemes.iter().flat_map(|scheme| {
        [&scheme.credentials, &scheme.manager]
            .into_iter()
            .chain(&scheme.endpoints_type)
    });
    let mut types: Vec<_> = types.map(Ident::as_str).collect();
    if !spec.sdk.environments.is_empty() {
        types.push(names.sdk.environment.as_str());
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
