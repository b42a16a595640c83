//! Kinds of text: all are read alike and judged by rules later; the JSON Schema says what it can of
//! the rule, so that an editor marks it while one types.

use std::ops::Deref;

use super::Read;
use super::read::trimmed;
use crate::diagnostic::Problems;
use crate::located::Located;
use crate::rules::lost_text;
use crate::source::Span;
use crate::syntax::Node;

/// Declares kinds of text by what their schemas add to `"type": "string"`, and by how their nodes are
/// read.
macro_rules! texts {
    ( $( $(#[$meta:meta])* $name:ident by $read:ident { $($schema:tt)* } )+ ) => { $(
        $(#[$meta])*
        #[derive(Debug)]
        pub(crate) struct $name(Located<String>);

        impl Deref for $name {
            type Target = Located<String>;

            fn deref(&self) -> &Located<String> {
                &self.0
            }
        }

        impl Read for $name {
            const IS_TEXT: bool = true;

            fn read(node: &Node, at: Span, problems: &mut Problems) -> Option<Self> {
                $read(node, at, problems).map(Self)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", $($schema)* })
            }
        }
    )+ };
}

texts! {
    /// One line that is not blank; white space around it does not count.
    Line by line { "title": "text of one line", "minLength": 1, "pattern": r"^\s*\S([^\r\n]*\S)?\s*$" }
    /// Text that is not blank, over as many lines as it needs.
    Prose by free { "title": "text", "minLength": 1, "pattern": r"\S" }
    /// An absolute `http` or `https` URL without user info and fragment.
    Url by as_it_is { "title": "URL", "format": "uri", "pattern": r"^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@\s]+([/?][^#\s]*)?$" }
    /// An issuer identifier: such a URL without query (RFC 8414 section 2).
    Issuer by as_it_is { "title": "URL", "format": "uri", "pattern": r"^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@\s]+(/[^?#\s]*)?$" }
    /// A scope as RFC 6749 section 3.3 allows it.
    ScopeValue by as_it_is { "title": "scope", "minLength": 1, "pattern": r"^[!#-\[\]-~]+$" }
    /// A token type as RFC 6749 appendix A.13 allows it.
    TokenType by as_it_is { "title": "token type", "minLength": 1, "pattern": r"^[!#-;=?-\[\]_a-z~]+$" }
    /// An error code as RFC 6749 section 5.2 allows it.
    ErrorCode by as_it_is { "title": "error code", "minLength": 1, "pattern": r"^[ !#-\[\]-~]*[!#-\[\]-~][ !#-\[\]-~]*$" }
    /// What stands before the value of an API key; the white space around it counts.
    Prefix by free { "title": "text of one line", "minLength": 1, "pattern": r"^[^\r\n]+$" }
    /// One mark, or a space.
    Separator by as_it_is { "title": "one character", "minLength": 1, "maxLength": 1, "pattern": r"^[ !-/:-@\[-`{-~]$" }
}

fn as_it_is(node: &Node, at: Span, problems: &mut Problems) -> Option<Located<String>> {
    Located::read(node, at, problems)
}

/// Text that is whatever its author wants: a comment right after it may have been meant as a part of it.
fn free(node: &Node, at: Span, problems: &mut Problems) -> Option<Located<String>> {
    let text = Located::read(node, at, problems);
    problems.extend(node.lost.map(|lost| lost_text::lost(lost, node.span)));
    text
}

fn line(node: &Node, at: Span, problems: &mut Problems) -> Option<Located<String>> {
    free(node, at, problems).map(|text| trimmed(&text))
}
