//! The Rust target: style, types, items, layout, verification.

mod blocking;
mod client;
mod credentials;
mod environment;
mod layout;
mod module;
mod oauth2;
mod overview;
mod package;
mod scheme;
mod scopes;
mod simple;
mod style;
mod values;
#[cfg(feature = "committed")]
pub(crate) mod verify;

use credsmith_spec::model::ClientSource;

use crate::error::Error;
use crate::output::{File, Kind};

pub(crate) use layout::lay_out;
pub(crate) use package::path as crate_path;
pub(crate) use scheme::{EndpointPlan, FieldPlan, Form, OAuth2Plan, Plan, SchemePlan, grouped};
pub(crate) use style::STYLE;

/// The version of the runtime's interface that generated modules ask for.
pub(crate) const INTERFACE: u32 = 1;

/// Renders all modules of a spec. They are verified when they are made ready for the disk.
pub(crate) fn render(plan: &Plan<'_>) -> Result<Vec<File>, Error> {
    let mut texts = vec![("mod", module::render(plan)?)];
    for scheme in &plan.schemes {
        let text = match scheme.oauth2() {
            Some(oauth2) => oauth2::render(plan, scheme, oauth2)?,
            None => simple::render(plan, scheme)?,
        };
        texts.push((scheme.module.as_str(), text));
        if let Some(scopes) = scheme.scopes() {
            texts.push((scopes.module.as_str(), scopes::render(scheme, scopes)?));
        }
    }
    if !plan.sdk.environments.is_empty() {
        texts.push(("environment", client::environment(plan)?));
    }
    if plan.spec.sdk.rust.client == ClientSource::Generated {
        texts.push(("client", client::render(plan)?));
        if plan.spec.sdk.rust.blocking {
            texts.push(("blocking", blocking::render(plan)?));
        }
    }
    let texts = texts.iter();
    let mut files: Vec<_> = texts.map(|(module, text)| file(module, text)).collect();
    files.push(File {
        path: "overview.md".to_owned(),
        text: overview::render(plan)?.trim().to_owned() + "\n",
        kind: Kind::Markdown,
    });
    Ok(files)
}

fn file(module: &str, text: &str) -> File {
    File {
        path: format!("{module}.rs"),
        text: lay_out(text),
        kind: Kind::Rust,
    }
}
