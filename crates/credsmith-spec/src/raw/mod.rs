//! Second stage: the tree becomes the keys of a spec, located and still unjudged.
//!
//! The structs here are the spec language: their doc comments are the descriptions in the JSON
//! Schema and in the reference, their fields the keys. Reading one notes unknown, doubled, missing
//! and mistyped keys, and goes on with what is left.

pub(crate) mod applicable;
#[cfg(feature = "schema")]
mod conditions;
mod elsewhere;
#[cfg(feature = "schema")]
mod json_schema;
mod lifetime;
mod list;
mod names;
mod read;
mod scheme;
mod scopes;
mod sdk;
mod security;
mod simple;
mod text;
mod version;

use crate::diagnostic::Problems;
use crate::rules::wrong_type;
use crate::syntax::{Node, Value};

#[cfg(feature = "schema")]
pub(crate) use json_schema::root_schema;
pub(crate) use lifetime::RawTokenLifetime;
pub(crate) use list::List;
#[cfg(feature = "schema")]
pub(crate) use names::RawFieldNames;
pub(crate) use names::{Names, RawSchemeNames, RawSdkNames};
pub(crate) use read::{Entries, Given, Pairs, Read, Required, Word};
pub(crate) use scheme::RawScheme;
pub(crate) use scopes::{RawScope, RawScopes};
pub(crate) use sdk::{RawEnvironment, RawRust, RawSdk};
pub(crate) use security::RawGroup;
#[cfg(feature = "schema")]
pub(crate) use security::RawLongGroup;
pub(crate) use simple::{RawAssertion, RawCustomField, RawKey};
pub(crate) use text::{
    ErrorCode, Issuer, Line, Prefix, Prose, ScopeValue, Separator, TokenType, Url,
};
pub(crate) use version::RawVersion;

/// Declares a mapping of the spec: its struct, its JSON Schema and how it is read, in one place.
///
/// The key behind the name, if any, is the one whose value people write in place of the mapping.
/// `keeps given` keeps the places of the keys; `elsewhere` is a function that knows what other formats
/// write in place of the mapping, and `useful` one that knows which of the keys have a meaning beside what
/// else is there.
macro_rules! mapping {
    (
        $(#[$meta:meta])*
        $name:ident $(, $main:literal)? $(, keeps $given:ident)? $(, elsewhere $elsewhere:path)? $(, useful $useful:path)? { $( $(#[$field_meta:meta])* $key:literal => $field:ident: $type:ty, )* }
    ) => {
        #[cfg(feature = "schema")]
        #[derive(Debug, schemars::JsonSchema)]
        #[schemars(deny_unknown_fields, extend("patternProperties" = { "^x-": true }))]
        $(#[$meta])*
        pub(crate) struct $name {
            $( $(#[$field_meta])* #[schemars(rename = $key)] pub(crate) $field: $type, )*
            $( #[schemars(skip)] pub(crate) $given: $crate::raw::Given, )?
        }

        // The same without what only the schema is told.
        #[cfg(not(feature = "schema"))]
        #[derive(Debug)]
        pub(crate) struct $name {
            $( pub(crate) $field: $type, )*
            $( pub(crate) $given: $crate::raw::Given, )?
        }

        impl $name {
            /// The keys, in the order of the documentation.
            pub(crate) const KEYS: &[&str] = &[$($key),*];
        }

        impl $crate::raw::Read for $name {
            $( const MAIN_KEY: Option<&'static str> = Some($main); )?

            fn read(
                node: &$crate::syntax::Node,
                at: $crate::source::Span,
                problems: &mut $crate::diagnostic::Problems,
            ) -> Option<Self> {
                $(
                    let meant = $elsewhere(node, at, problems);
                    let node = meant.as_ref().unwrap_or(node);
                )?
                let useful: &[fn(&$crate::syntax::Node) -> Vec<&'static str>] = &[$($useful)?];
                let useful = useful.first().map(|useful| useful(node));
                let useful = useful.as_deref().unwrap_or(Self::KEYS);
                let keys = $crate::raw::read::Keys::open(node, at, Self::KEYS, useful, problems)?;
                Some(Self {
                    $( $field: keys.field($key, problems), )*
                    $( $given: keys.given(), )?
                })
            }
        }
    };
}
pub(crate) use mapping;

mapping! {
    /// A credsmith spec: how one API authenticates.
    #[schemars(rename = "Spec")]
    RawSpec, elsewhere elsewhere::spec {
        /// Version of the spec format. This credsmith reads version 1.
        #[schemars(extend("examples" = [1]))]
        "credsmith" => version: Required<RawVersion>,
        /// The SDK that the generated modules belong to.
        "sdk" => sdk: Required<RawSdk>,
        /// The authentication schemes of the API, by the names its documentation gives them. Names
        /// of generated items come from these names, never from how many schemes there are.
        #[schemars(extend("minProperties" = 1))]
        "schemes" => schemes: Required<Entries<RawScheme>>,
        /// What the operations of the API need, by groups of operations: for each group its
        /// alternatives, the preferred one first, of which the client takes the first whose credentials
        /// are all set, signed in or not. An alternative is a scheme's name, or a list of names: schemes
        /// that are needed together; the empty list needs nothing. The group `default` is required. In
        /// Rust each group becomes a method of the client that sends requests: `execute` for `default`,
        /// `execute_NAME` for others. Default: each scheme alone, in their order.
        #[schemars(extend("required" = ["default"]))]
        #[schemars(extend("examples" = [{ "default": ["oauth2", ["api_key", "basic"]], "health": [[]] }]))]
        "security" => security: Option<Entries<RawGroup>>,
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

    /// Whether the spec is written in a version of the format that is yet to come.
    pub(crate) fn is_newer(&self) -> bool {
        self.version.0.as_ref().is_some_and(RawVersion::is_newer)
    }
}

/// The keys of a schema's definition, in the order of the documentation.
#[cfg(feature = "schema")]
pub(crate) fn keys_of(definition: &str) -> &'static [&'static str] {
    match definition {
        "Spec" => RawSpec::KEYS,
        "Sdk" => RawSdk::KEYS,
        "Environment" => RawEnvironment::KEYS,
        "Rust" => RawRust::KEYS,
        "SdkNames" => RawSdkNames::KEYS,
        "Scheme" => RawScheme::KEYS,
        "Key" => RawKey::KEYS,
        "CustomField" => RawCustomField::KEYS,
        "Assertion" => RawAssertion::KEYS,
        "SecurityGroup" => RawLongGroup::KEYS,
        "Scopes" => RawScopes::KEYS,
        "Scope" => RawScope::KEYS,
        "SchemeNames" => RawSchemeNames::KEYS,
        "FieldNames" => RawFieldNames::KEYS,
        _ => &[],
    }
}
