//! The endpoints of a scheme: the manager's items for the usual ones, and the type that holds them.

use std::collections::BTreeSet;

use askama::Template;

use crate::error::Error;
use crate::leaf::{Code, CodeSpan, Leaf, literal};
use crate::naming::{Ident, Names};
use crate::rust::plan::{EndpointPlan, EndpointUrls, OAuth2Plan, SchemePlan};

#[derive(Template)]
#[template(path = "rust/oauth2/endpoints.rs")]
struct EndpointsType<'a> {
    scheme: Leaf<CodeSpan>,
    name: Leaf<&'a Ident>,
    endpoints: Vec<Endpoint>,
    environment: Option<Leaf<&'a Ident>>,
}

struct Endpoint {
    field: Leaf<Code>,
    noun: Leaf<Code>,
    discovered: bool,
    usual: Leaf<Code>,
}

#[derive(Template)]
#[template(path = "rust/oauth2/url.rs")]
struct Url<'a> {
    noun: Leaf<Code>,
    item: Leaf<Code>,
    everywhere: Option<Leaf<Code>>,
    environment: Leaf<&'a Ident>,
    urls: Vec<EnvironmentUrl<'a>>,
    /// Whether two environments have the same one.
    shared: bool,
}

struct EnvironmentUrl<'a> {
    environment: Leaf<&'a Ident>,
    url: Leaf<Code>,
}

/// Renders the type of a scheme's endpoints, where it has one.
pub(super) fn render(
    names: &Names,
    plan: &SchemePlan<'_>,
    oauth2: &OAuth2Plan<'_>,
) -> Result<Option<Leaf<Code>>, Error> {
    let Some(name) = &plan.names.endpoints_type else {
        return Ok(None);
    };
    let environment = oauth2.per_environment().then_some(&names.sdk.environment);
    let endpoints = oauth2.endpoints.iter().map(|endpoint| Endpoint {
        field: Code::rendered(endpoint.kind.name()),
        noun: Code::rendered(endpoint.kind.noun()),
        discovered: endpoint.is_discovered(),
        usual: Code::rendered(usual(endpoint, &plan.names.manager)),
    });
    let template = EndpointsType {
        scheme: plan.span(),
        name: Leaf(name),
        endpoints: endpoints.collect(),
        environment: environment.map(Leaf),
    };
    Ok(Some(Code::block(&template.render()?)))
}

/// The expression for the usual one, given `environment`.
fn usual(endpoint: &EndpointPlan<'_>, manager: &Ident) -> String {
    let item = endpoint.item();
    match endpoint.urls {
        EndpointUrls::Everywhere(_) => format!("{manager}::{item}.to_owned()"),
        EndpointUrls::PerEnvironment(_) => format!("{manager}::{item}(environment).to_owned()"),
        EndpointUrls::Discovered => "String::new()".to_owned(),
    }
}

/// Renders the manager's item for an endpoint that is known.
pub(super) fn item(
    endpoint: &EndpointPlan<'_>,
    names: &Names,
) -> Result<Option<Leaf<Code>>, Error> {
    let (everywhere, urls) = match endpoint.urls {
        EndpointUrls::Everywhere(url) => (Some(literal(url)), &[][..]),
        EndpointUrls::PerEnvironment(urls) => (None, urls),
        EndpointUrls::Discovered => return Ok(None),
    };
    let environments = names.sdk.environments.iter().zip(urls);
    let url = Url {
        noun: Code::rendered(endpoint.kind.noun()),
        item: Code::rendered(endpoint.item()),
        everywhere,
        shared: urls.iter().collect::<BTreeSet<_>>().len() < urls.len(),
        environment: Leaf(&names.sdk.environment),
        urls: environments
            .map(|(environment, url)| EnvironmentUrl {
                environment: Leaf(environment),
                url: literal(url),
            })
            .collect(),
    };
    Ok(Some(Code::block(&url.render()?)))
}
