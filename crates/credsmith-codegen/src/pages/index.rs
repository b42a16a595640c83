//! The index of a spec's pages.

use askama::Template;
use credsmith_spec::model::ClientSource;

use super::security::{self, Group};
use crate::error::Error;
use crate::leaf::{Code, CodeSpan, Leaf};
use crate::names::Ident;
use crate::targets::rust::{Plan, SchemePlan};

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

pub(super) fn render(plan: &Plan<'_>) -> Result<String, Error> {
    let sdk = &plan.sdk;
    let used = vec![sdk.client.as_str(), sdk.environment.as_str()];
    let methods = plan.groups.iter().take(2);
    let index = Index {
        sdk: sdk.name,
        description: sdk.description,
        crate_path: Code::rendered(super::crate_path(plan)),
        use_environment: super::imports(plan, used),
        client: Leaf(&sdk.client),
        client_generated: plan.spec.sdk.rust.client == ClientSource::Generated,
        environments: environments(plan),
        schemes: plan.schemes.iter().map(Scheme::new).collect(),
        groups: security::groups(plan),
        methods: methods.map(|group| Leaf(&group.execute)).collect(),
    };
    Ok(index.render()?)
}

fn environments<'a>(plan: &'a Plan<'_>) -> Vec<Environment<'a>> {
    let environments = plan.sdk.environments.iter();
    environments
        .map(|environment| Environment {
            variant: CodeSpan::in_table(&environment.name),
            path: Code::rendered(format!("{}::{}", plan.sdk.environment, environment.name)),
            description: environment.description.unwrap_or_default(),
        })
        .collect()
}

impl<'a> Scheme<'a> {
    fn new(scheme: &'a SchemePlan<'_>) -> Self {
        Self {
            name: scheme.title,
            page: Leaf(&scheme.module),
            kind: scheme.kind_title(),
            credentials: CodeSpan::in_table(&scheme.credentials),
            parameter: CodeSpan::in_table(&scheme.parameter),
        }
    }
}
