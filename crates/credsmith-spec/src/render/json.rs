//! The rendering for programs: a JSON array, an object a diagnostic.

use serde_json::{Value, json};

use super::severity;
use crate::Checked;
use crate::diagnostic::{Diagnostic, Label};
use crate::source::{Source, Span};

/// Renders the diagnostics of all specs as one JSON array, an element a line.
pub fn json(specs: &[Checked]) -> String {
    let found = specs.iter().flat_map(|checked| {
        let problems = checked.diagnostics.iter();
        problems.map(|problem| format!("\n  {}", object(&checked.source, problem)))
    });
    format!("[{}\n]\n", found.collect::<Vec<_>>().join(","))
}

/// A diagnostic: path, place, severity, code, message, labels and help.
fn object(source: &Source, diagnostic: &Diagnostic) -> Value {
    json!({
        "path": source.name(),
        "code": diagnostic.rule.code,
        "severity": severity(diagnostic.severity),
        "message": diagnostic.message,
        "span": span(source, diagnostic.primary.span),
        "label": diagnostic.primary.text,
        "related": diagnostic.secondary.iter().map(|also| label(source, also)).collect::<Vec<_>>(),
        "help": diagnostic.help,
    })
}

fn label(source: &Source, label: &Label) -> Value {
    json!({ "span": span(source, label.span), "label": label.text })
}

/// Lines and columns count from one, columns in characters; bytes count from zero.
fn span(source: &Source, span: Span) -> Value {
    let (start, end) = (source.position(span.start), source.position(span.end));
    json!({
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "start_byte": span.start,
        "end_byte": span.end,
    })
}
