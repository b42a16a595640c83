//! How a target writes names.

use crate::plan::{Role, Words};

/// How a target writes names. Everything that differs among languages is here.
pub(crate) struct Style {
    /// The case of names of a role.
    pub(crate) case: fn(Role) -> Case,
    /// Words that cannot be names.
    pub(crate) keywords: &'static [&'static str],
    /// Names that generated code itself uses, where names of a role are.
    pub(crate) reserved: fn(Role) -> &'static [&'static str],
    /// The place in which names of a role must differ from others.
    pub(crate) place: fn(Role) -> Place,
    /// Suffixes of names that come with one of a role.
    pub(crate) companions: fn(Role) -> &'static [&'static str],
}

/// How the words of a name are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// `LikeThis`.
    Class,
    /// `like_this`.
    Snake,
    /// `LIKE_THIS`.
    Screaming,
}

/// A place in which names must differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// Types.
    Types,
    /// Modules, whose files must differ in more than case.
    Modules,
    /// Members of the client and parameters of its builder.
    OfClient,
    /// Environment variables.
    Variables,
    /// Environments.
    OfEnvironments,
    /// Fields of one scheme's credentials.
    OfFields,
    /// Scopes of one scheme.
    OfScopes,
}

impl Case {
    /// Joins words to a name.
    pub(crate) fn join(self, words: &Words) -> String {
        match self {
            Self::Class => words.class(),
            Self::Snake => words.snake(),
            Self::Screaming => words.screaming(),
        }
    }
}
