//! Names that have been checked.

use std::fmt;

use credsmith_spec::{Located, Span};

use crate::plan::Nameable;

/// An identifier of the generated code: ASCII, of its shape, not a keyword.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ident(String);

impl Ident {
    /// A name that has passed the rules.
    pub(super) fn checked(name: String) -> Self {
        Self(name)
    }

    /// Returns a stand-in for a name that did not pass; it is never rendered.
    pub(super) fn stand_in() -> Self {
        Self(String::new())
    }

    /// A name made from one that was checked, and a suffix that keeps it one.
    pub(crate) fn with_suffix(&self, suffix: &str) -> Self {
        Self(format!("{}{suffix}", self.0))
    }

    /// The name.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name before it is checked, with everything that a diagnostic on it needs.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    /// The name itself.
    pub(crate) name: String,
    /// The words for the named thing in messages: "the credentials' type".
    pub(crate) what: &'static str,
    /// The key that sets it: `names.credentials`.
    pub(crate) setting: String,
    /// The place of the name, or of what it was derived from.
    pub(crate) span: Span,
    /// Whether the author set it.
    pub(crate) by_hand: bool,
}

impl Named {
    pub(super) fn new(nameable: &Nameable, name: String) -> Self {
        Self {
            name,
            what: nameable.what,
            setting: nameable.setting.clone(),
            span: nameable.place,
            by_hand: nameable.set.is_some(),
        }
    }

    /// The same thing with a target's exact name, which is set by its path.
    pub(super) fn replaced(self, exact: &Located<String>, path: &str) -> Self {
        Self {
            name: exact.value.clone(),
            what: self.what,
            setting: format!("names.{path}"),
            span: exact.span,
            by_hand: true,
        }
    }

    /// The name as messages show it: the beginning of a long one.
    pub(crate) fn shown(&self) -> String {
        const LONGEST: usize = 60;
        match self.name.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &self.name[..end]),
            None => self.name.clone(),
        }
    }
}
