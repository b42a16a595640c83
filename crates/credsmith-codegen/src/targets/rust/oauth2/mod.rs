//! The module of an OAuth 2.0 scheme: credentials, their builder, endpoints, the manager.

mod constructor;
mod endpoints;
mod grant;
mod imports;
mod manager;

use askama::Template;

use super::credentials;
use crate::error::Error;
use crate::leaf::{Code, Leaf};
use crate::targets::rust::{OAuth2Plan, Plan, SchemePlan};

#[derive(Template)]
#[template(path = "rust/oauth2/scheme.rs")]
struct File {
    imports: Leaf<Code>,
    credentials: Leaf<Code>,
    builder: Leaf<Code>,
    endpoints: Option<Leaf<Code>>,
    manager: Leaf<Code>,
}

/// Renders the module of a scheme.
pub(super) fn render(
    plan: &Plan<'_>,
    scheme: &SchemePlan<'_>,
    oauth2: &OAuth2Plan<'_>,
) -> Result<String, Error> {
    let file = File {
        imports: imports::render(plan, scheme, oauth2)?,
        credentials: credentials::render(plan, scheme)?,
        builder: credentials::builder(plan, scheme)?,
        endpoints: endpoints::render(plan, scheme, oauth2)?,
        manager: manager::render(plan, scheme, oauth2)?,
    };
    Ok(file.render()?)
}
