//! What goes to the terminal: data to stdout, words to stderr.

use std::ffi::OsStr;
use std::io::{self, IsTerminal as _, Write as _};

use credsmith_spec::{Checked, Severity, render};

/// Whether words on stderr may have colours.
fn color() -> bool {
    let no_color = std::env::var_os("NO_COLOR");
    is_colored(io::stderr().is_terminal(), no_color.as_deref())
}

/// Colours are for terminals, unless `NO_COLOR` is set to anything (<https://no-color.org>).
fn is_colored(is_terminal: bool, no_color: Option<&OsStr>) -> bool {
    is_terminal && no_color.is_none_or(OsStr::is_empty)
}

/// A line of data.
pub(crate) fn data(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match writeln!(stdout, "{text}") {
        // Whoever reads has read enough: `credsmith schema | head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// A line of words. Where stderr is gone, there is nobody to tell.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Text from elsewhere on one line, without what moves a cursor or changes colours.
pub(crate) fn clean(text: &str) -> String {
    text.replace(char::is_control, "?")
}

/// What went wrong.
pub(crate) fn error(text: &str) {
    say(&format!("error: {text}"));
}

/// Shows the problems of specs; true if any is an error.
pub(crate) fn problems(specs: &[Checked]) -> bool {
    for checked in specs
        .iter()
        .filter(|checked| !checked.diagnostics.is_empty())
    {
        say(render::human(&checked.source, &checked.diagnostics, color()).trim_end());
        say("");
    }
    let all = || specs.iter().flat_map(|checked| &checked.diagnostics);
    let errors = all()
        .filter(|problem| problem.severity == Severity::Error)
        .count();
    let warnings = all().count() - errors;
    if errors + warnings > 0 {
        let code = all().next().map_or("", |problem| problem.rule.code);
        say(&format!(
            "{}, {}; `credsmith explain {code}` tells more",
            counted(errors, "error"),
            counted(warnings, "warning"),
        ));
    }
    specs.iter().any(|checked| checked.spec.is_none())
}

/// "1 file", "2 files"
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_for_terminals_that_want_them() {
        assert!(is_colored(true, None));
        assert!(is_colored(true, Some(OsStr::new(""))));
        assert!(!is_colored(true, Some(OsStr::new("1"))));
        assert!(!is_colored(true, Some(OsStr::new("0"))));
        assert!(!is_colored(false, None));
    }
}
