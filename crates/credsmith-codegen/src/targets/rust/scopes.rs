//! The module of a scheme's scopes.

use askama::Template;

use super::{SchemePlan, values};
use crate::error::Error;
use crate::leaf::{Code, CodeSpan, DocText, Leaf, literal, looks_like_code};
use crate::names::Ident;
use crate::plan;

#[derive(Template)]
#[template(path = "rust/scopes.rs")]
struct Scopes<'a> {
    scheme: Leaf<CodeSpan>,
    name: Leaf<&'a Ident>,
    name_literal: Leaf<Code>,
    members: Vec<Member<'a>>,
    prose_like_code: bool,
    all: Leaf<Code>,
}

struct Member<'a> {
    doc: Option<Leaf<DocText>>,
    wire: Leaf<CodeSpan>,
    variant: Leaf<&'a Ident>,
    value: Leaf<Code>,
}

/// Renders the scopes of a scheme.
pub(super) fn render(
    scheme: &SchemePlan<'_>,
    scopes: &plan::Scopes<'_, Ident>,
) -> Result<String, Error> {
    let mut descriptions = scopes.values.iter().filter_map(|scope| scope.description);
    let prose_like_code = descriptions.any(looks_like_code);
    let members = scopes.values.iter().map(|scope| Member {
        doc: scope.description.map(|text| DocText::new(text, "    ")),
        wire: CodeSpan::new(scope.value),
        variant: Leaf(&scope.name),
        value: literal(scope.value),
    });
    let variants = scopes.values.iter();
    let variants: Vec<_> = variants
        .map(|scope| format!("Self::{}", scope.name))
        .collect();
    let prefix = "    pub const ALL: &[Self] = ".len();
    let template = Scopes {
        scheme: scheme.span(),
        name: Leaf(&scopes.name),
        name_literal: literal(scopes.name.as_str()),
        members: members.collect(),
        prose_like_code,
        all: Code::rendered(values::array(prefix, "    ", &variants)),
    };
    Ok(template.render()?)
}
