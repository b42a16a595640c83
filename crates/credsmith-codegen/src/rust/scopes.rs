//! The module of a scheme's scopes.

use askama::Template;

use super::plan::{OAuth2Plan, SchemePlan};
use super::values;
use crate::error::Error;
use crate::leaf::{Code, CodeSpan, DocText, Leaf, literal, looks_like_code};
use crate::naming::{Ident, ScopesNames};

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
    plan: &SchemePlan<'_>,
    oauth2: &OAuth2Plan<'_>,
    names: &ScopesNames,
) -> Result<String, Error> {
    let scopes = oauth2.model.scopes.iter().flat_map(|scopes| &scopes.values);
    let prose_like_code = scopes.clone().any(|scope| {
        let text = scope.description.as_deref();
        text.is_some_and(looks_like_code)
    });
    let members: Vec<_> = scopes
        .zip(&names.members)
        .map(|(scope, member)| Member {
            doc: scope
                .description
                .as_deref()
                .map(|text| DocText::new(text, "    ")),
            wire: CodeSpan::new(&scope.value.value),
            variant: Leaf(&member.variant),
            value: literal(&scope.value),
        })
        .collect();
    let variants = names
        .members
        .iter()
        .map(|member| format!("Self::{}", member.variant));
    let prefix = "    pub const ALL: &[Self] = ".len();
    let all = values::array(prefix, "    ", &variants.collect::<Vec<_>>());
    let template = Scopes {
        scheme: plan.span(),
        name: Leaf(&names.enumeration),
        name_literal: literal(names.enumeration.as_str()),
        members,
        prose_like_code,
        all: Code::rendered(all),
    };
    Ok(template.render()?)
}
