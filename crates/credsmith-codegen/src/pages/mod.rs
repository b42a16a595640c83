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
use page::Page;

use crate::error::Error;
use crate::leaf::{Code, Leaf};
use crate::output::{File, Kind};
use crate::targets::rust::{self, Plan, lay_out};

/// Renders all pages of a spec.
pub(crate) fn render(plan: &Plan<'_>) -> Result<Vec<File>, Error> {
    let mut files = vec![file("index", &index::render(plan)?)];
    for (position, scheme) in plan.schemes.iter().enumerate() {
        let page = Page::new(plan, scheme, security::of_scheme(plan, position));
        let text = match scheme.oauth2() {
            Some(oauth2) => oauth2::render(&page, oauth2)?,
            None => simple::render(&page)?,
        };
        files.push(file(scheme.module.as_str(), &text));
    }
    let clients = http_clients::render(plan)?;
    files.push(file(http_clients::NAME, &clients));
    Ok(files)
}

/// The crate or module that examples import from; it has been checked with the names.
fn crate_path(plan: &Plan<'_>) -> String {
    rust::crate_path(plan).unwrap_or_default()
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
fn imports(plan: &Plan<'_>, mut types: Vec<&str>) -> Leaf<Code> {
    types.sort_unstable();
    let path = crate_path(plan);
    let line = match types.as_slice() {
        [only] => format!("use {path}::{only};"),
        all => format!("use {path}::{{{}}};", all.join(", ")),
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
