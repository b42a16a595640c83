//! Pieces of Rust.

use std::fmt;

use quote::ToTokens as _;

use super::Leaf;

/// Rust text that a template rendered, to be nested in another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Code(String);

impl Code {
    /// Code that came out of a template, or is known when credsmith is compiled.
    pub(crate) fn rendered(text: impl Into<String>) -> Leaf<Self> {
        Leaf(Self(text.into()))
    }

    /// What a template rendered, without the line breaks around it.
    pub(crate) fn block(text: &str) -> Leaf<Self> {
        Self::rendered(text.trim_end().trim_start_matches('\n'))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A string literal that means `text`, whatever is in it.
pub(crate) fn literal(text: &str) -> Leaf<Code> {
    Code::rendered(text.to_token_stream().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_means_its_text() {
        for text in ["a\"b", "\"#", "\\", "\n\r\t\0", "é\u{202E}", "{{x}}", "*/"] {
            let parsed: syn::LitStr = syn::parse_str(&literal(text).0.to_string()).unwrap();
            assert_eq!(parsed.value(), text);
        }
    }
}
