//! Generates the modules of all specs.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use credsmith_codegen::Generator;

fn main() -> Result<()> {
    let specs = Path::new("../../specs");
    println!("cargo::rerun-if-changed={}", specs.display());
    let out = PathBuf::from(env::var_os("OUT_DIR").context("cargo sets OUT_DIR")?);
    let mut paths = Vec::new();
    for entry in fs::read_dir(specs)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            paths.push(path);
        }
    }
    paths.sort();
    Generator::modules(&out).specs(&paths).force(true).write()?;
    Ok(())
}
