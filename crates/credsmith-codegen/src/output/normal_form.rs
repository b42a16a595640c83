//! The normal form of a Rust file: two files with one normal form mean the same, whatever a formatter did to them.
//!
//! It is the syntax tree as prettyplease prints it, and beside it the comments in their order, which the tree
//! does not have.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Attribute, Expr, ExprClosure, ItemMacro, Macro, ReturnType, Stmt};

/// The normal form of a text with plain line ends. `None` if it is not Rust, or not Rust that can be printed.
pub(super) fn normal_form(text: &str) -> Option<String> {
    let tokens: TokenStream = text.parse().ok()?;
    let mut form = comments(text, tokens.clone());
    let mut file = syn::parse2(tokens).ok()?;
    let mut normal = Normal { is_printable: true };
    normal.visit_file_mut(&mut file);
    if !normal.is_printable {
        return None;
    }
    form.push(prettyplease::unparse(&file));
    Some(form.join("\n"))
}

/// Drops the braces that rustfmt adds and removes.
struct Normal {
    /// prettyplease panics on syntax that syn keeps as tokens.
    is_printable: bool,
}

impl VisitMut for Normal {
    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        drop_braces(&mut arm.body);
        visit_mut::visit_arm_mut(self, arm);
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut ExprClosure) {
        // With a return type, the braces are part of the syntax.
        if matches!(closure.output, ReturnType::Default) {
            drop_braces(&mut closure.body);
        }
        visit_mut::visit_expr_closure_mut(self, closure);
    }

    fn visit_attribute_mut(&mut self, _: &mut Attribute) {}

    fn visit_macro_mut(&mut self, _: &mut Macro) {}

    fn visit_item_macro_mut(&mut self, item: &mut ItemMacro) {
        // `macro_rules!` is printed only if its rules are well-formed.
        self.is_printable &= item.ident.is_none();
    }

    fn visit_token_stream_mut(&mut self, _: &mut TokenStream) {
        self.is_printable = false;
    }
}

/// Replaces a block of a single expression by the expression.
fn drop_braces(body: &mut Expr) {
    while let Expr::Block(block) = body {
        let is_plain = block.attrs.is_empty() && block.label.is_none();
        match block.block.stmts.as_mut_slice() {
            [Stmt::Expr(only, None)] if is_plain => {
                *body = std::mem::replace(only, Expr::PLACEHOLDER);
            }
            _ => break,
        }
    }
}

/// The comments of a text: everything between its tokens. Documentation is among the tokens.
fn comments(text: &str, tokens: TokenStream) -> Vec<String> {
    let mut gaps = Gaps {
        text,
        end: 0,
        comments: Vec::new(),
    };
    gaps.skip_tokens(tokens);
    gaps.take_before(text.len());
    gaps.comments
}

struct Gaps<'a> {
    text: &'a str,
    /// Where the last token ends.
    end: usize,
    comments: Vec<String>,
}

