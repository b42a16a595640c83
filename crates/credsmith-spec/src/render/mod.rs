//! Diagnostics as text. One value, several renderings.

mod human;
mod json;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Source;

pub use human::human;
pub use json::json;

/// The most diagnostics that one spec shows; the count of the others is told.
pub const MOST_SHOWN: usize = 50;

/// `path:line:column: error[CODE]: message`, in one line.
pub fn short(source: &Source, diagnostic: &Diagnostic) -> String {
    let place = source.position(diagnostic.primary.span.start);
    format!(
        "{}:{}:{}: {}[{}]: {}",
        source.name(),
        place.line,
        place.column,
        severity(diagnostic.severity),
        diagnostic.rule.code,
        diagnostic.message,
    )
}

/// The severity as a word.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
