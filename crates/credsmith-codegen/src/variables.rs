//! The environment variables of a scheme, for those who fetch a token without generated code.

use credsmith_spec::Checked;

use crate::plan::{self, Nameable, Scheme};

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
    let plan = checked.spec.as_ref().map(plan::build);
    let schemes = plan.as_ref().map_or(&[][..], |plan| &plan.schemes);
    schemes.iter().map(of_scheme).collect()
}

fn of_scheme(scheme: &Scheme<'_, Nameable>) -> Variables {
    let fields = scheme.fields.iter();
    let names = fields.filter_map(|field| {
        let variable = field.variable.as_ref()?;
        Some((field.kind.key()?, variable.fixed()?.to_owned()))
    });
    Variables {
        names: names.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::variables;

    #[test]
    fn variables_follow_the_names_of_fields() {
        let variable = |name: &str| {
            let spec = format!(
                "credsmith: 1\nsdk: {{ name: Acme }}\nschemes: {{ login: {{ type: basic, names: {{ fields: {{ username: {name} }} }} }} }}\n"
            );
            let checked = crate::check_text("acme.yaml", &spec);
            variables(&checked)[0].of("username").map(str::to_owned)
        };
        assert_eq!(
            variable("login_name").as_deref(),
            Some("ACME_LOGIN_LOGIN_NAME")
        );
        assert_eq!(
            variable("LoginName").as_deref(),
            Some("ACME_LOGIN_LOGIN_NAME")
        );
        // Digits do not begin a word that the author did not begin.
        assert_eq!(variable("key2").as_deref(), Some("ACME_LOGIN_KEY2"));
    }
}
