//! Names of the fields of credentials: getters, setters, parameters, environment variables.

mod by_hand;
mod kind;
mod present;

use credsmith_spec::model::Scheme;

use super::ident::{Ident, Named, Shape};
use super::reserved::Reserved;
use super::words::Splitter;
use super::{Pass, rules};

pub(crate) use kind::FieldKind;
use present::Present;

/// One field.
#[derive(Debug)]
pub(crate) struct Field {
    /// What it holds.
    pub(crate) kind: FieldKind,
    /// The name in tables, whatever the style.
    pub(crate) title: String,
    /// Getter, setter and parameter.
    pub(crate) name: Ident,
    /// The environment variable it can be read from.
    pub(crate) variable: Option<String>,
    /// Whether credentials are of no use without it.
    pub(crate) required: bool,
}

pub(super) fn decide(
    scheme: &Scheme,
    prefix: &Named,
    splitter: &Splitter,
    pass: &mut Pass,
) -> Option<Vec<Field>> {
    let mut space = rules::collision::Namespace::default();
    let fields = present::fields(scheme).into_iter().map(|field| {
        let name = field.named(scheme, splitter);
        space.take(&name, &mut pass.problems);
        let ident = pass.ident(&name, Shape::Value, reserved(field.kind));
        let has_variable = field.kind.has_variable();
        let variable = has_variable.then(|| variable(prefix, &name, pass));
        let Present {
            kind,
            title,
            required,
            ..
        } = field;
        ident.map(|name| Field {
            kind,
            title,
            name,
            variable: variable.flatten(),
            required,
        })
    });
    fields.collect::<Vec<_>>().into_iter().collect()
}

/// What a field of this kind cannot be named. Those that the API names are locals of generated
/// functions as well.
fn reserved(kind: FieldKind) -> Reserved {
    match kind {
        FieldKind::Key(_) | FieldKind::Custom(_) => Reserved::OwnFields,
        _ => Reserved::CredentialsMembers,
    }
}

/// The environment variable of a field; its name is portable (POSIX: capitals, digits, `_`).
fn variable(prefix: &Named, field: &Named, pass: &mut Pass) -> Option<String> {
    let name = format!("{}_{}", prefix.name, field.name.to_uppercase());
    let named = Named {
        name: name.to_lowercase(),
        ..prefix.clone()
    };
    if name != name.to_uppercase() || !rules::shape::fits(&named.name, Shape::Value) {
        let named = Named {
            name,
            ..prefix.clone()
        };
        let misfit = rules::shape::misfit_variable(&named);
        pass.problems.about(&named, misfit);
        return None;
    }
    pass.spaces.variables.take(
        &Named {
            name: name.clone(),
            ..prefix.clone()
        },
        &mut pass.problems,
    );
    Some(name)
}
