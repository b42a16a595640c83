//! The environments of the API.

use askama::Template;

use super::super::Plan;
use crate::error::Error;
use crate::leaf::{DocText, Leaf, looks_like_code};
use crate::names::Ident;

#[derive(Template)]
#[template(path = "rust/environment.rs")]
struct Environment<'a> {
    name: Leaf<&'a Ident>,
    prose_like_code: bool,
    variants: Vec<Variant<'a>>,
}

struct Variant<'a> {
    doc: Leaf<DocText>,
    name: Leaf<&'a Ident>,
}

/// Renders the environments.
pub(in super::super) fn render(plan: &Plan<'_>) -> Result<String, Error> {
    let sdk = &plan.sdk;
    let mut descriptions = sdk
        .environments
        .iter()
        .filter_map(|environment| environment.description);
    let prose_like_code = descriptions.any(looks_like_code);
    let variants = sdk.environments.iter();
    let template = Environment {
        name: Leaf(&sdk.environment),
        prose_like_code,
        variants: variants
            .map(|environment| Variant {
                doc: DocText::new(environment.description.unwrap_or(environment.title), "    "),
                name: Leaf(&environment.name),
            })
            .collect(),
    };
    Ok(template.render()?)
}
