//! The page on HTTP clients: the transport of the SDK, and adaptors for other clients.

use credsmith_spec::model::{ClientSource, Spec};

use crate::error::Error;
use crate::leaf::{Code, Leaf};
use crate::naming::{Ident, Names};
use crate::rust::SchemePlan;

use super::{Sections, sections};

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

pub(super) fn render(
    spec: &Spec,
    names: &Names,
    plans: &[SchemePlan<'_>],
) -> Result<String, Error> {
    let Some(first) = plans.first() else {
        return Ok(String::new());
    };
    let client_generated = spec.sdk.rust.client == ClientSource::Generated;
    let (sdk, scheme) = (&names.sdk, first.names);
    let used = vec![sdk.client.as_str(), scheme.credentials.as_str()];
    let clients = &Clients {
        crate_path: Code::rendered(&sdk.crate_path),
        client_generated,
        blocking: client_generated && spec.sdk.rust.blocking,
        tokens: plans.iter().any(|plan| plan.oauth2().is_some()),
        client: Leaf(&sdk.client),
        credentials: Leaf(&scheme.credentials),
        parameter: Leaf(&scheme.parameter),
        use_client: super::imports(sdk, used),
        group: group(spec, names, client_generated).map(Code::rendered),
    };
    let mut sections = Sections::default();
    sections.add(&Title { clients })?;
    sections.add(&Transport { clients })?;
    sections.add(&Logging { clients })?;
    sections.add(&Adaptors { clients })?;
    Ok(sections.0)
}

/// The first group that needs anything, or the manager alone.
fn group(spec: &Spec, names: &Names, client_generated: bool) -> Option<String> {
    if !client_generated {
        return Some("SecurityGroup::from(manager.clone())".to_owned());
    }
    let mut groups = spec.security.iter().zip(&names.groups);
    let needs_any = |all: &Vec<usize>| !all.is_empty();
    let (_, names) = groups.find(|(group, _)| group.alternatives.iter().any(needs_any))?;
    Some(format!("client.{}()", names.security))
}
