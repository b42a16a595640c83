//! Generates the modules and pages of all specs, and a harness that compiles every Rust block of
//! every page as it is printed.

#![expect(
    clippy::print_stdout,
    reason = "this is how build scripts talk to cargo"
)]

mod harness;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use credsmith_codegen::Generator;

fn main() -> Result<()> {
    println!("cargo::rerun-if-env-changed=CREDSMITH_DEMO_DIR");
    let folder = specs_folder()?;
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rustc-env=SPECS_DIR={}", folder.display());
    let out = PathBuf::from(env::var_os("OUT_DIR").context("cargo sets OUT_DIR")?);
    let specs = specs(&folder)?;
    let base = if let Some(directory) = env::var_os("CREDSMITH_DEMO_DIR") {
        // Somebody has generated them already: this application is built on those files.
        let directory = fs::canonicalize(directory)?;
        for folder in ["modules", "pages"] {
            println!(
                "cargo::rerun-if-changed={}",
                directory.join(folder).display()
            );
        }
        directory
    } else {
        let modules = credsmith_build::Builder::new().out_dir(out.join("modules"));
        specs
            .iter()
            .fold(modules, credsmith_build::Builder::spec)
            .run()?;
        let pages = Generator::pages(out.join("pages"));
        pages.specs(&specs).force(true).write()?;
        out.clone()
    };
    println!("cargo::rustc-env=SEEDS_DIR={}", base.display());
    for spec in &specs {
        let stem = spec
            .file_stem()
            .context("a spec has a name")?
            .to_string_lossy()
            .into_owned();
        let harness = harness::render(spec, &base.join("pages").join(&stem))?;
        fs::write(out.join(format!("{stem}-pages.rs")), harness)?;
    }
    Ok(())
}

/// The project's own specs, also where this is built from its tarball, somewhere below the project.
fn specs_folder() -> Result<PathBuf> {
    let here = env::current_dir()?;
    let mut folders = here.ancestors().map(|folder| folder.join("specs"));
    let found = folders.find(|specs| specs.is_dir());
    found.context("no folder above this one has specs")
}

fn specs(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut specs = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            specs.push(path);
        }
    }
    specs.sort();
    Ok(specs)
}
