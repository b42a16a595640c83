//! CS0402: names are no keywords.

use credsmith_spec::{Diagnostic, Rule};

use crate::naming::ident::Named;

/// Names are no keywords.
pub(crate) static RULE: Rule = Rule {
    code: "CS0402",
    title: "names are no keywords",
    explanation: "\
A name that is a keyword of Rust (those of edition 2024 and the reserved ones included) could only be
written in a raw form that nobody wants to type. Choose another one.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  gen:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  gen:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    names: { accessor: generation, module: generation }
",
};

/// Keywords and reserved words of Rust, all editions up to 2024.
const KEYWORDS: &[&str] = &[
    "Self",
    "abstract",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "macro_rules",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "pub",
    "raw",
    "ref",
    "return",
    "safe",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "union",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

/// Whether `name` is a keyword or reserved.
pub(crate) fn is_keyword(name: &str) -> bool {
    KEYWORDS.binary_search(&name).is_ok()
}

/// `name` is a keyword.
pub(crate) fn taken(name: &Named) -> Diagnostic {
    let message = format!(
        "{} cannot be named `{}`: that is a keyword",
        name.what,
        name.shown()
    );
    Diagnostic::error(&RULE, name.span, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_sorted_for_the_search() {
        assert!(KEYWORDS.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn all_that_syn_refuses_is_a_keyword() {
        for word in [
            "type", "async", "gen", "try", "Self", "dyn", "yield", "typeof",
        ] {
            assert!(is_keyword(word), "{word}");
        }
        for word in KEYWORDS {
            let soft = ["gen", "macro_rules", "raw", "safe", "union"].contains(word);
            assert_eq!(syn::parse_str::<syn::Ident>(word).is_ok(), soft, "{word}");
        }
    }
}
