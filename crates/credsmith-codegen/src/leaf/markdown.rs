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

    /// `text` as code in a table, where a bar would end the cell.
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
    text.lines().map(|line| escaped_line(line.trim())).collect()
}

/// Escapes what has a meaning in Markdown (CommonMark, tables, mathematics, HTML, links).
fn escaped_line(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len() + 8);
    let mut before = None;
    for (start, character) in line.char_indices() {
        let rest = &line[start + character.len_utf8()..];
        let special = match character {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '$' => true,
            '_' => !(is_word(before) && is_word(rest.chars().next())),
            ':' => rest.starts_with("//"),
            '#' | '=' => start == 0,
            '+' | '-' => start == 0,
            '.' | ')' => line[..start].bytes().all(|byte| byte.is_ascii_digit()) && start > 0,
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(character);
        before = Some(character);
    }
    escaped
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
    }

    #[test]
    fn code_spans_hold_anything() {
        assert_eq!(CodeSpan::new("a`b").0.to_string(), "``a`b``");
        assert_eq!(CodeSpan::new("`").0.to_string(), "`` ` ``");
        assert_eq!(CodeSpan::new("a|b").0.to_string(), "`a|b`");
        assert_eq!(CodeSpan::in_table("a|b").0.to_string(), r"`a\|b`");
    }
}
