//! The rendering for people: source lines with marks, and what to do.
//!
//! What it is given may be hostile: control characters, of the text and of the file's name, never
//! reach the terminal as they are.

use std::borrow::Cow;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::MOST_SHOWN;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Source, Span};

/// Renders diagnostics of one spec; `color` adds terminal colours.
pub fn human(source: &Source, diagnostics: &[Diagnostic], color: bool) -> String {
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let name = printable(source.name());
    let shown = diagnostics.iter().take(MOST_SHOWN);
    let mut text: String = shown
        .map(|diagnostic| renderer.render(&report(&name, source, diagnostic)) + "\n\n")
        .collect();
    if let Some(more @ 1..) = diagnostics.len().checked_sub(MOST_SHOWN) {
        let all = diagnostics.len();
        text += &format!("{name}: {more} of {all} problems are not shown\n\n");
    }
    text
}

/// A file's name on one line.
fn printable(name: &str) -> Cow<'_, str> {
    if name.contains(char::is_control) {
        name.replace(char::is_control, "\u{FFFD}").into()
    } else {
        name.into()
    }
}

fn report<'a>(name: &'a str, source: &'a Source, diagnostic: &'a Diagnostic) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.rule.code);
    let mut group = Group::with_title(title);
    if source.text().is_empty() {
        group = group.element(annotate_snippets::Origin::path(name));
    } else {
        group = group.element(snippet(name, source, diagnostic));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    vec![group]
}

fn snippet<'a>(
    name: &'a str,
    source: &'a Source,
    diagnostic: &'a Diagnostic,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let primary = &diagnostic.primary;
    let mut marks = vec![mark(AnnotationKind::Primary, primary.span, &primary.text)];
    marks.extend(
        diagnostic
            .secondary
            .iter()
            .map(|also| mark(AnnotationKind::Context, also.span, &also.text)),
    );
    Snippet::source(source.text()).path(name).annotations(marks)
}

fn mark(kind: AnnotationKind, span: Span, text: &str) -> annotate_snippets::Annotation<'_> {
    let mark = kind.span(span.range());
    if text.is_empty() {
        mark
    } else {
        mark.label(text)
    }
}
