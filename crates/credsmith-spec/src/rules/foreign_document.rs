//! CS0107: the document is a spec of credsmith.

use crate::diagnostic::{Diagnostic, Rule};
use crate::source::Span;
use crate::syntax::{Node, Value};

/// The document is a spec of credsmith.
pub(crate) static RULE: Rule = Rule {
    code: "CS0107",
    title: "the document is a spec of credsmith",
    explanation: "\
credsmith reads no OpenAPI and no AsyncAPI documents: they leave open what an SDK has to know, such as
names, defaults and how tokens are kept. A spec is a file of its own, which begins with `credsmith: 1` and
holds only how the API authenticates. `credsmith init` writes a first one. What such a document says in
`securitySchemes` (in OpenAPI 2, `securityDefinitions`) is what `schemes` says here, in other words: they
can be copied, and `credsmith check` then says what to write instead.
",
    bad: "\
openapi: 3.1.0
info: { title: Acme, version: 1.0.0 }
paths: {}
components:
  securitySchemes:
    basic: { type: http, scheme: basic }
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  basic: { type: basic }
",
};

/// The key that names a format, what the format is called, and where it says how an API authenticates.
struct Format {
    key: &'static str,
    name: &'static str,
    schemes: &'static str,
}

const FORMATS: &[Format] = &[
    Format {
        key: "openapi",
        name: "an OpenAPI document",
        schemes: "components.securitySchemes",
    },
    Format {
        key: "swagger",
        name: "an OpenAPI document",
        schemes: "securityDefinitions",
    },
    Format {
        key: "asyncapi",
        name: "an AsyncAPI document",
        schemes: "components.securitySchemes",
    },
];

/// What the document is, if it is of another format. Such documents may be beyond the limits of specs, so
/// that there is no tree: then its beginning tells.
pub(crate) fn find(root: Option<&Node>, text: &str) -> Option<Diagnostic> {
    let (format, at) = match root {
        Some(root) => named_in(root)?,
        None => named_first(text)?,
    };
    Some(told(format, at))
}

fn told(format: &Format, at: Span) -> Diagnostic {
    let message = format!("this is {}, and not a spec of credsmith", format.name);
    let help = "write a spec of its own beside it, which begins with `credsmith: 1`; `credsmith init` \
                writes a first one";
    let schemes = format!(
        "only the authentication belongs into it: what is in `{}` becomes `schemes`",
        format.schemes
    );
    let found = Diagnostic::error(&RULE, at, message);
    found.help(help).help(schemes)
}

/// The format that a key of the root names, unless another one says that it is a spec.
fn named_in(root: &Node) -> Option<(&'static Format, Span)> {
    let Value::Mapping(entries) = &root.value else {
        return None;
    };
    if entries.iter().any(|entry| entry.key.value == "credsmith") {
        return None;
    }
    let named = |key: &str| FORMATS.iter().find(|format| format.key == key);
    entries
        .iter()
        .find_map(|entry| Some((named(&entry.key)?, entry.key.span)))
}

/// The format that the first key of the text names.
fn named_first(text: &str) -> Option<(&'static Format, Span)> {
    let key = behind_comments(text).trim_start_matches(['"', '\'']);
    let names = |format: &&Format| {
        let rest = key.strip_prefix(format.key);
        rest.is_some_and(|rest| rest.trim_start_matches(['"', '\'']).starts_with(':'))
    };
    let format = FORMATS.iter().find(names)?;
    let start = text.len() - key.len();
    let end = start + format.key.len();
    Some((format, Span { start, end }))
}

/// The text from its first key on: comments and the marks before it left out.
fn behind_comments(text: &str) -> &str {
    let mut rest = text.trim_start_matches('\u{FEFF}').trim_start();
    loop {
        rest = if rest.starts_with(['#', '%']) || rest.starts_with("---") {
            rest.split_once('\n').map_or("", |(_, rest)| rest)
        } else if let Some(rest) = rest.strip_prefix('{') {
            rest
        } else {
            return rest;
        }
        .trim_start();
    }
}
