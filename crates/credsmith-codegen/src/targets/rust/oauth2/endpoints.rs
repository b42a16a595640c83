//! The endpoints of a scheme: the manager's items for the usual ones, and the type that holds them.

use std::collections::BTreeSet;

use askama::Template;

use crate::error::Error;
use crate::leaf::{Code, CodeSpan, Leaf, literal};
use crate::names::Ident;
use crate::plan::Urls as Addresses;
use crate::targets::rust::{EndpointPlan, OAuth2Plan, Plan, SchemePlan};

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
    plan: &Plan<'_>,
    scheme: &SchemePlan<'_>,
    oauth2: &OAuth2Plan<'_>,
) -> Result<Option<Leaf<Code>>, Error> {
    let Some(name) = scheme.endpoints_type() else {
        return Ok(None);
    };
    let environment = oauth2.per_environment().then_some(&plan.sdk.environment);
    let endpoints = oauth2.endpoints.iter().map(|endpoint| Endpoint {
        field: Code::rendered(endpoint.kind.key()),
        noun: Code::rendered(endpoint.noun()),
        discovered: endpoint.is_discovered(),
        usual: Code::rendered(usual(endpoint, &scheme.manager)),
    });
    let template = EndpointsType {
        scheme: scheme.span(),
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
        Addresses::Everywhere(_) => format!("{manager}::{item}.to_owned()"),
        Addresses::PerEnvironment(_) => format!("{manager}::{item}(environment).to_owned()"),
        Addresses::Discovered => "String::new()".to_owned(),
    }
}

/// Renders the manager's item for an endpoint that is known.
pub(super) fn item(
    endpoint: &EndpointPlan<'_>,
    plan: &Plan<'_>,
) -> Result<Option<Leaf<Code>>, Error> {
    let (everywhere, urls) = match endpoint.urls {
        Addresses::Everywhere(url) => (Some(literal(url)), &[][..]),
        Addresses::PerEnvironment(urls) => (None, urls),
        Addresses::Discovered => return Ok(None),
    };
    let environments = plan.sdk.environments.iter().zip(urls);
    let url = Url {
        noun: Code::rendered(endpoint.noun()),
        item: Code::rendered(endpoint.item()),
        everywhere,
        shared: urls.iter().collect::<BTreeSet<_>>().len() < urls.len(),
        environment: Leaf(&plan.sdk.environment),
        urls: environments
            .map(|(environment, url)| EnvironmentUrl {
                environment: Leaf(&environment.name),
                url: literal(url),
            })
            .collect(),
    };
    Ok(Some(Code::block(&url.render()?)))
}
