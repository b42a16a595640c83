//! Rust as its tokens, without those that formatters add and take away.
//!
//! Formatters do more than to move tokens: they end a list on several lines with a comma, put braces
//! around the body of a closure or an arm that does not fit, and may begin each pattern with a bar.

use std::fmt::{Display, Write as _};

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};

/// The tokens, in a form that is the same for all layouts of a text.
pub(super) fn plain(tokens: TokenStream) -> String {
    let mut form = String::new();
    write(tokens, &mut form);
    form
}

/// Writes the tokens that are the same for all layouts of a text.
pub(super) fn write(tokens: TokenStream, form: &mut impl Form) {
    List::new(tokens, false).write(form);
}

/// What takes the tokens, in the order of the text.
pub(super) trait Form {
    /// A token, and the place where the text has it.
    fn token(&mut self, token: impl Display, place: Span);

    /// Braces that mean nothing and are left out. What is in them comes next.
    fn braces_left_out(&mut self, _: &Group) {}
}

impl Form for String {
    fn token(&mut self, token: impl Display, _: Span) {
        // Writing into a string cannot fail.
        let _ = write!(self, "{token} ");
    }
}

/// The tokens of a file or of a group.
struct List {
    tokens: Vec<TokenTree>,
    /// Whether these are the arms of a `match`.
    arms: bool,
    /// Whether it is a tuple rather than arguments, so that its only comma has a meaning.
    tuple: bool,
}

impl List {
    fn new(tokens: TokenStream, tuple: bool) -> Self {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let commas = tokens.iter().filter(|token| is(token, ','));
        Self {
            tuple: tuple && commas.count() == 1,
            arms: (1..tokens.len()).any(|at| ends_arrow(&tokens, at)),
            tokens,
        }
    }

    fn write(&self, form: &mut impl Form) {
        let (mut bounds, mut begins) = (false, true);
        for (at, token) in self.tokens.iter().enumerate() {
            let next = self.tokens.get(at + 1);
            match token {
                TokenTree::Group(group) => {
                    bounds &= group.delimiter() != Delimiter::Brace;
                    begins = self.write_group(group, at, form);
                    continue;
                }
                TokenTree::Ident(word) if word == "where" => bounds = true,
                TokenTree::Punct(_) if is(token, ';') => bounds = false,
                TokenTree::Punct(_) if is(token, ',') => {
                    begins = true;
                    if !self.ends_list(next, bounds) {
                        form.token(token, token.span());
                    }
                    continue;
                }
                // A pattern may begin with a bar.
                TokenTree::Punct(_) if is(token, '|') && self.arms && begins => continue,
                _ => {}
            }
            begins = false;
            form.token(token, token.span());
        }
    }

    /// Whether a comma before `next` ends a list, and means nothing.
    fn ends_list(&self, next: Option<&TokenTree>, bounds: bool) -> bool {
        match next {
            None => !self.tuple,
            Some(TokenTree::Group(group)) => bounds && group.delimiter() == Delimiter::Brace,
            Some(next) => is(next, '>') || (bounds && (is(next, ';') || is(next, '='))),
        }
    }

    /// Writes the group at `at`. True when it is an arm's body, behind which the next arm begins.
    fn write_group(&self, group: &Group, at: usize, form: &mut impl Form) -> bool {
        let is_arm = self.arms && at > 0 && ends_arrow(&self.tokens, at - 1);
        let is_closure = at > 0 && is(&self.tokens[at - 1], '|');
        let inside = List::new(group.stream(), self.is_tuple(group, at));
        if (is_arm || is_closure) && inside.is_one_expression(group.delimiter()) {
            form.braces_left_out(group);
            // As a list, so that braces around it alone are left out as well.
            inside.write_body(form);
        } else {
            let (open, close) = brackets(group.delimiter());
            form.token(open, group.span_open());
            inside.write(form);
            form.token(close, group.span_close());
        }
        let body = is_arm && group.delimiter() == Delimiter::Brace;
        // The comma behind a body in braces is optional, unless it is the last one.
        if body && self.tokens.get(at + 1).is_some_and(|next| !is(next, ',')) {
            form.token(',', group.span_close());
        }
        body
    }

    /// Writes what stands in the braces of a body.
    fn write_body(&self, form: &mut impl Form) {
        match self.tokens.as_slice() {
            [TokenTree::Group(only)] if only.delimiter() == Delimiter::Brace => {
                let inside = List::new(only.stream(), false);
                if inside.is_one_expression(Delimiter::Brace) {
                    inside.write_body(form);
                } else {
                    self.write(form);
                }
            }
            _ => self.write(form),
        }
    }

