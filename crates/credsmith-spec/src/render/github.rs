//! The rendering for GitHub Actions: workflow commands, which become annotations of the changed
//! files.
//!
//! The form is that of
//! <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>: one command a
//! line, with what would end a property or the line percent-encoded.

use std::fmt::Write as _;

use super::{message_and_help, portable_path, severity};
use crate::Checked;
use crate::diagnostic::Diagnostic;
use crate::source::Source;

/// Renders the diagnostics of all specs, a command a line.
pub fn github(specs: &[Checked]) -> String {
    let mut commands = String::new();
    for checked in specs {
        for diagnostic in &checked.diagnostics {
            commands += &command(&checked.source, diagnostic);
            commands.push('\n');
        }
    }
    commands
}

fn command(source: &Source, diagnostic: &Diagnostic) -> String {
    let span = diagnostic.primary.span;
    let (start, end) = (source.position(span.start), source.position(span.end));
    let mut command = format!(
        "::{} file={},line={},endLine={},",
        severity(diagnostic.severity),
        property(&portable_path(source)),
        start.line,
        end.line,
    );
    // GitHub shows columns only where a mark stays on its line.
    if start.line == end.line {
        let _ = write!(command, "col={},endColumn={},", start.column, end.column);
    }
    let title = format!("{}: {}", diagnostic.rule.code, diagnostic.rule.title);
    let text = message_and_help(diagnostic);
    command + &format!("title={}::{}", property(&title), data(&text))
}

/// Text behind the last `::`. The log is shown in terminals too: other control characters go.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace(char::is_control, "\u{FFFD}")
}

/// The value of a property, which ends at `,` or `::`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_one_line_and_names_the_place() {
        let checked = crate::parse("a,b:c%\n.yaml", "credsmith: 2\nsdk: { name: A }\n");
        let commands = github(&[checked]);
        let lines: Vec<_> = commands.lines().collect();
        assert_eq!(
            lines,
            [
                "::error file=a%2Cb%3Ac%25%0A.yaml,line=1,endLine=1,col=12,endColumn=13,\
                 title=CS0105%3A the format version is known::spec format 2 is not known, only 1\
                 %0Ahelp: update credsmith, or write `credsmith: 1`",
            ]
        );
    }

    #[test]
    fn text_cannot_begin_a_command_of_its_own() {
        assert_eq!(data("a\r\n::error::b %0A"), "a%0D%0A::error::b %250A");
        assert_eq!(property("x,line=1::y"), "x%2Cline=1%3A%3Ay");
    }
}
