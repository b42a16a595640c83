//! The environment variables of a scheme, for those who fetch a token without generated code.

use credsmith_spec::Checked;

use crate::naming::{self, SchemeNames};

/// Names of the environment variables that the credentials of a scheme are read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables {
    names: Vec<(&'static str, String)>,
}

impl Variables {
    /// The variable of a field, by the name that `names.fields` has for it: `client_id`, `scopes`, …
    /// `None` where the scheme has no such field.
    pub fn of(&self, field: &str) -> Option<&str> {
        let named = self.names.iter().find(|(known, _)| *known == field)?;
        Some(&named.1)
    }
}

/// The variables of each scheme, in the order of the spec. Empty for a spec with errors.
pub fn variables(checked: &Checked) -> Vec<Variables> {
    let Some(Ok(names)) = checked.spec.as_ref().map(naming::decide) else {
        return Vec::new();
    };
    names.schemes.iter().map(of_scheme).collect()
}

fn of_scheme(scheme: &SchemeNames) -> Variables {
    let fields = scheme.fields.iter();
    let names = fields.filter_map(|field| Some((field.kind.canonical()?, field.variable.clone()?)));
    Variables {
        names: names.collect(),
    }
}
