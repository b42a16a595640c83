//! `overview.md`: what the SDK's crate, or the module around the generated one, can say of itself.
//!
//! Generated modules have no inner documentation, since that does not go through `include!`. The
//! overview is a file of its own for `#![doc = include_str!(…)]`, with links to the items.

use askama::Template;
use credsmith_spec::model::{ClientSource, Spec};

use super::plan::{SchemePlan, any_oauth2};
use crate::error::Error;
use crate::leaf::{CodeSpan, Leaf};
use crate::naming::{Ident, Names};

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
pub(super) fn render(
    spec: &Spec,
    names: &Names,
    plans: &[SchemePlan<'_>],
) -> Result<String, Error> {
    let overview = Overview {
        sdk: CodeSpan::new(&spec.sdk.name.value),
        description: spec.sdk.description.as_deref(),
        client_generated: spec.sdk.rust.client == ClientSource::Generated,
        client: Leaf(&names.sdk.client),
        tokens: any_oauth2(plans, |_| true),
        token: Leaf(&names.sdk.token),
        provider_error: Leaf(&names.sdk.provider_error),
        schemes: plans.iter().map(scheme).collect(),
    };
    Ok(overview.render()?)
}

fn scheme<'a>(plan: &'a SchemePlan<'a>) -> Scheme<'a> {
    let fields = plan.names.fields.iter();
    Scheme {
        name: CodeSpan::in_table(plan.name),
        grant: plan.title(),
        credentials: Leaf(&plan.names.credentials),
        manager: Leaf(&plan.names.manager),
        variables: fields
            .filter_map(|field| field.variable.as_ref())
            .map(CodeSpan::in_table)
            .collect(),
    }
}