impl Gaps<'_> {
    fn skip_tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            if let TokenTree::Group(group) = token {
                self.skip(group.span_open());
                self.skip_tokens(group.stream());
                self.skip(group.span_close());
            } else {
                self.skip(token.span());
            }
        }
    }

    fn skip(&mut self, token: Span) {
        let place = token.byte_range();
        self.take_before(place.start);
        self.end = self.end.max(place.end);
    }

    /// Takes the comments before a token.
    fn take_before(&mut self, start: usize) {
        // All tokens of a line of documentation have the place of the whole line.
        let gap = self.text.get(self.end..start).unwrap_or_default();
        let lines = gap.lines().map(str::trim).filter(|line| !line.is_empty());
        self.comments.extend(lines.map(str::to_owned));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn form(text: &str) -> String {
        normal_form(text).unwrap_or_else(|| panic!("{text} has no normal form"))
    }

    #[track_caller]
    fn same(one: &str, other: &str) {
        assert_eq!(form(one), form(other));
    }

    #[track_caller]
    fn different(one: &str, other: &str) {
        assert_ne!(form(one), form(other));
    }

    /// Two bodies of a function that mean the same.
    #[track_caller]
    fn same_bodies(one: &str, other: &str) {
        same(
            &format!("fn f() {{ {one} }}"),
            &format!("fn f() {{ {other} }}"),
        );
    }

    #[track_caller]
    fn different_bodies(one: &str, other: &str) {
        different(
            &format!("fn f() {{ {one} }}"),
            &format!("fn f() {{ {other} }}"),
        );
    }

    #[test]
    fn commas_that_end_lists_mean_nothing() {
        same_bodies("f(a, b,)", "f(a, b)");
        same_bodies("f::<A,>(a,)?(b,)", "f::<A>(a)?(b)");
        same("struct S<A, B,> { a: A, }", "struct S<A, B> { a: A }");
        same("fn f<T>() where T: A, {}", "fn f<T>() where T: A {}");
        same("#[allow(a, b,)] mod m;", "#[allow(a, b)] mod m;");
        different_bodies("let a = (b,);", "let a = (b);");
        different("fn f() -> (A,) {}", "fn f() -> (A) {}");
    }

    #[test]
    fn one_expression_needs_no_braces() {
        same_bodies("f(|a| { a.b })", "f(|a| a.b)");
        same_bodies("f(|| { { a.b } })", "f(|| a.b)");
        same_bodies(
            "match a { B => { c } D => e, }",
            "match a { B => c, D => e }",
        );
        same_bodies(
            "match a { B => { c; } D => {} }",
            "match a { B => { c; }, D => {}, }",
        );
        different_bodies("f(|a| { a; })", "f(|a| a)");
        different_bodies("f(|| -> A { a })", "f(|| a)");
        different_bodies("match a { B => {} }", "match a { B => c }");
        same_bodies(
            "match a { | B | C => d, | E => f }",
            "match a { B | C => d, E => f }",
        );
        different_bodies("match a { B | C => d }", "match a { B => d }");
    }

    #[test]
    fn names_texts_and_documentation_count() {
        different("struct A;", "struct B;");
        different("pub struct A;", "struct A;");
        different("#[a] struct A;", "struct A;");
        different("const A: &str = \"a\";", "const A: &str = \"b\";");
        different("const A: &str = \"a\";", "const A: &str = \"a \";");
        different("/// A.\nstruct A;", "/// B.\nstruct A;");
        different("/// A.\nstruct A;", "// A.\nstruct A;");
        different("/// A.\n/// B.\nstruct A;", "/// A. B.\nstruct A;");
        same("#[doc = \" A.\"] struct A;", "/// A.\nstruct A;");
    }

    #[test]
    fn layout_does_not() {
        let text = "/// A.\nstruct A;\n\n// B.\nstruct B { a: A }\n";
        same(
            text,
            "    /// A.\n  struct A;\n\n\n\t// B.  \nstruct B {\n\ta: A,\n}\n",
        );
    }

    #[test]
    fn comments_count() {
        let file = "/// A.\nstruct A; // One.\n// Two.\nstruct B { a: A }\n";
        for other in [
            "/// A.\nstruct A;\n// Two.\nstruct B { a: A }\n",
            "/// A.\nstruct A; // One.\n// Three.\nstruct B { a: A }\n",
            "/// A.\nstruct A; // Two.\n// One.\nstruct B { a: A }\n",
            "/// A.\nstruct A; // One.\n// Two.\nstruct B { /* Mine. */ a: A }\n",
            "/// A.\nstruct A; // One.\n// Two.\nstruct B { a: A }\n// Mine.\n",
            "// Mine.\n/// A.\nstruct A; // One.\n// Two.\nstruct B { a: A }\n",
            "/// A.\nstruct A; // One.\n// Two.\n/*\nMine.\n*/\nstruct B { a: A }\n",
            "/// A.\nstruct A; // One.\n// Two.\n//// B.\nstruct B { a: A }\n",
        ] {
            different(file, other);
        }
        same(
            file,
            "/// A.\nstruct A;\n    // One.\n    // Two.\nstruct B {\n    a: A,\n}\n",
        );
    }

    #[test]
    fn a_text_that_looks_like_a_comment_is_none() {
        for text in [
            r#""https://a.example/*""#,
            r#""5\" //disk""#,
            "r#\"a\" // \"#",
            "'/'",
        ] {
            let file = format!("const A: &str = {text};\n");
            same(&file, &file.replace(" = ", "\n    = "));
            different(&file, &file.replace(';', "; // Mine."));
        }
    }

    #[test]
    fn what_is_not_rust_has_no_normal_form() {
        for text in [
            "fn f( {",
            "fn f();",
            "static X: i32;",
            "const X: i32;",
            "macro m() {}",
            "macro_rules! m { what }",
            "/// A.\rB.\nstruct A;\n",
            "struct",
        ] {
            assert_eq!(normal_form(text), None, "{text}");
        }
    }
}
