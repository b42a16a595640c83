//! Things that get a name, and the words that the name is made of.

use credsmith_spec::{Located, Span};

use super::Words;

/// What a name is for. A target's style says how names of each role are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// The client's type.
    Client,
    /// The type of the client's configuration.
    Config,
    /// The token's type.
    Token,
    /// The type of errors of the token endpoint.
    TokenError,
    /// The type of the environments.
    Environments,
    /// One environment.
    Environment,
    /// The type of a scheme's credentials.
    Credentials,
    /// The type of a scheme's manager.
    Manager,
    /// The client's parameter for a scheme's credentials.
    Parameter,
    /// The client's accessor of a scheme's manager.
    Accessor,
    /// The type of a scheme's endpoints.
    Endpoints,
    /// The client's parameter for an endpoint.
    Endpoint,
    /// The module of a scheme, and its page.
    Module,
    /// The type of a scheme's scopes.
    ScopesType,
    /// The module of a scheme's scopes.
    ScopesModule,
    /// One scope.
    Scope,
    /// A field of credentials: its getter, setter and parameter.
    Field,
    /// A field that the API names; locals of generated functions have the same name.
    OwnField,
    /// An environment variable.
    Variable,
    /// The client's method that sends requests of a group.
    Execute,
    /// The client's method that returns what requests of a group need.
    Security,
}

/// Something that gets a name.
#[derive(Clone, Debug)]
pub(crate) struct Nameable {
    /// What the name is for.
    pub(crate) role: Role,
    /// The scheme that it is of, if any.
    pub(crate) scheme: Option<String>,
    /// Where `sdk.<target>.names` finds it: `Oauth2.credentials`.
    pub(crate) path: String,
    /// What the name is made of.
    pub(crate) spelling: Spelling,
    /// What diagnostics call it: "the credentials' type".
    pub(crate) what: &'static str,
    /// The key of the spec that sets its words: `names.credentials`.
    pub(crate) setting: String,
    /// The place of the name in the spec, or of what it is derived from.
    pub(crate) place: Span,
    /// The author's spelling, if the author set it.
    pub(crate) set: Option<String>,
}

/// What a name is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// Words, to which a style gives its case.
    Words(Words),
    /// A name that is the same in all languages.
    Fixed(String),
}

impl Nameable {
    /// The name that the author set, or else the derived one.
    pub(crate) fn choose(
        role: Role,
        path: String,
        (what, setting): (&'static str, &str),
        set: Option<(&Located<String>, Words)>,
        derived: (Span, impl FnOnce() -> Words),
    ) -> Self {
        let (place, words, set) = match set {
            Some((name, words)) => (name.span, words, Some(name.value.clone())),
            None => (derived.0, derived.1(), None),
        };
        Self {
            role,
            scheme: None,
            path,
            spelling: Spelling::Words(words),
            what,
            setting: setting.to_owned(),
            place,
            set,
        }
    }

    /// The same thing as one of a scheme.
    pub(crate) fn of_scheme(self, scheme: &str) -> Self {
        Self {
            scheme: Some(scheme.to_owned()),
            ..self
        }
    }

    /// The name, if it is the same in all languages.
    pub(crate) fn fixed(&self) -> Option<&str> {
        match &self.spelling {
            Spelling::Fixed(name) => Some(name),
            Spelling::Words(_) => None,
        }
    }

    /// The words that it is made of.
    pub(crate) fn words(&self) -> Words {
        match &self.spelling {
            Spelling::Words(words) => words.clone(),
            Spelling::Fixed(name) => Words::of(name),
        }
    }
}
