//! Documentation pages of the Rust modules: an index, and a page for each scheme.
//!
//! Pages are Markdown with Rust in it. Text from a spec is escaped on its way into a template, and
//! every Rust block stands in the template as it will be printed, names aside.

mod index;
mod oauth2;

use credsmith_spec::model::Spec;

use crate::error::Error;
use crate::files::{File, Kind};
use crate::leaf::{Code, Leaf};
use crate::naming::{Names, SdkNames};
use crate::rust::{lay_out, plans};

/// Renders all pages of a spec.
pub(crate) fn render(spec: &Spec, names: &Names) -> Result<Vec<File>, Error> {
    let plans = plans(spec, names);
    let mut files = vec![page("index", &index::render(spec, names, &plans)?)];
    for plan in &plans {
        let module = plan.names.module.as_str();
        files.push(page(module, &oauth2::render(spec, names, plan)?));
    }
    Ok(files)
}

fn page(name: &str, text: &str) -> File {
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
