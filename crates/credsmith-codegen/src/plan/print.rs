//! The plan as text, for people who want to know what a spec means and where names come from.

use std::fmt::Write as _;

use credsmith_spec::Keyword as _;

use super::{Kind, Nameable, OAuth2, Plan, Scheme, Spelling, Urls};
use crate::names::Ident;
use crate::target::Target;

/// What a spec means: the same text whatever the targets are.
pub(crate) fn print(plan: &Plan<'_, Nameable>) -> String {
    let mut lines = Lines::default();
    lines.add(0, format!("sdk {}", plan.sdk.name));
    for (position, environment) in plan.sdk.environments.iter().enumerate() {
        let note = if position == 0 { " (default)" } else { "" };
        lines.add(1, format!("environment {}{note}", environment.title));
    }
    for scheme in &plan.schemes {
        print_scheme(scheme, plan, &mut lines);
    }
    for group in &plan.groups {
        let alternatives = group.alternatives.iter().map(|all| {
            let titles: Vec<_> = plan.schemes_of(all).map(|scheme| scheme.title).collect();
            if titles.is_empty() {
                "nothing".to_owned()
            } else {
                titles.join(" and ")
            }
        });
        let alternatives = alternatives.collect::<Vec<_>>().join(", or ");
        lines.add(0, format!("security {}: {alternatives}", group.title));
    }
    lines.add(0, "words");
    for (path, nameable) in nameables(plan) {
        if let Spelling::Words(words) = &nameable.spelling {
            let set = if nameable.set.is_some() {
                format!("  ({})", nameable.setting)
            } else {
                String::new()
            };
            lines.add(1, format!("{path}: {words}{set}"));
        }
    }
    lines.0
}

/// The names of a target, by their paths.
pub(crate) fn print_names(
    plan: &Plan<'_, Nameable>,
    named: &Plan<'_, Ident>,
    target: Target,
) -> String {
    let mut lines = Lines::default();
    lines.add(0, format!("names in {target}"));
    let mut names = Vec::new();
    named.map(|name| names.push(name.clone()));
    let all = nameables(plan).into_iter().zip(names);
    for ((path, nameable), name) in all {
        if nameable.fixed().is_none() {
            lines.add(1, format!("{path}: {name}"));
        }
    }
    lines.0
}

fn nameables(plan: &Plan<'_, Nameable>) -> Vec<(String, Nameable)> {
    let mut all = Vec::new();
    plan.map(|nameable| all.push((nameable.path.clone(), nameable.clone())));
    all
}

fn print_scheme(scheme: &Scheme<'_, Nameable>, plan: &Plan<'_, Nameable>, lines: &mut Lines) {
    lines.add(
        0,
        format!("scheme {}: {}", scheme.title, scheme.kind_title()),
    );
    if let Kind::OAuth2(oauth2) = &scheme.kind {
        print_oauth2(oauth2, plan, lines);
    }
    for field in &scheme.fields {
        let mut notes = Vec::new();
        if field.required {
            notes.push("required".to_owned());
        }
        if field.secret {
            notes.push("secret".to_owned());
        }
        if let Some(key) = field.key {
            notes.push(format!("in {}", key.place.word()));
        }
        notes.extend(
            field
                .variable
                .as_ref()
                .and_then(Nameable::fixed)
                .map(str::to_owned),
        );
        let notes = if notes.is_empty() {
            String::new()
        } else {
            format!(": {}", notes.join(", "))
        };
        let title = field.kind.key().unwrap_or(field.title);
        lines.add(1, format!("field {title}{notes}"));
    }
}

fn print_oauth2(oauth2: &OAuth2<'_, Nameable>, plan: &Plan<'_, Nameable>, lines: &mut Lines) {
    let model = oauth2.model;
    let mut settings = vec![
        format!("grant {}", model.grant.word()),
        format!("token fetch {}", model.token_fetch.word()),
    ];
    if oauth2.asks_endpoint() {
        settings.push(format!(
            "client authentication {}",
            model.client_authentication.word()
        ));
    }
    for setting in settings {
        lines.add(1, setting);
    }
    for endpoint in &oauth2.endpoints {
        match endpoint.urls {
            Urls::Everywhere(url) => lines.add(1, format!("{} {url}", endpoint.noun())),
            Urls::Discovered => lines.add(1, format!("{} from metadata", endpoint.noun())),
            Urls::PerEnvironment(urls) => {
                for (url, environment) in urls.iter().zip(&plan.sdk.environments) {
                    let title = environment.title;
                    lines.add(1, format!("{} of {title} {url}", endpoint.noun()));
                }
            }
        }
    }
    let scopes = oauth2.scopes.iter();
    for (position, scope) in scopes.flat_map(|scopes| scopes.values.iter().enumerate()) {
        let defaults = oauth2
            .scopes
            .as_ref()
            .map_or(&[][..], |scopes| scopes.defaults);
        let note = if defaults.contains(&position) {
            " (default)"
        } else {
            ""
        };
        lines.add(1, format!("scope {}{note}", scope.value));
    }
}

/// Indented lines.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn add(&mut self, depth: usize, line: impl AsRef<str>) {
        // Writing into a string cannot fail.
        let _ = writeln!(
            self.0,
            "{:indent$}{}",
            "",
            line.as_ref(),
            indent = depth * 2
        );
    }
}
