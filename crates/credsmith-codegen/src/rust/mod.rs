//! The Rust target: plan, templates, layout, verification.

mod blocking;
mod client;
mod credentials;
mod environment;
mod layout;
mod module;
mod oauth2;
mod overview;
mod plan;
mod scopes;
mod simple;
mod values;
pub(crate) mod verify;

use credsmith_spec::model::{ClientSource, Spec};

use crate::error::Error;
use crate::files::{File, Kind};
use crate::naming::Names;

pub(crate) use layout::lay_out;
pub(crate) use plan::{
    EndpointPlan, EndpointUrls, FieldPlan, KindPlan, OAuth2Plan, SchemePlan, schemes as plans,
};

/// The version of the runtime's interface that generated modules ask for.
pub(crate) const INTERFACE: u32 = 1;

/// Renders all modules of a spec. They are verified when they are made ready for the disk.
pub(crate) fn render(spec: &Spec, names: &Names) -> Result<Vec<File>, Error> {
    let plans = plans(spec, names);
    let mut texts = vec![("mod".to_owned(), module::render(spec, names, &plans)?)];
    for (plan, scheme) in plans.iter().zip(&names.schemes) {
        let text = match plan.oauth2() {
            Some(oauth2) => oauth2::render(names, plan, oauth2)?,
            None => simple::render(names, plan)?,
        };
        texts.push((scheme.module.as_str().to_owned(), text));
        if let (Some(oauth2), Some(scopes)) = (plan.oauth2(), &scheme.scopes) {
            let text = scopes::render(plan, oauth2, scopes)?;
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
            texts.push((
                "blocking".to_owned(),
                blocking::render(spec, names, &plans)?,
            ));
        }
    }
    let mut files: Vec<_> = texts
        .into_iter()
        .map(|(module, text)| file(&module, &text))
        .collect();
    files.push(File {
        path: "overview.md".to_owned(),
        text: overview::render(spec, names, &plans)?.trim().to_owned() + "\n",
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
