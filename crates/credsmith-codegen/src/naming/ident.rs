//! Names that have been checked to be names.

use std::fmt;

use credsmith_spec::{Diagnostic, Located, Span};

use super::rules::{keyword, shape};

/// The two shapes of names in generated code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Types and variants: `ThingspaceOauth1Credentials`.
    Type,
    /// Everything else: `thingspace_oauth_1`.
    Value,
}

/// An identifier of the generated code: ASCII, of its shape, no keyword.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ident(String);

impl Ident {
    /// Checks a name; `setting` is the key that can set it by hand.
    pub(crate) fn checked(name: &Named, shape: Shape) -> Result<Self, Diagnostic> {
        if !shape::fits(&name.name, shape) {
            return Err(shape::misfit(name, shape));
        }
        if keyword::is_keyword(&name.name) {
            return Err(keyword::taken(name));
        }
        Ok(Self(name.name.clone()))
    }

    /// The client's method for requests of the default group, which is reserved.
    pub(crate) fn execute() -> Self {
        Self("execute".to_owned())
    }

    /// The client's method that returns the default group, which is reserved.
    pub(crate) fn security() -> Self {
        Self("security".to_owned())
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

/// A name before it is checked, with all that a diagnostic on it needs.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    /// The name itself.
    pub(crate) name: String,
    /// What it names: "the credentials' type".
    pub(crate) what: &'static str,
    /// The key that sets it: `names.credentials`.
    pub(crate) setting: &'static str,
    /// Where it, or what it was derived from, stands.
    pub(crate) span: Span,
    /// Whether it was set by hand.
    pub(crate) by_hand: bool,
}

impl Named {
    /// The name as messages show it: the beginning of a long one.
    pub(crate) fn shown(&self) -> String {
        const LONGEST: usize = 60;
        match self.name.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &self.name[..end]),
            None => self.name.clone(),
        }
    }

    /// The name set by hand, or the derived one.
    pub(crate) fn choose(
        by_hand: Option<&Located<String>>,
        derived: impl FnOnce() -> String,
        derived_from: Span,
        what: &'static str,
        setting: &'static str,
    ) -> Self {
        match by_hand {
            Some(name) => Self {
                name: name.value.clone(),
                what,
                setting,
                span: name.span,
                by_hand: true,
            },
            None => Self {
                name: derived(),
                what,
                setting,
                span: derived_from,
                by_hand: false,
            },
        }
    }
}
