//! What is left to do by hand after `credsmith init`, as far as the folder shows it.

use anyhow::Result;
use credsmith_project::FILE_NAME;

use super::needs::Needs;
use super::plan::{Plan, TEST};
use super::specs::{self, Spec};
use super::surroundings::{Crate, Place, read};
use super::{first_spec, texts, workspace};
use crate::Outcome;

/// The next steps, for people.
pub(super) fn next(plan: &Plan, outcome: Outcome) -> Result<String> {
    let mut steps = Vec::new();
    if !plan.is_listed {
        let specs = texts::paths(&plan.specs);
        steps.push(format!(
            "add {specs} to an output of {FILE_NAME}, and run\n  credsmith generate"
        ));
    }
    if outcome != Outcome::Done {
        steps.push(
            "modules and pages are not complete: clear the way as said above, and run\n  \
             credsmith generate"
                .to_owned(),
        );
    }
    if let (Some(krate), Some(home)) = (Crate::here()?, &plan.home) {
        steps.extend(in_crate(&krate, home, &plan.specs));
    }
    steps.extend(token_urls(&plan.specs));
    if steps.is_empty() {
        let specs = shown(plan.specs.iter());
        steps.push(format!(
            "nothing is left to do; after each change of {specs}, run\n  credsmith generate"
        ));
    }
    Ok(steps.join("\n\n"))
}

fn in_crate(krate: &Crate, home: &str, specs: &[Spec]) -> Vec<String> {
    let needs = Needs::of(specs::models(specs));
    let steps = [
        membership(krate),
        manifest(krate, needs),
        feature(krate, needs),
        modules(krate, home, specs),
    ];
    let steps = steps.into_iter().flatten();
    steps
        .chain(specs.iter().filter_map(|spec| imports(krate, specs, spec)))
        .collect()
}

/// Cargo refuses a crate below a workspace that does not know it.
fn membership(krate: &Crate) -> Option<String> {
    let (manifest, member) = workspace::unaware().filter(|_| !krate.names_workspace())?;
    let (manifest, member) = (manifest.display(), texts::quoted(&member));
    Some(format!("add {member} to the `members` of {manifest}"))
}

fn manifest(krate: &Crate, needs: Needs) -> Option<String> {
    let has_test = read(TEST).contains("credsmith_project");
    let wanted = [
        ("dependencies", texts::RUNTIME, true),
        ("dev-dependencies", texts::PROJECT, has_test),
        ("features", texts::BLOCKING, needs.blocking),
    ];
    let missing = wanted
        .into_iter()
        .filter(|(table, name, is_wanted)| *is_wanted && !krate.has(table, name));
    let tables: Vec<_> = missing
        .map(|(table, name, _)| texts::table(table, name, needs))
        .collect();
    (!tables.is_empty()).then(|| {
        format!(
            "add to Cargo.toml\n{}",
            texts::indented(&tables.join("\n"), "  ")
        )
    })
}

fn feature(krate: &Crate, needs: Needs) -> Option<String> {
    let is_off = needs.jwt && krate.depends_without(texts::RUNTIME, texts::JWT);
    is_off.then(|| {
        let (runtime, jwt) = (texts::RUNTIME, texts::JWT);
        format!("give {runtime} the feature `{jwt}` in Cargo.toml: the spec's clients sign")
    })
}

fn modules(krate: &Crate, home: &str, specs: &[Spec]) -> Option<String> {
    let place = Place::of(krate, home);
    let missing = specs.iter().filter(|spec| !place.declares(&spec.module));
    let missing: Vec<_> = missing.collect();
    if missing.is_empty() {
        return None;
    }
    let (place, text) = match place {
        Place::File(file) => {
            let below = if file.ends_with("/mod.rs") { "" } else { home };
            (file, texts::modules(below, &missing))
        }
        Place::Inline(root) => {
            let place = format!("the module `{home}` in {root}");
            (place, texts::modules("", &missing))
        }
        Place::Root(root) => (root, texts::declaration(home, &missing)),
    };
    Some(format!("add to {place}\n{}", texts::indented(&text, "  ")))
}

/// A spec that was written by hand may say nothing of the crate.
fn imports(krate: &Crate, specs: &[Spec], spec: &Spec) -> Option<String> {
    let model = spec.checked.spec.as_ref()?;
    let name = krate.name()?;
    // Where there are several, each is exported as a module.
    let wanted = match specs {
        [_] => name,
        _ => format!("{name}::{}", spec.module),
    };
    let is_right = model.sdk.rust.crate_name.is_some() || spec.crate_path == wanted;
    (!is_right).then(|| {
        let (path, other) = (spec.path.display(), &spec.crate_path);
        format!(
            "set `sdk.rust.crate` to `{wanted}` in {path}, whose pages import from `{other}`, and run\n  \
             credsmith generate"
        )
    })
}

fn token_urls(specs: &[Spec]) -> Option<String> {
    let has_none = |spec: &&Spec| spec.text().contains(first_spec::TOKEN_URL);
    let specs = shown(specs.iter().filter(has_none));
    (!specs.is_empty()).then(|| {
        format!(
            "put your token URL into {specs}, and run again, as after each change of it\n  \
             credsmith generate"
        )
    })
}

fn shown<'a>(specs: impl Iterator<Item = &'a Spec>) -> String {
    let paths: Vec<_> = specs.map(|spec| spec.path.display().to_string()).collect();
    paths.join(" and ")
}
