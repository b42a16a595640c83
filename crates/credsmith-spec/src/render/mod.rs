//! Diagnostics as text. One value, several renderings: for people, for programs, for the annotations
//! of a pull request, for code scanning.
//!
//! A rendering never judges: it shows what was found, in the order of the text.

mod github;
mod human;
#[cfg(feature = "schema")]
mod json;
#[cfg(feature = "schema")]
mod sarif;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Source;

pub use github::github;
pub use human::human;
#[cfg(feature = "schema")]
pub use json::json;
#[cfg(feature = "schema")]
pub use sarif::sarif;

/// The most diagnostics that one spec shows to people; the count of the others is told. Programs
/// get all of them.
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

/// The severity as a word. GitHub and SARIF use the same words.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// The message and what to do about it, as paragraphs of one text.
fn message_and_help(diagnostic: &Diagnostic) -> String {
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    diagnostic.message.clone() + &help.collect::<String>()
}

/// A path as reports name files: with `/` between its parts, whatever the system.
fn portable_path(source: &Source) -> String {
    source.name().replace(std::path::MAIN_SEPARATOR, "/")
}
