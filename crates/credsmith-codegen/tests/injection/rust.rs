//! Generated Rust as tokens: its shape without texts, and the texts in it.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::output::text_of;

/// The tokens with literals and documentation left out, and names too if `erase` says so.
pub(crate) fn shape(text: &str, erase: bool) -> Result<String, String> {
    let mut shape = String::new();
    write_shape(tokens(text)?, erase, &mut shape);
    Ok(shape)
}

fn tokens(text: &str) -> Result<TokenStream, String> {
    let parsed = text.parse();
    parsed.map_err(|error| format!("{error} in\n{text}"))
}

fn write_shape(tokens: TokenStream, erase: bool, shape: &mut String) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut rest = tokens.as_slice();
    while let Some(token) = rest.first() {
        if let Some(count) = documentation(rest).map(|(_, count)| count) {
            rest = &rest[count..];
            continue;
        }
        match token {
            TokenTree::Group(group) => {
                *shape += match group.delimiter() {
                    Delimiter::Parenthesis => "(",
                    Delimiter::Brace => "{",
                    Delimiter::Bracket => "[",
                    Delimiter::None => "",
                };
                write_shape(group.stream(), erase, shape);
                *shape += "end\n";
            }
            TokenTree::Ident(name) if erase && !is_keyword(&name.to_string()) => *shape += "name ",
            TokenTree::Ident(name) => *shape += &format!("{name} "),
            TokenTree::Punct(mark) => shape.push(mark.as_char()),
            TokenTree::Literal(_) => *shape += "literal ",
        }
        rest = &rest[1..];
    }
}

fn is_keyword(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_err()
}

/// The text of `#[doc = "…"]`, or of `///`, at the beginning of the tokens, and how many they are.
fn documentation(tokens: &[TokenTree]) -> Option<(String, usize)> {
    let [TokenTree::Punct(mark), TokenTree::Group(group), ..] = tokens else {
        return None;
    };
    let inside: Vec<_> = group.stream().into_iter().collect();
    match inside.as_slice() {
        [
            TokenTree::Ident(doc),
            TokenTree::Punct(_),
            TokenTree::Literal(text),
        ] if mark.as_char() == '#' && doc == "doc" => Some((string(text)?, 2)),
        _ => None,
    }
}

fn string(literal: &proc_macro2::Literal) -> Option<String> {
    let literal: syn::LitStr = syn::parse_str(&literal.to_string()).ok()?;
    Some(literal.value())
}

/// The values of string literals, and the text of documentation as a reader sees it.
pub(crate) fn texts(text: &str) -> Result<Vec<String>, String> {
    let mut texts = Vec::new();
    collect(tokens(text)?, &mut texts);
    Ok(texts)
}

fn collect(tokens: TokenStream, texts: &mut Vec<String>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut rest = tokens.as_slice();
    let mut page = String::new();
    while let Some(token) = rest.first() {
        if let Some((line, count)) = documentation(rest) {
            page += &line;
            page.push('\n');
            rest = &rest[count..];
            continue;
        }
        if !page.is_empty() {
            texts.push(text_of(&std::mem::take(&mut page)));
        }
        match token {
            TokenTree::Group(group) => collect(group.stream(), texts),
            TokenTree::Literal(literal) => texts.extend(string(literal)),
            _ => {}
        }
        rest = &rest[1..];
    }
}
