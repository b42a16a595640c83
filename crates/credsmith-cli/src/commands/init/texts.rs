//! What the files say that `credsmith init` writes.

use std::path::{MAIN_SEPARATOR, Path};

use serde_json::Value;

use super::needs::Needs;
use super::specs::Spec;

/// `credsmith.toml`.
pub(super) fn configuration(specs: &[Spec]) -> String {
    let paths = paths(specs);
    format!(
        "\
# What `credsmith generate` writes; in CI, `credsmith generate --check` fails when it is stale.
[[output]]
specs = [{paths}]
modules = \"src/{HOME}\"
docs = \"docs/{HOME}\"
"
    )
}

/// The paths of specs, as a list in TOML has them.
pub(super) fn paths(specs: &[Spec]) -> String {
    let paths: Vec<_> = specs
        .iter()
        .map(|spec| quoted(&portable(&spec.path)))
        .collect();
    paths.join(", ")
}

/// Text in quotes. JSON strings are TOML strings, too.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// A path as files name it that are committed.
fn portable(path: &Path) -> String {
    path.to_string_lossy().replace(MAIN_SEPARATOR, "/")
}

/// The freshness test.
pub(super) const TEST: &str = "\
//! Fails when the spec was changed, or a generated file, and nobody ran `credsmith generate`.

#[test]
fn generated_files_are_fresh() -> Result<(), credsmith_project::Error> {
    credsmith_project::ensure_fresh(env!(\"CARGO_MANIFEST_DIR\"))
}
";

/// The version of credsmith's crates, which have one in common.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The crate that modules need.
pub(super) const RUNTIME: &str = "credsmith-runtime";

/// The crate that the freshness test needs.
pub(super) const PROJECT: &str = "credsmith-project";

/// The feature of the runtime for clients that sign.
pub(super) const JWT: &str = "jwt";

/// The feature of the crate, and of the runtime, for blocking clients.
pub(super) const BLOCKING: &str = "blocking";

/// The manifest of a new crate.
pub(super) fn manifest(crate_name: &str, needs: Needs) -> String {
    let mut manifest = format!(
        "\
[package]
name = \"{crate_name}\"
version = \"0.1.0\"
edition = \"2024\"

{}
{}",
        table("dependencies", RUNTIME, needs),
        table("dev-dependencies", PROJECT, needs),
    );
    if needs.blocking {
        manifest += &format!("\n{}", table("features", BLOCKING, needs));
    }
    manifest
}

/// What a manifest has to have, with the head of its table.
pub(super) fn table(table: &str, name: &str, needs: Needs) -> String {
    let value = match name {
        BLOCKING => format!("[\"{RUNTIME}/{BLOCKING}\"]"),
        RUNTIME if needs.jwt => format!("{{ version = \"{VERSION}\", features = [\"{JWT}\"] }}"),
        _ => format!("\"{VERSION}\""),
    };
    format!("[{table}]\n{name} = {value}\n")
}

/// The module that holds the generated ones, unless a configuration has another folder.
pub(super) const HOME: &str = "auth";

/// The root of a new library.
pub(super) fn library(home: &str, specs: &[Spec]) -> String {
    let all: Vec<_> = specs.iter().collect();
    let declaration = declaration(home, &all);
    match specs {
        [only] => {
            let overview = quoted(&format!("{home}/{}/overview.md", only.folder()));
            format!("#![doc = include_str!({overview})]\n\n{declaration}")
        }
        _ => declaration,
    }
}

/// How modules come into a crate that has none to hold them.
pub(super) fn declaration(home: &str, specs: &[&Spec]) -> String {
    let inside = indented(&modules("", specs), "    ");
    let names: Vec<_> = specs.iter().map(|spec| spec.module.as_str()).collect();
    // Names like `Environment` are in each of several.
    let export = match names[..] {
        [only] => format!("{only}::*"),
        _ => format!("{{{}}}", names.join(", ")),
    };
    format!("mod {home} {{\n{inside}\n}}\n\npub use {home}::{export};\n")
}

/// Declarations of modules, in a file beside the folder `below` that holds them.
pub(super) fn modules(below: &str, specs: &[&Spec]) -> String {
    specs.iter().map(|spec| module(below, spec)).collect()
}

fn module(below: &str, spec: &Spec) -> String {
    let (folder, module) = (spec.folder(), &spec.module);
    let declaration = format!("pub mod {module};\n");
    if folder == *module {
        return declaration;
    }
    let path = Path::new(below).join(folder).join("mod.rs");
    format!("#[path = {}]\n{declaration}", quoted(&portable(&path)))
}

/// The lines, each behind the same spaces.
pub(super) fn indented(text: &str, spaces: &str) -> String {
    let lines = text.lines().map(|line| match line {
        "" => String::new(),
        line => format!("{spaces}{line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}
