//! Writes a spec for each combination of options, generates its module, and writes the code that
//! uses it as far as its options go. What stands in `specs` is generated too, for tests by hand.

#![expect(
    clippy::print_stdout,
    reason = "this is how build scripts talk to cargo"
)]

mod client_credentials;
mod grants;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use credsmith_codegen::Generator;

/// A combination as the matrix uses it.
struct Entry {
    name: String,
    title: String,
    spec: String,
    /// The function `exercise_…`.
    code: String,
}

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=specs");
    let out = PathBuf::from(env::var_os("OUT_DIR").context("cargo sets OUT_DIR")?);
    let specs = out.join("specs");
    fs::create_dir_all(&specs)?;
    let mut generator = Generator::modules(out.join("modules")).force(true);
    let (mut code, mut calls) = (String::new(), String::new());
    for entry in entries() {
        let Entry { name, title, .. } = &entry;
        let path = specs.join(format!("{name}.yaml"));
        fs::write(&path, &entry.spec)?;
        generator = generator.spec(path);
        code += &module(&out, name);
        code += &entry.code;
        calls += &format!("({title:?}, Box::pin(exercise_{name}())),\n");
    }
    for file in fs::read_dir("specs")? {
        let path = file?.path();
        let name = path.file_stem().context("a spec has a name")?;
        code += &module(&out, &name.to_string_lossy());
        generator = generator.spec(path);
    }
    code += &format!(
        "/// Uses every combination.\n\
         #[allow(clippy::too_many_lines, reason = \"a line for each\")]\n\
         #[must_use]\npub fn all() -> Vec<(&'static str, Outcome)> {{ vec![\n{calls}] }}\n"
    );
    generator.write()?;
    fs::write(out.join("matrix.rs"), code)?;
    Ok(())
}

fn entries() -> impl Iterator<Item = Entry> {
    let client_credentials = client_credentials::combinations();
    let client_credentials = client_credentials.into_iter().enumerate();
    let client_credentials = client_credentials.map(|(number, combination)| {
        let name = format!("m{number}");
        Entry {
            title: combination.title(),
            spec: combination.spec(),
            code: combination.exercise(&name),
            name,
        }
    });
    let grants = grants::combinations().into_iter().enumerate();
    client_credentials.chain(grants.map(|(number, combination)| {
        let name = format!("g{number}");
        Entry {
            title: combination.title(),
            spec: combination.spec(),
            code: combination.exercise(&name),
            name,
        }
    }))
}

fn module(out: &Path, name: &str) -> String {
    let module = out.join("modules").join(name).join("mod.rs");
    format!(
        "pub mod {name} {{ include!(r#\"{}\"#); }}\n",
        module.display()
    )
}
