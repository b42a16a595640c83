//! CS0501: the configuration is TOML.

use std::io;

use credsmith_spec::{Diagnostic, Rule, Span};

/// The configuration is TOML.
pub(crate) static RULE: Rule = Rule {
    code: "CS0501",
    title: "the configuration is TOML",
    explanation: "\
`credsmith.toml` is a UTF-8 text file in the format TOML, <https://toml.io>. Text stands in quotes,
lists in square brackets.
",
    bad: "\
[[output]]
specs = [specs/acme.yaml]
modules = \"src/auth\"
",
    good: "\
[[output]]
specs = [\"specs/acme.yaml\"]
modules = \"src/auth\"
",
};

/// The text is no TOML.
pub(crate) fn broken(error: &toml::de::Error) -> Diagnostic {
    let message = error.message().replace('\n', ", ");
    Diagnostic::error(&RULE, super::place(error), message)
        .help("text stands in quotes, lists in square brackets")
}

/// The file cannot be read.
pub(crate) fn unreadable(error: &io::Error) -> Diagnostic {
    let message = format!("the configuration cannot be read: {error}");
    Diagnostic::error(&RULE, Span::START, message)
        .help("check that it is UTF-8 text, and the file's permissions")
}
