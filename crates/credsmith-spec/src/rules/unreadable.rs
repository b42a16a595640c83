//! CS0001: the spec can be read.

use crate::diagnostic::{Diagnostic, Rule};
use crate::source::Span;

/// The spec can be read.
pub(crate) static RULE: Rule = Rule {
    code: "CS0001",
    title: "the spec can be read",
    explanation: "\
A spec is a UTF-8 text file. The path must name a file that exists and that you may read; paths are
relative to the folder the command runs in. A file in another encoding has to be converted first.
",
    bad: "\
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
",
};

/// The file system said no.
pub(crate) fn io(error: &std::io::Error) -> Diagnostic {
    let help = match error.kind() {
        std::io::ErrorKind::NotFound => "check the path; `credsmith init` writes a first spec",
        std::io::ErrorKind::IsADirectory => "name the spec file in it",
        _ => "check the file's permissions",
    };
    Diagnostic::error(
        &RULE,
        Span::START,
        format!("the spec cannot be read: {error}"),
    )
    .help(help)
}

/// The bytes are no text.
pub(crate) fn not_utf8(valid_up_to: usize) -> Diagnostic {
    let message = format!("the spec is not UTF-8 text: byte {valid_up_to} is the first wrong one");
    Diagnostic::error(&RULE, Span::START, message).help("save the file as UTF-8")
}
