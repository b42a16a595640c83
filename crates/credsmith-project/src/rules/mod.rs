//! The rules of the configuration, one file each. Their codes begin with `CS05`.

pub(crate) mod folders;
pub(crate) mod keys;
pub(crate) mod specs;
pub(crate) mod toml;

use credsmith_spec::{Rule, Span};

/// The rules of `credsmith.toml`, by code. Those of specs are `credsmith_codegen::rules`.
pub fn rules() -> Vec<&'static Rule> {
    vec![&toml::RULE, &keys::RULE, &specs::RULE, &folders::RULE]
}

/// Where the reader met an error; the beginning of the file if it does not say.
fn place(error: &::toml::de::Error) -> Span {
    error.span().map_or(Span::START, |range| Span {
        start: range.start,
        end: range.end,
    })
}
