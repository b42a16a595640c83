//! The JSON Schema of what is read, besides the mappings and kinds of text, which say theirs where they
//! are declared.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::json;

use super::security::{RawAlternative, RawGroup};
use super::{
    Entries, Line, List, Pairs, RawLongGroup, RawSpec, RawTokenLifetime, RawVersion, Required, Word,
};
use crate::keyword::Keyword;
use crate::located::Located;
use crate::rules::number::LONGEST_OF_TOKENS;

/// The schema of the whole spec.
pub(crate) fn root_schema() -> Schema {
    schemars::generate::SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<RawSpec>()
}

/// Text that is checked to be one of a keyword's words later: the schema lists them.
impl<K: Keyword> JsonSchema for Word<K> {
    fn schema_name() -> Cow<'static, str> {
        K::WHAT.into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words = K::ALL
            .iter()
            .map(|word| json!({ "const": word.word(), "description": word.description() }));
        json_schema!({ "type": "string", "oneOf": words.collect::<Vec<_>>() })
    }
}

/// Places are no part of the language: the schema of a located value is that of the value.
macro_rules! transparent_schema {
    ($($wrapper:ident),*) => { $(
        impl<T: JsonSchema> JsonSchema for $wrapper<T> {
            fn schema_name() -> Cow<'static, str> {
                T::schema_name()
            }

            fn inline_schema() -> bool {
                T::inline_schema()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                T::json_schema(generator)
            }
        }
    )* };
}
transparent_schema!(Located, Required);

impl<T: JsonSchema> JsonSchema for List<T> {
    fn schema_name() -> Cow<'static, str> {
        Vec::<T>::schema_name()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Vec::<T>::json_schema(generator)
    }
}

impl<T: JsonSchema> JsonSchema for Entries<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("EntriesOf{}", T::schema_name()).into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Pairs::<T>::json_schema(generator);
        let extensions = serde_json::json!({ "^x-": true });
        schema.insert("patternProperties".to_owned(), extensions);
        schema
    }
}

impl<T: JsonSchema> JsonSchema for Pairs<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("PairsOf{}", T::schema_name()).into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        json_schema!({
            "type": "object",
            "propertyNames": { "minLength": 1 },
            "additionalProperties": value,
        })
    }
}

impl JsonSchema for RawTokenLifetime {
    fn schema_name() -> Cow<'static, str> {
        "TokenLifetime".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let longest = LONGEST_OF_TOKENS;
        json_schema!({
            "title": format!("whole number, 1 to {longest}, or the word `{}`", Self::NEVER),
            "anyOf": [
                { "type": "integer", "minimum": 1, "maximum": longest },
                { "const": Self::NEVER },
            ],
        })
    }
}

impl JsonSchema for RawVersion {
    fn schema_name() -> Cow<'static, str> {
        u64::schema_name()
    }

    fn inline_schema() -> bool {
        u64::inline_schema()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        u64::json_schema(generator)
    }
}

impl JsonSchema for RawGroup {
    fn schema_name() -> Cow<'static, str> {
        "Group".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut short = generator.subschema_for::<Vec<RawAlternative>>();
        short.insert("minItems".to_owned(), 1.into());
        let long = generator.subschema_for::<RawLongGroup>();
        json_schema!({ "title": "group", "anyOf": [short, long] })
    }
}

impl JsonSchema for RawAlternative {
    fn schema_name() -> Cow<'static, str> {
        "Alternative".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<Line>();
        let together = generator.subschema_for::<Vec<Line>>();
        json_schema!({ "title": "alternative", "anyOf": [one, together] })
    }
}
