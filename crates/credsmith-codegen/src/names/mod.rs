//! The naming pass: every name of a target's output is decided here, once.
//!
//! It takes the plan and the style of a target, and returns the plan with identifiers, or diagnostics: names are
//! identifiers that are not reserved, and no two things in one place have the same name. Templates only copy names.

mod complaints;
mod ident;
pub(crate) mod rules;
mod style;

use std::collections::BTreeMap;

use credsmith_spec::{Diagnostic, Located};

use crate::plan::{Nameable, Plan, Role, Spelling};

use complaints::Complaints;
use ident::Named;
use rules::collision::Namespace;

pub(crate) use ident::Ident;
pub(crate) use style::{Case, Place, Style};

/// Gives the names of a plan in the style of a target; `exact` are the target's own ones, by their paths.
pub(crate) fn decide<'s>(
    plan: &Plan<'s, Nameable>,
    style: &Style,
    exact: &[(Located<String>, Located<String>)],
) -> Result<Plan<'s, Ident>, Vec<Diagnostic>> {
    let mut pass = Pass {
        style,
        exact,
        paths: Vec::new(),
        problems: Complaints::default(),
        places: BTreeMap::new(),
        scopes: BTreeMap::new(),
        unnamed: Vec::new(),
    };
    let named = plan.map(|nameable| pass.name(nameable));
    pass.check_exact();
    let problems = pass.problems.into_problems();
    if problems.any_error() {
        Err(problems.into_sorted())
    } else {
        Ok(named)
    }
}

/// The state of one naming pass.
struct Pass<'p> {
    style: &'p Style,
    /// The target's exact names.
    exact: &'p [(Located<String>, Located<String>)],
    /// The paths of everything that has a name.
    paths: Vec<String>,
    problems: Complaints,
    /// The places in which names must differ: those of the package, and those within one thing.
    places: BTreeMap<(Place, Option<String>), Namespace>,
    /// The members of each scope type, with the scopes that they are of.
    scopes: BTreeMap<(Option<String>, String), Nameable>,
    /// Schemes and roles of names that could not be given.
    unnamed: Vec<(Option<String>, Role)>,
}

impl Pass<'_> {
    /// Returns the name of one thing. If it breaks a rule, this is noted, and a stand-in takes its place.
    fn name(&mut self, nameable: &Nameable) -> Ident {
        let style = self.style;
        let role = nameable.role;
        let case = (style.case)(role);
        let name = Named::new(nameable, spelled(nameable, case));
        let name = match self.exact(nameable) {
            Some(exact) => name.replaced(exact, &nameable.path),
            None => name,
        };
        // An endpoint's parameter is named after the accessor, which has been complained about.
        let accessor = (nameable.scheme.clone(), Role::Accessor);
        if role == Role::Endpoint && self.unnamed.contains(&accessor) {
            return Ident::stand_in();
        }
        let problem = self.problem(nameable, &name, case);
        if let Some(problem) = problem {
            self.problems.about(&name, problem);
            self.unnamed.push((nameable.scheme.clone(), role));
            if role == Role::Field || role == Role::OwnField {
                self.take(nameable, &name);
            }
            return Ident::stand_in();
        }
        self.take(nameable, &name);
        for companion in (style.companions)(role) {
            let other = Named {
                name: format!("{}{companion}", name.name),
                ..name.clone()
            };
            self.take(nameable, &other);
        }
        Ident::checked(name.name)
    }

    /// The target's exact name of a thing, if it has one. Names that are the same in all languages have none.
    fn exact(&mut self, nameable: &Nameable) -> Option<&Located<String>> {
        if nameable.fixed().is_some() {
            return None;
        }
        self.paths.push(nameable.path.clone());
        let mut exact = self.exact.iter();
        let found = exact.find(|(path, _)| path.value == nameable.path);
        found.map(|(_, name)| name)
    }

    /// Notes exact names whose path nothing has.
    fn check_exact(&mut self) {
        for (path, _) in self.exact {
            if !self.paths.contains(&path.value) {
                let unknown = rules::exact_name::unknown(path, &self.paths);
                self.problems.push(unknown);
            }
        }
    }

    /// Why it cannot be the name.
    fn problem(&self, nameable: &Nameable, name: &Named, case: Case) -> Option<Diagnostic> {
        match (nameable.role, &nameable.spelling) {
            // The default group's methods, which are reserved for it.
            (Role::Execute | Role::Security, Spelling::Fixed(_)) => return None,
            (Role::Scope, Spelling::Fixed(_)) => return Some(rules::shape::misfit_member(name)),
            _ => {}
        }
        if let Some(reserved) = rules::reserved::check(name, (self.style.reserved)(nameable.role)) {
            return Some(reserved);
        }
        if !rules::shape::fits(&name.name, case) {
            return Some(rules::shape::misfit(name, case));
        }
        let is_keyword =
            case != Case::Screaming && self.style.keywords.contains(&name.name.as_str());
        is_keyword.then(|| rules::keyword::taken(name))
    }

    /// Takes the name in its place, or notes that it is taken.
    fn take(&mut self, nameable: &Nameable, name: &Named) {
        let place = (self.style.place)(nameable.role);
        if place == Place::OfScopes {
            self.take_scope(nameable, name);
            return;
        }
        let within = match place {
            Place::OfFields => nameable.scheme.clone(),
            _ => None,
        };
        let space = self.places.entry((place, within)).or_default();
        space.take(name, &mut self.problems);
    }

    fn take_scope(&mut self, nameable: &Nameable, name: &Named) {
        let key = (nameable.scheme.clone(), name.name.clone());
        let earlier = self.scopes.entry(key).or_insert_with(|| nameable.clone());
        // Two of one value are a mistake that has been noted by now.
        if earlier.path != nameable.path {
            let title = nameable.words().screaming();
            let clash = rules::scope_collision::clash(&title, nameable.place, earlier.place);
            self.problems.push(clash);
        }
    }
}

