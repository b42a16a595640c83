//! CS0005: part of a value in a comment.

use crate::diagnostic::{Diagnostic, Rule};
use crate::source::Span;

/// Part of a value in a comment.
pub(crate) static RULE: Rule = Rule {
    code: "CS0005",
    title: "part of a value in a comment",
    explanation: "\
In YAML a `#` after a space begins a comment, also in the middle of an unquoted value: of `Order #1` only
`Order` is left. Put such a value in quotes. Comments are welcome, so this is a warning, and only for text
that can hold anything (names, descriptions, parameters, prefixes) if the `#` is followed by a character:
`#1` and `#tag` look like a part of the value, `# a remark` does not. Marks for other tools, such as
`#gitleaks:allow`, are known to be comments.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  basic:
    type: basic
    description: The account of store #1
",
    good: r#"credsmith: 1
sdk: { name: Acme } # the public name
schemes:
  basic:
    type: basic
    description: "The account of store #1"
"#,
};

/// What tools for secrets and other checkers look for in comments, in whatever case.
const MARKS: &[&str] = &[
    "gitleaks:",
    "trufflehog:",
    "pragma:",
    "checkov:",
    "nosec",
    "noqa",
    "nosonar",
];

/// Whether `text`, which follows a value, begins with a comment that looks like a part of the value.
pub(crate) fn is_lost(text: &str) -> bool {
    let Some(comment) = text.strip_prefix('#') else {
        return false;
    };
    let is_mark = |mark: &&str| {
        let start = comment.get(..mark.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(mark))
    };
    let begins_as_text = comment.starts_with(|c: char| c != '#' && !c.is_whitespace());
    begins_as_text && !MARKS.iter().any(is_mark)
}

/// The comment at `comment` follows the value at `value`.
pub(crate) fn lost(comment: Span, value: Span) -> Diagnostic {
    let message = "this is a comment, and not a part of the value before it";
    Diagnostic::warning(&RULE, comment, message)
        .also(value, "the whole value")
        .help("if it is a part of the value, put the value in quotes")
        .help("if it is a comment, write a space after the `#`")
}
