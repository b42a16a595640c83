//! A scheme as the client sees it.

use askama::Template;
use credsmith_spec::facts::Endpoint as EndpointKind;

use crate::error::Error;
use crate::leaf::{Code, CodeSpan, Leaf};
use crate::names::Ident;
use crate::plan::{Kind, Urls};
use crate::targets::rust::{EndpointPlan, Plan, SchemePlan};

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
pub(super) fn all<'a>(plan: &'a Plan<'a>) -> Result<Vec<Scheme<'a>>, Error> {
    plan.schemes.iter().map(scheme).collect()
}

fn scheme<'a>(scheme: &'a SchemePlan<'a>) -> Result<Scheme<'a>, Error> {
    let construction = Construction {
        parameter: Leaf(&scheme.parameter),
        accessor: Leaf(&scheme.accessor),
        manager: Leaf(&scheme.manager),
        endpoints_type: scheme.endpoints_type().map(Leaf),
        endpoints: endpoints(scheme),
        token_url: scheme
            .oauth2()
            .and_then(|oauth2| oauth2.endpoint(EndpointKind::Token))
            .map(|endpoint| Leaf(&endpoint.parameter)),
        fallible: !matches!(scheme.kind, Kind::Custom),
    };
    Ok(Scheme {
        title: scheme.span(),
        title_in_table: CodeSpan::in_table(scheme.title),
        summary: Code::rendered(match scheme.oauth2() {
            Some(_) => "Tokens",
            None => "The manager",
        }),
        credentials: Leaf(&scheme.credentials),
        manager: Leaf(&scheme.manager),
        accessor: Leaf(&scheme.accessor),
        parameter: Leaf(&scheme.parameter),
        endpoints: endpoints(scheme),
        construction: Code::block(&construction.render()?),
    })
}

fn endpoints<'a>(scheme: &'a SchemePlan<'a>) -> Vec<Endpoint<'a>> {
    let endpoints = scheme.oauth2().map_or(&[][..], |oauth2| &oauth2.endpoints);
    endpoints
        .iter()
        .map(|endpoint| Endpoint {
            title: Code::rendered(title(endpoint.noun())),
            noun: Code::rendered(endpoint.noun()),
            name: Code::rendered(endpoint.kind.key()),
            parameter: Leaf(&endpoint.parameter),
            usual: Code::rendered(usual(endpoint, scheme)),
            discovered: endpoint.is_discovered(),
        })
        .collect()
}

fn usual(endpoint: &EndpointPlan<'_>, scheme: &SchemePlan<'_>) -> String {
    let (manager, item) = (&scheme.manager, endpoint.item());
    match endpoint.urls {
        Urls::Everywhere(_) => format!("{manager}::{item}"),
        Urls::PerEnvironment(_) => format!("{manager}::{item}(self.environment)"),
        Urls::Discovered => "\"\"".to_owned(),
    }
}

fn title(noun: &str) -> String {
    let (first, rest) = noun.split_at(1);
    first.to_uppercase() + rest
}
