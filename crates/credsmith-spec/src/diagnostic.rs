//! Diagnostics as values: what is wrong, where, and the way out. Rendering is another matter.

use std::collections::BTreeSet;

use crate::source::Span;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// No code is generated.
    Error,
    /// Code is generated; somebody should look.
    Warning,
}

/// A rule that specs must keep: what `credsmith explain` knows of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable code, `CS` and four digits; never used again for something else.
    pub code: &'static str,
    /// The rule in a few words.
    pub title: &'static str,
    /// Why it is there and how to keep it, as Markdown paragraphs.
    pub explanation: &'static str,
    /// A spec that breaks the rule.
    pub bad: &'static str,
    /// The same spec, mended.
    pub good: &'static str,
}

/// A remark on another place that belongs to a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is to be said of it.
    pub text: String,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line without a full stop.
    pub message: String,
    /// The place to look at first, with a word on it.
    pub primary: Label,
    /// Other places that matter.
    pub secondary: Vec<Label>,
    /// What to do about it.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// An error at `span`.
    pub fn error(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: Severity::Error,
            message: message.into(),
            primary: Label {
                span,
                text: String::new(),
            },
            secondary: Vec::new(),
            help: Vec::new(),
        }
    }

    /// A warning at `span`.
    pub fn warning(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(rule, span, message)
        }
    }

    /// Adds a word on the primary place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Adds a remark on another place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Adds a way out.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds a way out if there is one.
    #[must_use]
    pub fn help_if(self, text: Option<String>) -> Self {
        match text {
            Some(text) => self.help(text),
            None => self,
        }
    }
}

/// Where the stages put what they find.
#[derive(Debug, Default)]
pub struct Problems {
    found: Vec<Diagnostic>,
}

impl Problems {
    /// Notes a problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Notes problems, if there are any.
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.found.extend(diagnostics);
    }

    /// Notes what was found apart.
    pub(crate) fn append(&mut self, other: Self) {
        self.found.extend(other.found);
    }

    /// Adds a way out to all.
    pub(crate) fn add_help(&mut self, text: &str) {
        for problem in &mut self.found {
            problem.help.push(text.to_owned());
        }
    }

    /// Where `rule` was broken.
    pub(crate) fn places_of(&self, rule: &'static Rule) -> BTreeSet<Span> {
        let of_rule = self.found.iter().filter(|problem| problem.rule == rule);
        of_rule.map(|problem| problem.primary.span).collect()
    }

    /// Whether any problem forbids generating code.
    pub fn any_error(&self) -> bool {
        self.found
            .iter()
            .any(|problem| problem.severity == Severity::Error)
    }

    /// Forgets all but the problems of `rule`: what follows from such a problem is not worth telling.
    pub(crate) fn let_outshine(&mut self, rule: &'static Rule) {
        self.found.retain(|problem| problem.rule == rule);
    }

    /// All problems in the order of the text; those of one place stay in the order of finding.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.found.sort_by_key(|problem| problem.primary.span);
        self.found
    }
}
