//! CS0502: the keys of the configuration are known and complete.

use credsmith_spec::{Diagnostic, Rule, Span, closest};

/// The keys of the configuration are known and complete.
pub(crate) static RULE: Rule = Rule {
    code: "CS0502",
    title: "the keys of the configuration are known and complete",
    explanation: "\
A key that credsmith does not know would be silently without effect, so it is an error. Each `[[output]]`
needs `specs`, a list of paths, and at least one of `modules` and `docs`, the folders that get a folder for
each spec. `target` is the language of the output, `rust` unless it is set. Beside the outputs there are
`command`, which headers of generated files name in place of `credsmith generate`, and `format`: with `false`,
generated Rust is not formatted by rustfmt. Paths are relative to the file.
",
    bad: "\
[[output]]
specs = [\"specs/acme.yaml\"]
module = \"src/auth\"
",
    good: "\
[[output]]
specs = [\"specs/acme.yaml\"]
modules = \"src/auth\"
",
};

/// What the reader of keys says, in our words where it knows a few forms.
pub(crate) fn wrong(error: &toml::de::Error) -> Diagnostic {
    let message = error.message().replace('\n', ", ");
    let words: Vec<_> = message.split('`').skip(1).step_by(2).collect();
    let at = |message: String| Diagnostic::error(&RULE, super::place(error), message);
    match words[..] {
        [key, ref known @ ..] if message.starts_with("unknown field") => {
            at(format!("unknown key `{key}`")).help(meant(key, known))
        }
        [word, ref known @ ..] if message.starts_with("unknown variant") => {
            at(format!("unknown word `{word}`")).help(meant(word, known))
        }
        [key] if message.starts_with("missing field") => {
            at(format!("the key `{key}` is missing")).help(format!("add `{}`", example(key)))
        }
        _ => at(message)
            .help("`output` is a list of tables, `specs` one of texts, `format` is `true` or `false`, each other value is a text"),
    }
}

/// The configuration generates nothing.
pub(crate) fn no_output() -> Diagnostic {
    Diagnostic::error(&RULE, Span::START, "there is no output")
        .help(format!("add `{}`", example("output")))
}

/// An output without specs.
pub(crate) fn no_specs(span: Span) -> Diagnostic {
    Diagnostic::error(&RULE, span, "an output without specs")
        .help(format!("name some: `{}`", example("specs")))
}

/// An output that goes nowhere.
pub(crate) fn nowhere(span: Span) -> Diagnostic {
    Diagnostic::error(&RULE, span, "nothing is generated from these specs").help(
        "say where to, beside `specs`: `modules = \"src/auth\"`, `docs = \"docs/auth\"`, or both",
    )
}

fn meant(word: &str, known: &[&str]) -> String {
    match closest(word, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("known here: `{}`", known.join("`, `")),
    }
}

fn example(key: &str) -> &'static str {
    match key {
        "output" => "[[output]]",
        _ => "specs = [\"specs/acme.yaml\"]",
    }
}
