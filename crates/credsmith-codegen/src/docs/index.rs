//! The index of a spec's pages.

use askama::Template;
use credsmith_spec::model::{ClientSource, Spec};

use crate::error::Error;
use crate::leaf::{Code, CodeSpan, Leaf};
use crate::naming::{Ident, Names};
use crate::rust::SchemePlan;

#[derive(Template)]
#[template(path = "docs/rust/index.md")]
struct Index<'a> {
    sdk: &'a str,
    description: Option<&'a str>,
    use_environment: Leaf<Code>,
    client: Leaf<&'a Ident>,
    client_generated: bool,
    environments: Vec<Environment<'a>>,
    schemes: Vec<Scheme<'a>>,
}

struct Environment<'a> {
    variant: Leaf<CodeSpan>,
    path: Leaf<Code>,
    description: &'a str,
}

struct Scheme<'a> {
    name: &'a str,
    page: Leaf<&'a Ident>,
    grant: &'static str,
    credentials: Leaf<CodeSpan>,
    parameter: Leaf<CodeSpan>,
}

pub(super) fn render(
    spec: &Spec,
    names: &Names,
    plans: &[SchemePlan<'_>],
) -> Result<String, Error> {
    let environments = spec.sdk.environments.iter().zip(&names.sdk.environments);
    let index = Index {
        sdk: &spec.sdk.name,
        description: spec.sdk.description.as_deref(),
        use_environment: super::imports(
            &names.sdk,
            vec![names.sdk.client.as_str(), names.sdk.environment.as_str()],
        ),
        client: Leaf(&names.sdk.client),
        client_generated: spec.sdk.rust.client == ClientSource::Generated,
        environments: environments
            .map(|(environment, variant)| Environment {
                variant: CodeSpan::in_table(variant),
                path: Code::rendered(format!("{}::{variant}", names.sdk.environment)),
                description: environment.description.as_deref().unwrap_or_default(),
            })
            .collect(),
        schemes: plans
            .iter()
            .map(|plan| Scheme {
                name: plan.name,
                page: Leaf(&plan.names.module),
                grant: plan.grant(),
                credentials: CodeSpan::in_table(&plan.names.credentials),
                parameter: CodeSpan::in_table(&plan.names.parameter),
            })
            .collect(),
    };
    Ok(index.render()?)
}
