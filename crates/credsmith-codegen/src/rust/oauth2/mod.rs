//! The module of an OAuth 2.0 scheme: credentials, their builder, endpoints, the manager.

mod constructor;
mod endpoints;
mod grant;
mod imports;
mod manager;

use askama::Template;

use super::credentials;
use super::plan::{OAuth2Plan, SchemePlan};
use crate::error::Error;
use crate::leaf::{Code, Leaf};
use crate::naming::Names;

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
    names: &Names,
    plan: &SchemePlan<'_>,
    oauth2: &OAuth2Plan<'_>,
) -> Result<String, Error> {
    let file = File {
        imports: imports::render(names, plan, oauth2)?,
        credentials: credentials::render(plan)?,
        builder: credentials::builder(plan, &names.sdk)?,
        endpoints: endpoints::render(names, plan, oauth2)?,
        manager: manager::render(names, plan, oauth2)?,
    };
    Ok(file.render()?)
}