fn spelled(nameable: &Nameable, case: Case) -> String {
    match &nameable.spelling {
        Spelling::Fixed(name) => name.clone(),
        // A spelling that fits as it is stays as the author chose it.
        Spelling::Words(words) => match &nameable.set {
            // The `name` of a scope is its title in tables, which may be in any case.
            Some(set) if nameable.role != Role::Scope && rules::shape::fits(set, case) => {
                set.clone()
            }
            _ => case.join(words),
        },
    }
}

#[cfg(test)]
mod tests {
    use crate::{check_text, plan_text};

    /// The line of `path` in the names of Rust.
    #[track_caller]
    fn name(settings: &str, scheme: &str, path: &str) -> String {
        let spec = format!(
            "credsmith: 1\nsdk: {{ name: Acme{settings} }}\nschemes: {{ login: {{ type: basic{scheme} }} }}\n"
        );
        let checked = check_text("names.yaml", &spec);
        assert_eq!(checked.diagnostics, [], "{spec}");
        let text = plan_text(&checked).unwrap();
        let (_, names) = text.split_once("names in rust\n").unwrap();
        let mut lines = names
            .lines()
            .filter_map(|line| line.trim().split_once(": "));
        let (_, name) = lines.find(|(known, _)| *known == path).unwrap();
        name.to_owned()
    }

    #[test]
    fn names_that_are_set_are_words() {
        let scheme = ", names: { credentials: acme-sign-in, accessor: SignIn }";
        assert_eq!(name("", scheme, "login.credentials"), "AcmeSignIn");
        assert_eq!(name("", scheme, "login.parameter"), "acme_sign_in");
        assert_eq!(name("", scheme, "login.accessor"), "sign_in");
        let client = ", unsplit_words: [github], client: GitHubApi";
        assert_eq!(name(client, "", "client"), "GitHubApi");
        assert_eq!(name(client, "", "config"), "GitHubApiConfig");
    }

    #[test]
    fn a_spelling_that_fits_stays_as_it_is() {
        let scheme = ", names: { accessor: oauth2, manager: M2MManager }";
        assert_eq!(name("", scheme, "login.accessor"), "oauth2");
        assert_eq!(name("", scheme, "login.manager"), "M2MManager");
    }

    #[test]
    fn a_language_has_exact_names_of_its_own() {
        let exact = ", rust: { names: { login.accessor: m2m } }";
        assert_eq!(name(exact, "", "login.accessor"), "m2m");
        let both = ", names: { accessor: other }";
        assert_eq!(name(exact, both, "login.accessor"), "m2m");
    }

    #[test]
    fn exact_names_are_checked_like_others() {
        for (name, code) in [
            ("Login", "CS0401"),
            ("type", "CS0402"),
            ("config", "CS0404"),
        ] {
            let spec = format!(
                "credsmith: 1\nsdk: {{ name: Acme, rust: {{ names: {{ login.accessor: {name} }} }} }}\nschemes: {{ login: {{ type: basic }} }}\n"
            );
            let found = check_text("names.yaml", &spec).diagnostics;
            let [problem] = &found[..] else {
                panic!("{found:#?}");
            };
            assert_eq!(problem.rule.code, code);
            let help = problem.help.last().unwrap();
            assert!(help.contains("names.login.accessor"), "{help}");
        }
    }
}
