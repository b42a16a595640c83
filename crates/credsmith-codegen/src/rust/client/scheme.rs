//! A scheme as the client sees it.

use askama::Template;

use crate::error::Error;
use crate::leaf::{Code, CodeSpan, Leaf};
use crate::naming::{EndpointKind, Ident};
use crate::rust::plan::{EndpointPlan, EndpointUrls, KindPlan, SchemePlan};

/// A scheme as the client sees it.
pub(super) struct Scheme<'a> {
    pub(super) title: Leaf<CodeSpan>,
    pub(super) title_in_table: Leaf<CodeSpan>,
    /// What its accessor gives.
    pub(super) summary: Leaf<Code>,
    pub(super) credentials: Leaf<&'a Ident>,
    pub(super) manager: Leaf<&'a Ident>,
    pub(super) accessor: Leaf<&'a Ident>,
    pub(super) parameter: Leaf<&'a Ident>,
    pub(super) endpoints: Vec<Endpoint<'a>>,
    /// The statements that build the manager from `config`.
    pub(super) construction: Leaf<Code>,
}

/// An endpoint for which another one can be set.
pub(super) struct Endpoint<'a> {
    pub(super) title: Leaf<Code>,
    pub(super) noun: Leaf<Code>,
    pub(super) name: Leaf<Code>,
    pub(super) parameter: Leaf<&'a Ident>,
    pub(super) usual: Leaf<Code>,
    pub(super) discovered: bool,
}

#[derive(Template)]
#[template(path = "rust/client/construction.rs")]
struct Construction<'a> {
    parameter: Leaf<&'a Ident>,
    accessor: Leaf<&'a Ident>,
    manager: Leaf<&'a Ident>,
    endpoints_type: Option<Leaf<&'a Ident>>,
    endpoints: Vec<Endpoint<'a>>,
    token_url: Option<Leaf<&'a Ident>>,
    fallible: bool,
}

/// The schemes of a client.
pub(super) fn all<'a>(plans: &'a [SchemePlan<'a>]) -> Result<Vec<Scheme<'a>>, Error> {
    plans.iter().map(scheme).collect()
}

fn scheme<'a>(plan: &'a SchemePlan<'a>) -> Result<Scheme<'a>, Error> {
    let construction = Construction {
        parameter: Leaf(&plan.names.parameter),
        accessor: Leaf(&plan.names.accessor),
        manager: Leaf(&plan.names.manager),
        endpoints_type: plan.names.endpoints_type.as_ref().map(Leaf),
        endpoints: endpoints(plan),
        token_url: plan
            .oauth2()
            .and_then(|oauth2| oauth2.endpoint(EndpointKind::Token))
            .map(|endpoint| Leaf(endpoint.parameter)),
        fallible: !matches!(plan.kind, KindPlan::Custom),
    };
    Ok(Scheme {
        title: plan.span(),
        title_in_table: CodeSpan::in_table(plan.name),
        summary: Code::rendered(match plan.oauth2() {
            Some(_) => "Tokens",
            None => "The manager",
        }),
        credentials: Leaf(&plan.names.credentials),
        manager: Leaf(&plan.names.manager),
        accessor: Leaf(&plan.names.accessor),
        parameter: Leaf(&plan.names.parameter),
        endpoints: endpoints(plan),
        construction: Code::block(&construction.render()?),
    })
}

fn endpoints<'a>(plan: &'a SchemePlan<'a>) -> Vec<Endpoint<'a>> {
    let endpoints = plan.oauth2().map_or(&[][..], |oauth2| &oauth2.endpoints);
    let endpoints = endpoints.iter();
    endpoints
        .map(|endpoint| Endpoint {
            title: Code::rendered(title(endpoint.kind.noun())),
            noun: Code::rendered(endpoint.kind.noun()),
            name: Code::rendered(endpoint.kind.name()),
            parameter: Leaf(endpoint.parameter),
            usual: Code::rendered(usual(endpoint, plan)),
            discovered: endpoint.is_discovered(),
        })
        .collect()
}

fn usual(endpoint: &EndpointPlan<'_>, plan: &SchemePlan<'_>) -> String {
    let (manager, item) = (&plan.names.manager, endpoint.item());
    match endpoint.urls {
        EndpointUrls::Everywhere(_) => format!("{manager}::{item}"),
        EndpointUrls::PerEnvironment(_) => format!("{manager}::{item}(self.environment)"),
        EndpointUrls::Discovered => "\"\"".to_owned(),
    }
}

fn title(noun: &str) -> String {
    let (first, rest) = noun.split_at(1);
    first.to_uppercase() + rest
}
