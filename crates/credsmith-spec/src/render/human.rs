//! The rendering for people: source lines with marks, and what to do.

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
    let shown = diagnostics.iter().take(MOST_SHOWN);
    let mut text: String = shown
        .map(|diagnostic| renderer.render(&report(source, diagnostic)) + "\n\n")
        .collect();
    if let Some(more @ 1..) = diagnostics.len().checked_sub(MOST_SHOWN) {
        text += &format!("{}: {more} more are not shown\n\n", source.name());
    }
    text
}

fn report<'a>(source: &'a Source, diagnostic: &'a Diagnostic) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.rule.code);
    let mut group = Group::with_title(title);
    if source.text().is_empty() {
        group = group.element(annotate_snippets::Origin::path(source.name()));
    } else {
        group = group.element(snippet(source, diagnostic));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    vec![group]
}

fn snippet<'a>(
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
    Snippet::source(source.text())
        .path(source.name())
        .annotations(marks)
}

fn mark(kind: AnnotationKind, span: Span, text: &str) -> annotate_snippets::Annotation<'_> {
    let mark = kind.span(span.range());
    if text.is_empty() {
        mark
    } else {
        mark.label(text)
    }
}