    /// Whether these are one expression in braces, which may do without them.
    fn is_one_expression(&self, delimiter: Delimiter) -> bool {
        let statements = self.tokens.iter().any(|token| is(token, ';'));
        delimiter == Delimiter::Brace && !self.tokens.is_empty() && !statements
    }

    /// Whether the group at `at` is a tuple: parentheses that nothing is called with.
    fn is_tuple(&self, group: &Group, at: usize) -> bool {
        const BEFORE_TUPLES: [&str; 9] = [
            "as", "break", "else", "if", "in", "let", "match", "return", "while",
        ];
        let before = at.checked_sub(1).map(|before| &self.tokens[before]);
        let called = match before {
            None => false,
            Some(TokenTree::Ident(word)) => !BEFORE_TUPLES.iter().any(|before| word == before),
            Some(TokenTree::Group(group)) => group.delimiter() != Delimiter::Brace,
            Some(before) if is(before, '>') => !ends_any_arrow(&self.tokens, at - 1),
            Some(before) => is(before, '!') || is(before, '?'),
        };
        group.delimiter() == Delimiter::Parenthesis && !called
    }
}

fn is(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

/// Whether the token at `at` ends a `=>`.
fn ends_arrow(tokens: &[TokenTree], at: usize) -> bool {
    at > 0 && is(&tokens[at], '>') && is(&tokens[at - 1], '=')
}

/// Whether the token at `at` ends a `=>` or a `->`.
fn ends_any_arrow(tokens: &[TokenTree], at: usize) -> bool {
    ends_arrow(tokens, at) || (at > 0 && is(&tokens[at], '>') && is(&tokens[at - 1], '-'))
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        // No text has these.
        Delimiter::None => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn form(text: &str) -> String {
        plain(text.parse().unwrap())
    }

    #[track_caller]
    fn same(one: &str, other: &str) {
        assert_eq!(form(one), form(other));
    }

    #[track_caller]
    fn different(one: &str, other: &str) {
        assert_ne!(form(one), form(other));
    }

    #[test]
    fn commas_that_end_lists_mean_nothing() {
        same("f(a, b,)", "f(a, b)");
        same("f(a,)?(b,)", "f(a)?(b)");
        same("f::<A,>(a,)", "f::<A>(a)");
        same("vec![a, b,]", "vec![a, b]");
        same("struct S { a: A, }", "struct S { a: A }");
        same("struct S<A, B,>;", "struct S<A, B>;");
        same("fn f<T>() where T: A, {}", "fn f<T>() where T: A {}");
        same("#[allow(a, b,)] mod m;", "#[allow(a, b)] mod m;");
    }

    #[test]
    fn the_comma_of_a_tuple_has_a_meaning() {
        different("let a = (b,);", "let a = (b);");
        different("fn f() -> (A,) {}", "fn f() -> (A) {}");
        different("return (a,)", "return (a)");
        different("match a { _ => (b,) }", "match a { _ => (b) }");
        same("(a, b,)", "(a, b)");
        different("f(a, b)", "f(a b)");
    }

    #[test]
    fn one_expression_needs_no_braces() {
        same("f(|a| { a.b })", "f(|a| a.b)");
        same("f(|| { { a.b } })", "f(|| a.b)");
        same(
            "match a { B => { c } D => e, }",
            "match a { B => c, D => e }",
        );
        same(
            "match a { B => { c; } D => {} }",
            "match a { B => { c; }, D => {}, }",
        );
        different("f(|a| { a; })", "f(|a| a)");
        different("match a { B => {} }", "match a { B => c }");
        different("if a { b } else { c }", "if a { b } else { d }");
        different("match a { B => { c } D => e }", "match a { B => c D => e }");
    }

    #[test]
    fn patterns_may_begin_with_a_bar() {
        same(
            "match a { | B | C => d, | E => { f } | G => h }",
            "match a { B | C => d, E => f, G => h }",
        );
        different("match a { B | C => d }", "match a { B => d }");
        different("f(|a| b)", "f(a| b)");
    }

    #[test]
    fn documentation_and_names_count() {
        different("/// A.\nstruct A;", "/// B.\nstruct A;");
        different("struct A;", "struct B;");
        different("const A: &str = \"a\";", "const A: &str = \"b\";");
        different("pub struct A;", "struct A;");
        same("#[doc = \" A.\"] struct A;", "/// A.\nstruct A;");
    }
}
