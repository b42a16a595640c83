//! The Rust target: plan, templates, layout, verification.

mod client;
mod layout;
mod module;
mod oauth2;
mod overview;
mod plan;
mod scopes;
mod verify;

use credsmith_spec::model::{ClientSource, Spec};

use crate::error::Error;
use crate::files::{File, Kind};
use crate::naming::Names;

pub(crate) use layout::lay_out;
pub(crate) use plan::{FieldIdents, SchemePlan, schemes as plans};

/// The version of the runtime's interface that generated modules ask for.
pub(crate) const INTERFACE: u32 = 1;

/// Renders all modules of a spec.
pub(crate) fn render(spec: &Spec, names: &Names) -> Result<Vec<File>, Error> {
    let plans = plans(spec, names);
    let mut texts = vec![("mod".to_owned(), module::render(spec, names)?)];
    for (plan, scheme) in plans.iter().zip(&names.schemes) {
        texts.push((
            scheme.module.as_str().to_owned(),
            oauth2::render(names, plan)?,
        ));
        if let Some(scopes) = &scheme.scopes {
            let text = scopes::render(plan, scopes)?;
            texts.push((scopes.module.as_str().to_owned(), text));
        }
    }
    if !spec.sdk.environments.is_empty() {
        texts.push((
            "environment".to_owned(),
            client::environment(&spec.sdk, &names.sdk)?,
        ));
    }
    if spec.sdk.rust.client == ClientSource::Generated {
        texts.push(("client".to_owned(), client::render(spec, names, &plans)?));
        if spec.sdk.rust.blocking {
            texts.push(("blocking".to_owned(), client::blocking(names, &plans)?));
        }
    }
    let modules = texts.into_iter().map(|(module, text)| file(&module, &text));
    let overview = File {
        path: "overview.md".to_owned(),
        text: overview::render(spec, names, &plans)?.trim().to_owned() + "\n",
        kind: Kind::Markdown,
    };
    modules.chain([Ok(overview)]).collect()
}

fn file(module: &str, text: &str) -> Result<File, Error> {
    let path = format!("{module}.rs");
    let text = lay_out(text);
    verify::check(&path, &text)?;
    Ok(File {
        path,
        text,
        kind: Kind::Rust,
    })
}
