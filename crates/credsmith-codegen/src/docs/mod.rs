//! Documentation pages of the Rust modules: an index, a page for each scheme, and one on HTTP clients.
//!
//! Pages are Markdown with Rust in it. Text from a spec is escaped on its way into a template, and
//! every Rust block stands in the template as it will be printed, names aside. A page is a list of
//! sections, each a template of its own; one that a scheme has no use for comes out empty.

mod construct;
mod fields;
mod http_clients;
mod index;
mod oauth2;
mod page;
mod security;
mod simple;

use askama::Template;
use credsmith_spec::model::Spec;

use crate::error::Error;
use crate::files::{File, Kind};
use crate::leaf::{Code, Leaf};
use crate::naming::{Names, SdkNames};
use crate::rust::{KindPlan, lay_out, plans};

use page::Page;

/// Renders all pages of a spec.
pub(crate) fn render(spec: &Spec, names: &Names) -> Result<Vec<File>, Error> {
    let plans = plans(spec, names);
    let mut files = vec![file("index", &index::render(spec, names, &plans)?)];
    for (position, plan) in plans.iter().enumerate() {
        let security = security::of_scheme(spec, names, &plans, position);
        let page = Page::new(spec, &names.sdk, plan, security);
        let text = match &plan.kind {
            KindPlan::OAuth2(oauth2) => oauth2::render(&page, oauth2)?,
            _ => simple::render(&page)?,
        };
        files.push(file(plan.names.module.as_str(), &text));
    }
    let clients = http_clients::render(spec, names, &plans)?;
    files.push(file(http_clients::NAME, &clients));
    Ok(files)
}

fn file(name: &str, text: &str) -> File {
    let text = text.trim().to_owned() + "\n";
    File {
        path: format!("{name}.md"),
        text,
        kind: Kind::Markdown,
    }
}

/// `use verizon::{A, B};`
fn imports(sdk: &SdkNames, mut types: Vec<&str>) -> Leaf<Code> {
    types.sort_unstable();
    let line = match types.as_slice() {
        [only] => format!("use {}::{only};", sdk.crate_path),
        all => format!("use {}::{{{}}};", sdk.crate_path, all.join(", ")),
    };
    Code::rendered(lay_out(&line).trim_end())
}

/// The sections of a page, one after the other.
#[derive(Default)]
struct Sections(String);

impl Sections {
    /// Adds what a template renders, if it renders anything.
    fn add(&mut self, section: &impl Template) -> Result<(), Error> {
        let text = section.render()?;
        let text = text.trim();
        if !text.is_empty() && !self.0.is_empty() {
            self.0 += "\n\n";
        }
        self.0 += text;
        Ok(())
    }
}

/// Declares templates of sections: the name, the file, and what it sees.
macro_rules! sections {
    ($($name:ident = $path:tt { $($field:ident: $type:ty),+ };)*) => {$(
        #[derive(askama::Template)]
        #[template(path = $path)]
        struct $name<'a> {
            $($field: &'a $type,)+
        }
    )*};
}

use sections;
