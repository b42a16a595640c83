//! The client: its configuration, its builder, the client itself, and the blocking one.

use askama::Template;
use credsmith_spec::model::{Sdk, Spec, TokenUrls};

use super::plan::SchemePlan;
use crate::error::Error;
use crate::leaf::{Code, CodeSpan, DocText, Leaf, looks_like_code};
use crate::naming::{Ident, Names, SdkNames};

#[derive(Template)]
#[template(path = "rust/environment.rs")]
struct Environment<'a> {
    name: Leaf<&'a Ident>,
    prose_like_code: bool,
    variants: Vec<Variant<'a>>,
}

struct Variant<'a> {
    doc: Leaf<DocText>,
    name: Leaf<&'a Ident>,
}

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
    schemes: Vec<Scheme<'a>>,
}

#[derive(Template)]
#[template(path = "rust/client/builder.rs")]
struct Builder<'a> {
    name: Leaf<&'a Ident>,
    client: Leaf<&'a Ident>,
    config: Leaf<&'a Ident>,
    environment: Option<Leaf<&'a Ident>>,
    schemes: Vec<Scheme<'a>>,
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
    many: bool,
    manual: bool,
    schemes: Vec<Scheme<'a>>,
}

#[derive(Template)]
#[template(path = "rust/blocking.rs")]
struct Blocking<'a> {
    lines: Vec<Leaf<Code>>,
    client: Leaf<&'a Ident>,
    config: Leaf<&'a Ident>,
    token: Leaf<&'a Ident>,
    provider_error: Leaf<&'a Ident>,
    schemes: Vec<Scheme<'a>>,
}

/// A scheme as the client sees it.
struct Scheme<'a> {
    title: Leaf<CodeSpan>,
    title_in_table: Leaf<CodeSpan>,
    credentials: Leaf<&'a Ident>,
    manager: Leaf<&'a Ident>,
    accessor: Leaf<&'a Ident>,
    parameter: Leaf<&'a Ident>,
    token_url: Leaf<&'a Ident>,
    usual_url: Leaf<Code>,
}

/// Renders the environments.
pub(super) fn environment(sdk: &Sdk, names: &SdkNames) -> Result<String, Error> {
    let mut descriptions = sdk
        .environments
        .iter()
        .filter_map(|environment| environment.description.as_deref());
    let prose_like_code = descriptions.any(looks_like_code);
    let variants = sdk.environments.iter().zip(&names.environments);
    let template = Environment {
        name: Leaf(&names.environment),
        prose_like_code,
        variants: variants
            .map(|(environment, name)| Variant {
                doc: DocText::new(
                    environment
                        .description
                        .as_deref()
                        .unwrap_or(&environment.name),
                    "    ",
                ),
                name: Leaf(name),
            })
            .collect(),
    };
    Ok(template.render()?)
}

/// Renders the client's module.
pub(super) fn render(
    spec: &Spec,
    names: &Names,
    plans: &[SchemePlan<'_>],
) -> Result<String, Error> {
    let sdk = &names.sdk;
    let has_environments = !spec.sdk.environments.is_empty();
    let environment = || has_environments.then_some(Leaf(&sdk.environment));
    let config = Config {
        name: Leaf(&sdk.config),
        client: Leaf(&sdk.client),
        builder: Leaf(&sdk.client_builder),
        environment: environment(),
        blocking: spec.sdk.rust.blocking,
        schemes: schemes(plans),
    };
    let builder = Builder {
        name: Leaf(&sdk.client_builder),
        client: Leaf(&sdk.client),
        config: Leaf(&sdk.config),
        environment: environment(),
        schemes: schemes(plans),
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
        many: plans.len() > 1,
        manual: plans.iter().all(SchemePlan::manual),
        schemes: schemes(plans),
    };
    let file = File {
        imports: Code::rendered(imports(names, has_environments).render()?.trim_end()),
        config: Code::rendered(config.render()?.trim_end()),
        builder: Code::rendered(builder.render()?.trim_end()),
        client: Code::rendered(client.render()?.trim_end()),
    };
    Ok(file.render()?)
}

fn imports(names: &Names, has_environments: bool) -> Imports {
    let types = names
        .schemes
        .iter()
        .flat_map(|scheme| [&scheme.credentials, &scheme.manager]);
    let mut types: Vec<_> = types.map(Ident::as_str).collect();
    if has_environments {
        types.push(names.sdk.environment.as_str());
    }
    types.sort_unstable();
    let lines = [
        "use credsmith_runtime::bytes::Bytes;".to_owned(),
        "use credsmith_runtime::http::{Request, Response};".to_owned(),
        "use credsmith_runtime::{ConfigError, SendError, Transport};".to_owned(),
        String::new(),
        format!("use super::{{{}}};", types.join(", ")),
    ];
    Imports {
        lines: lines.into_iter().map(Code::rendered).collect(),
    }
}

fn schemes<'a>(plans: &'a [SchemePlan<'a>]) -> Vec<Scheme<'a>> {
    let scheme = |plan: &'a SchemePlan<'a>| Scheme {
        title: plan.span(),
        title_in_table: CodeSpan::in_table(plan.name),
        credentials: Leaf(&plan.names.credentials),
        manager: Leaf(&plan.names.manager),
        accessor: Leaf(&plan.names.accessor),
        parameter: Leaf(&plan.names.parameter),
        token_url: Leaf(&plan.names.token_url),
        usual_url: Code::rendered(match plan.oauth2.token_endpoint.urls {
            TokenUrls::Everywhere(_) => plan.usual_url.clone(),
            TokenUrls::PerEnvironment(_) => format!("{}(self.environment)", plan.usual_url),
        }),
    };
    plans.iter().map(scheme).collect()
}

/// Renders the blocking client's module.
pub(super) fn blocking(names: &Names, plans: &[SchemePlan<'_>]) -> Result<String, Error> {
    let sdk = &names.sdk;
    let mut siblings = [
        sdk.config.as_str(),
        sdk.provider_error.as_str(),
        sdk.token.as_str(),
    ];
    siblings.sort_unstable();
    let lines = [
        "use credsmith_runtime::bytes::Bytes;".to_owned(),
        "use credsmith_runtime::http::{Request, Response};".to_owned(),
        "use credsmith_runtime::{ConfigError, SendError, UreqTransport};".to_owned(),
        String::new(),
        format!("use super::{{{}}};", siblings.join(", ")),
    ];
    let template = Blocking {
        lines: lines.into_iter().map(Code::rendered).collect(),
        client: Leaf(&sdk.client),
        config: Leaf(&sdk.config),
        token: Leaf(&sdk.token),
        provider_error: Leaf(&sdk.provider_error),
        schemes: schemes(plans),
    };
    Ok(template.render()?)
}
