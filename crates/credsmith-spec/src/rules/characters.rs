//! CS0004: text holds no invisible characters.

use crate::diagnostic::{Diagnostic, Problems, Rule};
use crate::source::{Source, Span};
use crate::syntax::{Node, Value};

/// Text holds no invisible characters.
pub(crate) static RULE: Rule = Rule {
    code: "CS0004",
    title: "text holds no invisible characters",
    explanation: "\
Control characters, characters that change the direction of text, and characters without width can
make a spec read differently from what it says. They are refused everywhere: in comments, keys and
values, written as they are or as escapes. Line breaks and tabs are welcome.
",
    bad: r#"credsmith: 1
sdk: { name: "Ac\u200Bme" }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
"#,
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

/// The most places of one text that are reported.
const MOST_REPORTED: usize = 1_000;

/// Looks at the text as it stands, comments included.
pub(crate) fn check_source(source: &Source, problems: &mut Problems) {
    let text = source.text();
    // A byte order mark at the very beginning is what some editors write.
    let characters = text.char_indices();
    let characters = characters.skip_while(|(i, c)| *i == 0 && *c == '\u{FEFF}');
    let mut behind = usize::MAX;
    let mut shown = 0;
    for (start, character) in characters.filter(|(_, c)| is_suspicious(*c)) {
        let end = start + character.len_utf8();
        // One of a row of them says it all, and a file full of them needs no full account.
        if start != behind && shown < MOST_REPORTED {
            problems.push(found(character, Span { start, end }));
            shown += 1;
        }
        behind = end;
    }
}

/// Looks at keys and values for what escapes brought in.
pub(crate) fn check_values(node: &Node, source: &Source, problems: &mut Problems) {
    match &node.value {
        Value::Text(text) => check_text(text, node.span, source, problems),
        Value::Sequence(items) => {
            for item in items {
                check_values(item, source, problems);
            }
        }
        Value::Mapping(entries) => {
            for entry in entries {
                check_text(&entry.key, entry.key.span, source, problems);
                check_values(&entry.node, source, problems);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn check_text(text: &str, span: Span, source: &Source, problems: &mut Problems) {
    let spelled = source.slice(span);
    let escaped = text
        .chars()
        .find(|&c| is_suspicious(c) && !spelled.contains(c));
    if let Some(character) = escaped {
        problems.push(found(character, span));
    }
}

fn found(character: char, span: Span) -> Diagnostic {
    let code = u32::from(character);
    Diagnostic::error(
        &RULE,
        span,
        format!("the invisible character U+{code:04X} is not allowed"),
    )
    .help("remove it")
}

/// Control characters but tab and line breaks, separators of lines, directions, no width.
fn is_suspicious(c: char) -> bool {
    let control = c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    control
        || matches!(c,
            '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{00AD}' | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}'
            | '\u{E0000}'..='\u{E0FFF}')
}
