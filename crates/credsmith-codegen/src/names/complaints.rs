//! What the naming pass finds wrong, gathered so that one cause is told once.
//!
//! A scheme's name becomes half a dozen names. When it cannot be one of them, it usually cannot be
//! any: the diagnostic then stands once at its place, and lists the names and the keys that set them.

use std::collections::BTreeMap;

use credsmith_spec::{Diagnostic, Problems, Span};

use super::ident::Named;

/// Complaints in the order of finding.
#[derive(Debug, Default)]
pub(crate) struct Complaints {
    found: Vec<Complaint>,
}

#[derive(Debug)]
struct Complaint {
    diagnostic: Diagnostic,
    /// What it is about; more than one when complaints were joined.
    names: Vec<Named>,
}

/// What makes two complaints one: rule, place, and the other place if there is one.
type Cause = (&'static str, Span, Option<Span>);

impl Complaints {
    /// Notes that something is wrong with `name`. The way out is added here.
    pub(crate) fn about(&mut self, name: &Named, diagnostic: Diagnostic) {
        self.found.push(Complaint {
            diagnostic,
            names: vec![name.clone()],
        });
    }

    /// Notes a problem that has a way out of its own.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(Complaint {
            diagnostic,
            names: Vec::new(),
        });
    }

    /// One diagnostic for each cause.
    pub(crate) fn into_problems(self) -> Problems {
        let mut joined: Vec<Complaint> = Vec::new();
        let mut first: BTreeMap<Cause, usize> = BTreeMap::new();
        for complaint in self.found {
            let cause = cause(&complaint.diagnostic);
            match first.get(&cause) {
                Some(&index) if !complaint.names.is_empty() => {
                    joined[index].names.extend(complaint.names);
                }
                _ => {
                    first.insert(cause, joined.len());
                    joined.push(complaint);
                }
            }
        }
        let mut problems = Problems::default();
        problems.extend(joined.into_iter().map(Complaint::into_diagnostic));
        problems
    }
}

fn cause(diagnostic: &Diagnostic) -> Cause {
    let other = diagnostic.secondary.first().map(|label| label.span);
    (diagnostic.rule.code, diagnostic.primary.span, other)
}

impl Complaint {
    fn into_diagnostic(self) -> Diagnostic {
        let Some(name) = self.names.first() else {
            return self.diagnostic;
        };
        let shown: Vec<_> = self.names.iter().map(Named::shown).collect();
        let others = shown.iter().map(String::as_str);
        let others = unique(others.filter(|other| *other != shown[0]));
        let mut diagnostic = self.diagnostic;
        if !others.is_empty() {
            diagnostic.message += &format!("; likewise {}", quoted(&others));
        }
        let settings = unique(self.names.iter().map(|name| name.setting.as_str()));
        let settings = quoted(&settings);
        diagnostic.help(if name.by_hand {
            format!("choose another name for {settings}")
        } else {
            format!("set {settings} by hand")
        })
    }
}

fn unique<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut unique = Vec::new();
    for word in words {
        if !unique.contains(&word) {
            unique.push(word);
        }
    }
    unique
}

fn quoted(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use credsmith_spec::Diagnostic;

    #[track_caller]
    fn check(schemes: &[&str], expected: &[&str]) -> Vec<Diagnostic> {
        let mut text = "credsmith: 1\nsdk: { name: Acme }\nschemes:\n".to_owned();
        for scheme in schemes {
            text += &format!(
                "  {scheme}: {{ type: oauth2, grant: client_credentials, token_url: \"https://a.example/{scheme}\" }}\n"
            );
        }
        let found = crate::check_text("a.yaml", &text).diagnostics;
        let codes: Vec<_> = found.iter().map(|found| found.rule.code).collect();
        assert_eq!(codes, expected, "{found:#?}");
        found
    }

    #[test]
    fn two_schemes_with_the_same_names_are_one_problem() {
        let found = check(&["my-auth", "my_auth"], &["CS0403"]);
        for name in ["MyAuthCredentials", "MyAuthManager", "my_auth_token_url"] {
            assert!(found[0].message.contains(name), "{}", found[0].message);
        }
        for setting in ["names.credentials", "names.module", "names.env_prefix"] {
            assert!(found[0].help[0].contains(setting), "{:?}", found[0].help);
        }
    }

    #[test]
    fn three_schemes_with_the_same_names_are_two_problems() {
        check(&["my-auth", "my_auth", "my.auth"], &["CS0403", "CS0403"]);
    }

    #[test]
    fn names_that_differ_only_in_case_share_no_file() {
        let found = check(&["AUTH", "auth"], &["CS0403"]);
        assert!(found[0].message.contains("case"), "{}", found[0].message);
    }

    #[test]
    fn one_keyword_is_one_problem() {
        check(&["gen"], &["CS0402"]);
    }
}
