//! The index of a spec's pages.

use askama::Template;
use credsmith_spec::model::{ClientSource, Spec};

use crate::error::Error;
use crate::leaf::{Code, CodeSpan, Leaf};
use crate::naming::{Ident, Names};
use crate::rust::SchemePlan;

use super::security::{self, Group};

#[derive(Template)]
#[template(path = "docs/rust/index.md")]
struct Index<'a> {
    sdk: &'a str,
    description: Option<&'a str>,
    crate_path: Leaf<Code>,
    use_environment: Leaf<Code>,
    client: Leaf<&'a Ident>,
    client_generated: bool,
    environments: Vec<Environment<'a>>,
    schemes: Vec<Scheme<'a>>,
    /// Empty where there is no choice.
    groups: Vec<Group<'a>>,
    /// The methods of the default group and of another one, as an example.
    methods: Vec<Leaf<&'a Ident>>,
}

struct Environment<'a> {
    variant: Leaf<CodeSpan>,
    path: Leaf<Code>,
    description: &'a str,
}

struct Scheme<'a> {
    name: &'a str,
    page: Leaf<&'a Ident>,
    kind: &'static str,
    credentials: Leaf<CodeSpan>,
    parameter: Leaf<CodeSpan>,
}

pub(super) fn render(
    spec: &Spec,
    names: &Names,
    plans: &[SchemePlan<'_>],
) -> Result<String, Error> {
    let index = Index {
        sdk: &spec.sdk.name,
        description: spec.sdk.description.as_deref(),
        crate_path: Code::rendered(&names.sdk.crate_path),
        use_environment: super::imports(
            &names.sdk,
            vec![names.sdk.client.as_str(), names.sdk.environment.as_str()],
        ),
        client: Leaf(&names.sdk.client),
        client_generated: spec.sdk.rust.client == ClientSource::Generated,
        environments: environments(spec, names),
        schemes: plans.iter().map(Scheme::new).collect(),
        groups: security::groups(spec, names, plans),
        methods: names
            .groups
            .iter()
            .take(2)
            .map(|group| Leaf(&group.execute))
            .collect(),
    };
    Ok(index.render()?)
}

fn environments<'a>(spec: &'a Spec, names: &'a Names) -> Vec<Environment<'a>> {
    let environments = spec.sdk.environments.iter().zip(&names.sdk.environments);
    environments
        .map(|(environment, variant)| Environment {
            variant: CodeSpan::in_table(variant),
            path: Code::rendered(format!("{}::{variant}", names.sdk.environment)),
            description: environment.description.as_deref().unwrap_or_default(),
        })
        .collect()
}

impl<'a> Scheme<'a> {
    fn new(plan: &'a SchemePlan<'a>) -> Self {
        Self {
            name: plan.name,
            page: Leaf(&plan.names.module),
            kind: plan.title(),
            credentials: CodeSpan::in_table(&plan.names.credentials),
            parameter: CodeSpan::in_table(&plan.names.parameter),
        }
    }
}
