//! The environment variables of a scheme, for those who fetch a token without generated code.

use credsmith_spec::Checked;

use crate::naming::{self, FieldKind};

/// Names of the environment variables that the credentials of a scheme are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variables {
    /// Holds the client id.
    pub client_id: String,
    /// Holds the client secret; absent for clients that have none.
    pub client_secret: Option<String>,
    /// Holds scopes, separated by spaces; absent for schemes without scopes.
    pub scopes: Option<String>,
}

/// The variables of each scheme, in the order of the spec. Empty for a spec with errors.
pub fn variables(checked: &Checked) -> Vec<Variables> {
    let Some(Ok(names)) = checked.spec.as_ref().map(naming::decide) else {
        return Vec::new();
    };
    let of_scheme = |scheme: &naming::SchemeNames| {
        let variable = |kind| {
            let field = scheme.fields.iter().find(|field| field.kind == kind);
            field.and_then(|field| field.variable.clone())
        };
        Some(Variables {
            client_id: variable(FieldKind::ClientId)?,
            client_secret: variable(FieldKind::ClientSecret),
            scopes: variable(FieldKind::Scopes),
        })
    };
    names.schemes.iter().filter_map(of_scheme).collect()
}
