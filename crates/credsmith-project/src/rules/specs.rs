//! CS0503: the specs of the configuration are there.

use credsmith_spec::{Diagnostic, Rule, Span};

/// The specs of the configuration are there.
pub(crate) static RULE: Rule = Rule {
    code: "CS0503",
    title: "the specs of the configuration are there",
    explanation: "\
Each path in `specs` names a file. Paths are relative to the folder of `credsmith.toml`, whatever folder
the command runs in.
",
    bad: "\
[[output]]
specs = [\"acme.yaml\"]
modules = \"src/auth\"
",
    good: "\
[[output]]
specs = [\"specs/acme.yaml\"]
modules = \"src/auth\"
",
};

/// There is no file of this name.
pub(crate) fn missing(span: Span, path: &str) -> Diagnostic {
    Diagnostic::error(
        &RULE,
        span,
        format!("there is no spec `{}`", path.escape_debug()),
    )
    .help("paths are relative to the folder of this file; `credsmith init` writes a first spec")
}
