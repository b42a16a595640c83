//! The page on HTTP clients: the transport of the SDK, and adaptors for other clients.

use credsmith_spec::model::ClientSource;

use super::{Sections, sections};
use crate::error::Error;
use crate::leaf::{Code, Leaf};
use crate::names::Ident;
use crate::targets::rust::Plan;

/// The page's name, which no scheme can have.
pub(super) const NAME: &str = "http_clients";

/// The values that all sections of the page use.
struct Clients<'a> {
    crate_path: Leaf<Code>,
    client_generated: bool,
    blocking: bool,
    /// Whether there are tokens, which are fetched over the transport.
    tokens: bool,
    client: Leaf<&'a Ident>,
    credentials: Leaf<&'a Ident>,
    parameter: Leaf<&'a Ident>,
    use_client: Leaf<Code>,
    /// The expression for what authorizes requests, if anything needs that.
    group: Option<Leaf<Code>>,
}

sections! {
    Title = "docs/rust/http_clients/title.md" { clients: Clients<'a> };
    Transport = "docs/rust/http_clients/transport.md" { clients: Clients<'a> };
    Logging = "docs/rust/http_clients/logging.md" { clients: Clients<'a> };
    Adaptors = "docs/rust/http_clients/adaptors.md" { clients: Clients<'a> };
}

pub(super) fn render(plan: &Plan<'_>) -> Result<String, Error> {
    let Some(scheme) = plan.schemes.first() else {
        return Ok(String::new());
    };
    let client_generated = plan.spec.sdk.rust.client == ClientSource::Generated;
    let sdk = &plan.sdk;
    let used = vec![sdk.client.as_str(), scheme.credentials.as_str()];
    let clients = &Clients {
        crate_path: Code::rendered(super::crate_path(plan)),
        client_generated,
        blocking: client_generated && plan.spec.sdk.rust.blocking,
        tokens: plan.has_tokens(),
        client: Leaf(&sdk.client),
        credentials: Leaf(&scheme.credentials),
        parameter: Leaf(&scheme.parameter),
        use_client: super::imports(plan, used),
        group: group(plan, client_generated).map(Code::rendered),
    };
    let mut sections = Sections::default();
    sections.add(&Title { clients })?;
    sections.add(&Transport { clients })?;
    sections.add(&Logging { clients })?;
    sections.add(&Adaptors { clients })?;
    Ok(sections.0)
}

/// The first group that needs anything, or the manager alone.
fn group(plan: &Plan<'_>, client_generated: bool) -> Option<String> {
    if !client_generated {
        return Some("SecurityGroup::from(manager.clone())".to_owned());
    }
    let mut groups = plan.groups.iter();
    let group = groups.find(|group| group.alternatives.iter().any(|all| !all.is_empty()))?;
    Some(format!("client.{}()", group.security))
}
