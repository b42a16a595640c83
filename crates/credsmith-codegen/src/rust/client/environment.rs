//! The environments of the API.

use askama::Template;
use credsmith_spec::model::Sdk;

use crate::error::Error;
use crate::leaf::{DocText, Leaf, looks_like_code};
use crate::naming::{Ident, SdkNames};

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
pub(in crate::rust) fn render(sdk: &Sdk, names: &SdkNames) -> Result<String, Error> {
    let mut descriptions = sdk
        .environments
        .iter()
        .filter_map(|environment| environment.description.as_deref());
    let prose_like_code = descriptions.any(looks_like_code);
    let variants = sdk.environments.iter().zip(&names.environments);
    let template = Environment {
        name: Leaf(&names.environment),
        prose_like_code,
        variants: variants
            .map(|(environment, name)| Variant {
                doc: DocText::new(
                    environment
                        .description
                        .as_deref()
                        .unwrap_or(&environment.name),
                    "    ",
                ),
                name: Leaf(name),
            })
            .collect(),
    };
    Ok(template.render()?)
}
