//! Pieces of Markdown, and the escaping of text in it.

use std::fmt;

use super::Leaf;

/// Markdown that a template rendered, to be nested in another one.
#[derive(Clone, Debug)]
pub(crate) struct Markdown(String);

impl Markdown {
    /// Markdown that came out of a template, or is known when credsmith is compiled.
    pub(crate) fn rendered(text: impl Into<String>) -> Leaf<Self> {
        Leaf(Self(text.into()))
    }
}

impl fmt::Display for Markdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A code span.
#[derive(Clone, Debug)]
pub(crate) struct CodeSpan {
    text: String,
    in_table: bool,
}

impl CodeSpan {
    /// `text` as code. Line breaks become spaces.
    pub(crate) fn new(text: impl fmt::Display) -> Leaf<Self> {
        Leaf(Self {
            text: text.to_string(),
            in_table: false,
        })
    }

    /// `text` as code in a table, where a bar would end the cell. What stands before a bar must be
    /// no backslash, as readers disagree on that; no name and no scope may hold one.
    pub(crate) fn in_table(text: impl fmt::Display) -> Leaf<Self> {
        Leaf(Self {
            text: text.to_string(),
            in_table: true,
        })
    }
}

impl fmt::Display for CodeSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.text.replace(['\n', '\r'], " ");
        if self.in_table {
            text = text.replace('|', "\\|");
        }
        let fence = "`".repeat(longest_run(&text, '`') + 1);
        let pad = if text.starts_with('`') || text.ends_with('`') {
            " "
        } else {
            ""
        };
        write!(f, "{fence}{pad}{text}{pad}{fence}")
    }
}

fn longest_run(text: &str, wanted: char) -> usize {
    text.split(|c| c != wanted).map(str::len).max().unwrap_or(0)
}

/// Text on one line, as it reads: nothing in it is markup.
pub(crate) fn inline(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    escaped_line(&joined)
}

/// Text as lines, each as it reads. Indentation, which would make code of them, is dropped.
pub(crate) fn lines(text: &str) -> Vec<String> {
    // A carriage return by itself ends a line too: no comment of Rust may hold one.
    let text = text.replace("\r\n", "\n");
    let lines = text.split(['\n', '\r']);
    lines.map(|line| escaped_line(line.trim())).collect()
}

/// Escapes what has a meaning in some Markdown: `CommonMark`, and the tables, links, mathematics,
/// attributes and definitions that others added to it.
fn escaped_line(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len() + 8);
    let mut before = None;
    for (start, character) in line.char_indices() {
        let rest = &line[start + character.len_utf8()..];
        if is_special(character, &line[..start], before, rest) {
            escaped.push('\\');
        }
        escaped.push(character);
        before = Some(character);
    }
    escaped
}

/// Whether a character means something where it stands: between `start`, which ends with `before`,
/// and `rest`.
fn is_special(character: char, start: &str, before: Option<char>, rest: &str) -> bool {
    match character {
        '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '{' | '}' | '&' | '|' | '~' | '$' | '^'
        | '@' => true,
        '_' => !(is_word(before) && is_word(rest.chars().next())),
        // Headings, which may end with `#` as well.
        '#' => before.is_none_or(char::is_whitespace),
        // Underlines of headings, lists.
        '=' | '+' | '-' => start.is_empty(),
        // Definitions, columns of tables, links that stand for themselves.
        ':' => start.is_empty() || rest.starts_with("//"),
        '.' => is_number(start) || ends_with_www(start),
        ')' => is_number(start),
        _ => false,
    }
}

fn ends_with_www(text: &str) -> bool {
    let end = text.len().checked_sub(3).and_then(|end| text.get(end..));
    end.is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

/// Whether a mark behind `text` would make an item of a numbered list.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_word(character: Option<char>) -> bool {
    character.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_no_markup() {
        assert_eq!(
            inline("a *b* [c](d) <e> `f` | g"),
            r"a \*b\* \[c\](d) \<e\> \`f\` \| g"
        );
        assert_eq!(inline("thingspace_oauth1 _x_"), r"thingspace_oauth1 \_x\_");
        assert_eq!(
            inline("see https://x.example\nnow"),
            r"see https\://x.example now"
        );
        assert_eq!(inline("# no heading"), r"\# no heading");
        assert_eq!(inline("1. no list"), r"1\. no list");
        assert_eq!(inline("C# and F #"), r"C# and F \#");
        assert_eq!(inline("www.a.example"), r"www\.a.example");
        assert_eq!(inline("{#id}"), r"\{#id\}");
        assert_eq!(inline("version 1.5 (new)"), "version 1.5 (new)");
        assert_eq!(lines("a\r  b\r\n: c\n"), ["a", "b", r"\: c", ""]);
    }

    #[test]
    fn code_spans_hold_anything() {
        assert_eq!(CodeSpan::new("a`b").0.to_string(), "``a`b``");
        assert_eq!(CodeSpan::new("`").0.to_string(), "`` ` ``");
        assert_eq!(CodeSpan::new("a|b").0.to_string(), "`a|b`");
        assert_eq!(CodeSpan::in_table("a|b").0.to_string(), r"`a\|b`");
    }
}
