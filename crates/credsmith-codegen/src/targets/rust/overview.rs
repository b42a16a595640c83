//! `overview.md`: what the SDK's crate, or the module around the generated one, can say of itself.
//!
//! Generated modules have no inner documentation, since that does not go through `include!`. The
//! overview is a file of its own for `#![doc = include_str!(…)]`, with links to the items.

use askama::Template;
use credsmith_spec::model::ClientSource;

use super::{Plan, SchemePlan};
use crate::error::Error;
use crate::leaf::{CodeSpan, Leaf};
use crate::names::Ident;

#[derive(Template)]
#[template(path = "rust/overview.md")]
struct Overview<'a> {
    sdk: Leaf<CodeSpan>,
    description: Option<&'a str>,
    client_generated: bool,
    client: Leaf<&'a Ident>,
    /// Whether any scheme has tokens.
    tokens: bool,
    token: Leaf<&'a Ident>,
    provider_error: Leaf<&'a Ident>,
    schemes: Vec<Scheme<'a>>,
}

struct Scheme<'a> {
    name: Leaf<CodeSpan>,
    grant: &'static str,
    credentials: Leaf<&'a Ident>,
    manager: Leaf<&'a Ident>,
    variables: Vec<Leaf<CodeSpan>>,
}

/// Renders the overview.
pub(super) fn render(plan: &Plan<'_>) -> Result<String, Error> {
    let overview = Overview {
        sdk: CodeSpan::new(plan.sdk.name),
        description: plan.sdk.description,
        client_generated: plan.spec.sdk.rust.client == ClientSource::Generated,
        client: Leaf(&plan.sdk.client),
        tokens: plan.has_tokens(),
        token: Leaf(&plan.sdk.token),
        provider_error: Leaf(&plan.sdk.token_error),
        schemes: plan.schemes.iter().map(scheme).collect(),
    };
    Ok(overview.render()?)
}

fn scheme<'a>(scheme: &'a SchemePlan<'a>) -> Scheme<'a> {
    let fields = scheme.fields.iter();
    Scheme {
        name: CodeSpan::in_table(scheme.title),
        grant: scheme.kind_title(),
        credentials: Leaf(&scheme.credentials),
        manager: Leaf(&scheme.manager),
        variables: fields
            .filter_map(|field| field.variable.as_ref())
            .map(CodeSpan::in_table)
            .collect(),
    }
}
