//! The rendering for code scanning: a SARIF 2.1.0 log (OASIS standard, section 3).
//!
//! One run for the whole call. Only rules that were broken are listed, so the log stays as small as
//! what it reports.

use std::path::Path;

use serde_json::{Value, json};

use super::{message_and_help, portable_path, severity};
use crate::Checked;
use crate::diagnostic::{Diagnostic, Rule};
use crate::source::{Source, Span};

/// Renders the diagnostics of all specs as one SARIF log.
pub fn sarif(specs: &[Checked]) -> String {
    let rules = broken_rules(specs);
    let results = specs.iter().flat_map(|checked| {
        let problems = checked.diagnostics.iter();
        problems.map(|problem| result(&checked.source, problem, &rules))
    });
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "credsmith",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules.iter().map(|rule| describe(rule)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    });
    format!("{log:#}\n")
}

/// The rules that were broken, by code.
fn broken_rules(specs: &[Checked]) -> Vec<&'static Rule> {
    let found = specs.iter().flat_map(|checked| &checked.diagnostics);
    let mut rules: Vec<_> = found.map(|diagnostic| diagnostic.rule).collect();
    rules.sort_by_key(|rule| rule.code);
    rules.dedup_by_key(|rule| rule.code);
    rules
}

fn describe(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.explanation.replace('\n', " ").trim() },
        "help": {
            "text": format!("`credsmith explain {}` shows a spec that keeps this rule.", rule.code),
        },
    })
}

fn result(source: &Source, diagnostic: &Diagnostic, rules: &[&Rule]) -> Value {
    let index = rules.binary_search_by_key(&diagnostic.rule.code, |rule| rule.code);
    let related = diagnostic.secondary.iter().enumerate();
    let related = related.map(|(id, label)| {
        let mut place = location(source, label.span);
        place["id"] = json!(id);
        place["message"] = json!({ "text": label.text });
        place
    });
    json!({
        "ruleId": diagnostic.rule.code,
        "ruleIndex": index.unwrap_or_default(),
        "level": severity(diagnostic.severity),
        "message": { "text": message_and_help(diagnostic) },
        "locations": [location(source, diagnostic.primary.span)],
        "relatedLocations": related.collect::<Vec<_>>(),
    })
}

fn location(source: &Source, span: Span) -> Value {
    let mut place = json!({ "artifactLocation": { "uri": uri(source) } });
    // A file that could not be read has no places.
    if !source.text().is_empty() {
        let (start, end) = (source.position(span.start), source.position(span.end));
        place["region"] = json!({
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        });
    }
    json!({ "physicalLocation": place })
}

/// The path as a URI reference (RFC 3986 section 4.1): relative paths stay relative.
fn uri(source: &Source) -> String {
    let path = portable_path(source);
    let mut uri = String::new();
    if Path::new(source.name()).is_absolute() {
        uri += if path.starts_with('/') {
            "file://"
        } else {
            "file:///"
        };
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri += &format!("%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uri_references() {
        let uri = |name: &str| super::uri(&Source::new(name, ""));
        assert_eq!(uri("specs/acme.yaml"), "specs/acme.yaml");
        assert_eq!(uri("my specs/a:b%é.yaml"), "my%20specs/a%3Ab%25%C3%A9.yaml");
    }

    #[cfg(unix)]
    #[test]
    fn absolute_paths_become_file_uris() {
        let source = Source::new("/a b/acme.yaml", "");
        assert_eq!(super::uri(&source), "file:///a%20b/acme.yaml");
    }
}
