//! CS0504: each spec has its output folders to itself.

use credsmith_spec::{Diagnostic, Rule, Span};

/// Each spec has its output folders to itself.
pub(crate) static RULE: Rule = Rule {
    code: "CS0504",
    title: "each spec has its output folders to itself",
    explanation: "\
What is generated from a spec goes into a folder of the spec's name, without its extension, below `modules` and `docs`.
Two specs of one name need different folders for these, or other names. Upper and lower case do not make a
difference, since some file systems do not tell them apart.
",
    bad: "\
[[output]]
specs = [\"specs/acme.yaml\"]
modules = \"src/auth\"

[[output]]
specs = [\"specs/acme.yaml\"]
modules = \"src/auth\"
",
    good: "\
[[output]]
specs = [\"specs/acme.yaml\"]
modules = \"src/auth\"

[[output]]
specs = [\"specs/acme.yaml\"]
modules = \"src/other\"
",
};

/// A spec, or another of the same name, has this folder already.
pub(crate) fn taken(spec: Span, folder: &str, other: Span) -> Diagnostic {
    let message = format!("the output folder `{}` is taken", folder.escape_debug());
    Diagnostic::error(&RULE, spec, message)
        .also(other, "by this one")
        .help("give two specs of one name different `modules` and `docs`, or list one spec once")
}
