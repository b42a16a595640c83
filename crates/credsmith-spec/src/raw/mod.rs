//! Second stage: the tree becomes the keys of a spec, located and still unjudged.
//!
//! The structs here are the spec language: their doc comments are the descriptions in the JSON
//! Schema and in the reference, their fields the keys. Reading one notes unknown, doubled, missing
//! and mistyped keys, and goes on with what is left.

mod read;
mod scheme;
mod sdk;
mod text;

use schemars::JsonSchema;

use crate::diagnostic::Problems;
use crate::located::Located;
use crate::rules::wrong_type;
use crate::syntax::{Node, Value};

pub(crate) use read::{Entries, Read, Required, Word};
pub(crate) use scheme::{RawFieldNames, RawScheme, RawSchemeNames, RawScope, RawScopes};
pub(crate) use sdk::{RawEnvironment, RawRust, RawSdk, RawSdkNames};
pub(crate) use text::{Line, Prose, ScopeValue, Separator, Url};

/// Declares a mapping of the spec: its struct, its JSON Schema and how it is read, in one place.
macro_rules! mapping {
    (
        $(#[$meta:meta])*
        $name:ident { $( $(#[$field_meta:meta])* $key:literal => $field:ident: $type:ty, )* }
    ) => {
        #[derive(Debug, schemars::JsonSchema)]
        #[schemars(deny_unknown_fields, extend("patternProperties" = { "^x-": true }))]
        $(#[$meta])*
        pub(crate) struct $name {
            $( $(#[$field_meta])* #[schemars(rename = $key)] pub(crate) $field: $type, )*
        }

        impl $name {
            /// The keys, in the order of the documentation.
            pub(crate) const KEYS: &[&str] = &[$($key),*];
        }

        impl $crate::raw::Read for $name {
            fn read(
                node: &$crate::syntax::Node,
                at: $crate::source::Span,
                problems: &mut $crate::diagnostic::Problems,
            ) -> Option<Self> {
                let keys = $crate::raw::read::Keys::open(node, at, Self::KEYS, problems)?;
                Some(Self {
                    $( $field: keys.field($key, problems), )*
                })
            }
        }
    };
}
pub(crate) use mapping;

mapping! {
    /// A credsmith spec: how one API authenticates.
    #[schemars(rename = "Spec")]
    RawSpec {
        /// Version of the spec format. This credsmith reads version 1.
        #[schemars(extend("examples" = [1]))]
        "credsmith" => version: Required<Located<u64>>,
        /// The SDK that the generated modules belong to.
        "sdk" => sdk: Required<RawSdk>,
        /// The authentication schemes of the API, by the names its documentation gives them. Names
        /// of generated items come from these names, never from how many schemes there are.
        #[schemars(extend("minProperties" = 1))]
        "schemes" => schemes: Required<Entries<RawScheme>>,
    }
}

impl RawSpec {
    /// Reads the document's root.
    pub(crate) fn read_root(root: &Node, problems: &mut Problems) -> Option<Self> {
        if matches!(root.value, Value::Null) {
            problems.push(wrong_type::empty(root.span));
            return None;
        }
        Self::read(root, root.anchor(), problems)
    }
}

/// The keys of a schema's definition, in the order of the documentation.
pub(crate) fn keys_of(definition: &str) -> &'static [&'static str] {
    match definition {
        "Spec" => RawSpec::KEYS,
        "Sdk" => RawSdk::KEYS,
        "Environment" => RawEnvironment::KEYS,
        "Rust" => RawRust::KEYS,
        "SdkNames" => RawSdkNames::KEYS,
        "Scheme" => RawScheme::KEYS,
        "Scopes" => RawScopes::KEYS,
        "Scope" => RawScope::KEYS,
        "SchemeNames" => RawSchemeNames::KEYS,
        "FieldNames" => RawFieldNames::KEYS,
        _ => &[],
    }
}

/// The schema of the whole spec.
pub(crate) fn root_schema() -> schemars::Schema {
    schemars::generate::SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<RawSpec>()
}

/// Text that is checked to be one of a keyword's words later: the schema lists them.
impl<K: crate::keyword::Keyword> JsonSchema for Word<K> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        K::WHAT.into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let words = K::ALL.iter().map(
            |word| serde_json::json!({ "const": word.word(), "description": word.description() }),
        );
        schemars::json_schema!({ "type": "string", "oneOf": words.collect::<Vec<_>>() })
    }
}
