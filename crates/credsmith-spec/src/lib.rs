//! Reads and checks credsmith specs.
//!
//! A spec goes through three stages, each a pure function on the one before it:
//!
//! 1. [`syntax`](crate::parse): YAML text becomes a tree in which every value knows its place.
//! 2. `raw`: the tree becomes the spec's keys, still unjudged. Unknown, doubled, missing and
//!    mistyped keys are noted, and reading goes on.
//! 3. `check`: the rules turn the raw form into a [`model::Spec`], or into diagnostics.
//!
//! Checking never stops at the first mistake: [`Checked`] holds the model, if there is one, and
//! everything that was found. This crate knows no target language, renders no templates, and reads
//! nothing but the spec it is asked for.

mod check;
mod diagnostic;
mod explain;
pub mod facts;
mod keyword;
mod located;
pub mod model;
mod raw;
#[cfg(feature = "schema")]
mod reference;
pub mod render;
mod rules;
#[cfg(feature = "schema")]
mod schema;
mod source;
mod suggest;
mod syntax;

use std::path::Path;

pub use diagnostic::{Diagnostic, Label, Problems, Rule, Severity};
pub use explain::rules;
pub use keyword::Keyword;
pub use located::Located;
#[cfg(feature = "schema")]
pub use reference::reference;
#[cfg(feature = "schema")]
pub use schema::{schema, schema_text};
pub use source::{Position, Source, Span};
pub use suggest::closest;

/// A spec after checking: its text, what was found, and the model if nothing forbids one.
#[derive(Debug)]
pub struct Checked {
    /// The text that every [`Span`] points into.
    pub source: Source,
    /// Everything found, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The model; absent when any diagnostic is an error.
    pub spec: Option<model::Spec>,
    /// What there is of the model beside errors, with stand-ins for what is wrong: enough to look for
    /// more problems, not to generate from.
    pub draft: Option<model::Spec>,
}

impl Checked {
    /// What is no spec at all.
    fn refused(source: Source, reason: Diagnostic) -> Self {
        Self {
            source,
            diagnostics: vec![reason],
            spec: None,
            draft: None,
        }
    }
}

/// Checks the spec in `text`; `name` is the path that diagnostics show.
///
/// ```
/// let checked = credsmith_spec::parse("acme.yaml", "credsmith: 1\nsdk: { name: Acme }\n");
/// assert_eq!(checked.diagnostics[0].rule.code, "CS0104"); // the key `schemes` is missing
/// assert!(checked.spec.is_none());
/// ```
pub fn parse(name: impl Into<String>, text: impl Into<String>) -> Checked {
    let source = Source::new(name, text);
    let mut problems = Problems::default();
    let root = syntax::read(&source, &mut problems);
    if let Some(found) = rules::foreign_document::find(root.as_ref(), source.text()) {
        return Checked::refused(source, found);
    }
    let raw = root.as_ref();
    let raw = raw.and_then(|root| raw::RawSpec::read_root(root, &mut problems));
    let spec = raw
        .as_ref()
        .and_then(|raw| check::check(raw, &mut problems));
    if let Some(root) = &root {
        rules::secret::check_values(root, &mut problems);
    }
    // In a newer format, keys and words mean something else.
    let is_newer = raw.as_ref().is_some_and(raw::RawSpec::is_newer);
    let spec = spec.filter(|_| !is_newer);
    if is_newer {
        problems.let_outshine(&rules::version::RULE);
    }
    let (spec, draft) = if problems.any_error() {
        (None, spec)
    } else {
        (spec, None)
    };
    Checked {
        source,
        diagnostics: problems.into_sorted(),
        spec,
        draft,
    }
}

/// Reads the spec at `path` and checks it; a file that cannot be read is a diagnostic as well.
pub fn read(path: &Path) -> Checked {
    let name = path.display().to_string();
    match source::load(path) {
        Ok(text) => parse(name, text),
        Err(diagnostic) => Checked::refused(Source::new(name, ""), diagnostic),
    }
}
