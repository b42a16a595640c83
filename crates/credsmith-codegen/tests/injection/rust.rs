//! Generated Rust as tokens: its shape without texts, and the texts in it.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::output::text_of;

/// The tokens with literals, documentation and lint levels left out.
///
/// `erase` leaves names out as well, where they come from the text: then items may come in another
/// order, and paths may be longer.
pub(crate) fn shape(text: &str, erase: bool) -> Result<String, String> {
    let tokens: Vec<_> = tokens(text)?.into_iter().collect();
    let mut items = Vec::new();
    for item in tokens.split_inclusive(ends_item) {
        let mut shape = String::new();
        write_shape(item, erase, &mut shape);
        items.push(shape);
    }
    if erase {
        items.sort_unstable();
    }
    let mut shape = items.concat();
    while erase && shape.contains(PATH) {
        shape = shape.replace(PATH, "name ");
    }
    Ok(shape)
}

/// A name in a name, when names are erased.
const PATH: &str = "name ::name ";

fn tokens(text: &str) -> Result<TokenStream, String> {
    let parsed = text.parse();
    parsed.map_err(|error| format!("{error} in\n{text}"))
}

fn ends_item(token: &TokenTree) -> bool {
    match token {
        TokenTree::Punct(mark) => mark.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    }
}

fn write_shape(tokens: &[TokenTree], erase: bool, shape: &mut String) {
    let mut rest = tokens;
    while let Some(token) = rest.first() {
        if is_silent(rest) {
            rest = &rest[2..];
            continue;
        }
        match token {
            TokenTree::Group(group) => write_group(group, erase, shape),
            TokenTree::Ident(name) if erase && !is_keyword(&name.to_string()) => *shape += "name ",
            TokenTree::Ident(name) => *shape += &format!("{name} "),
            TokenTree::Punct(mark) => shape.push(mark.as_char()),
            TokenTree::Literal(_) => *shape += "literal ",
        }
        rest = &rest[1..];
    }
}

fn write_group(group: &Group, erase: bool, shape: &mut String) {
    *shape += match group.delimiter() {
        Delimiter::Parenthesis => "(",
        Delimiter::Brace => "{",
        Delimiter::Bracket => "[",
        Delimiter::None => "",
    };
    let inside: Vec<_> = group.stream().into_iter().collect();
    write_shape(&inside, erase, shape);
    // The last comma comes and goes with the length of the line.
    if shape.ends_with(',') {
        shape.pop();
    }
    *shape += "end\n";
}

/// Whether an attribute begins here that changes nothing: documentation, or the level of a lint.
fn is_silent(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Punct(mark), TokenTree::Group(group), ..] = tokens else {
        return false;
    };
    let allows = group
        .stream()
        .into_iter()
        .next()
        .is_some_and(|first| matches!(first, TokenTree::Ident(name) if name == "allow"));
    mark.as_char() == '#' && allows || documentation(tokens).is_some()
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
