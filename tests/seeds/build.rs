//! Generates the modules and pages of all specs, and a harness that compiles every Rust block of
//! every page as it is printed.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use credsmith_codegen::Generator;

fn main() -> Result<()> {
    println!("cargo::rerun-if-env-changed=CREDSMITH_DEMO_DIR");
    println!("cargo::rerun-if-changed=../../specs");
    let out = PathBuf::from(env::var_os("OUT_DIR").context("cargo sets OUT_DIR")?);
    let specs = specs(Path::new("../../specs"))?;
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
        let modules = Generator::modules(out.join("modules"));
        modules.specs(&specs).force(true).write()?;
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
        let harness = harness(spec, &base.join("pages").join(&stem))?;
        fs::write(out.join(format!("{stem}-pages.rs")), harness)?;
    }
    Ok(())
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

/// A module for each block of each page. The blocks stand in it as they are printed; around them is
/// what a reader has by then: the SDK under its name, a client, and functions to store tokens.
fn harness(spec: &Path, pages: &Path) -> Result<String> {
    let checked = credsmith_spec::read(spec);
    let sdk = checked
        .spec
        .with_context(|| format!("{} is wrong", spec.display()))?
        .sdk;
    let name = sdk
        .rust
        .crate_name
        .context("the seeds name their crates")?
        .value;
    let mut paths = Vec::new();
    for entry in fs::read_dir(pages)? {
        paths.push(entry?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    let mut harness = String::new();
    let mut count = 0;
    for path in &paths {
        let page = fs::read_to_string(path)?;
        let stem = path
            .file_stem()
            .context("a page has a name")?
            .to_string_lossy()
            .into_owned();
        writeln!(harness, "pub mod {stem} {{")?;
        for (number, block) in rust_blocks(&page).into_iter().enumerate() {
            let block = if block.contains("fn main(") {
                complete(&name, &page, number, block)?
            } else {
                wrapped(&name, number, block)
            };
            harness += &block;
            count += 1;
        }
        if let Some(getters) = getters(&page) {
            harness += &getters;
        }
        writeln!(harness, "}}")?;
        writeln!(
            harness,
            "pub const {}: &str = include_str!(r#\"{}\"#);",
            stem.to_uppercase(),
            fs::canonicalize(path)?.display(),
        )?;
    }
    ensure!(
        count > 5,
        "{}: only {count} blocks of Rust were found",
        pages.display()
    );
    writeln!(harness, "pub const BLOCKS: usize = {count};")?;
    Ok(harness)
}

fn rust_blocks(page: &str) -> Vec<&str> {
    let blocks = page.split("```rust\n").skip(1);
    blocks
        .filter_map(|rest| Some(rest.split_once("\n```")?.0))
        .collect()
}

fn wrapped(name: &str, number: usize, block: &str) -> String {
    let opening = format!(
        "#[allow(unused, unreachable_pub, clippy::all, clippy::pedantic, clippy::print_stdout, clippy::print_stderr)]\npub mod block_{number} {{\n\
         use super::super::super::{name};\n"
    );
    format!(
        "{opening}use super::super::super::support::*;\n\
         pub async fn run(client: super::super::Client) -> Result<(), Box<dyn std::error::Error>> {{\n\
         {block}\nOk(())\n}}\n}}\n"
    )
}

/// A complete example, which can be run. Its clients ask the token endpoint that is named by
/// `SEEDS_TOKEN_URL`, if there is one: the SDK in it is the real one but for that.
fn complete(name: &str, page: &str, number: usize, block: &str) -> Result<String> {
    let (before, _) = page
        .split_once("_token_url(\"http")
        .context("a page shows how")?;
    let setter = before.rsplit('.').next().context("a setter is a method")?;
    let (_, rest) = page
        .split_once("let client = ")
        .context("a page builds a client")?;
    let client = rest.split("::").next().context("a client has a name")?;
    Ok(format!(
        "#[allow(unused, unreachable_pub, clippy::all, clippy::pedantic, clippy::print_stdout, clippy::print_stderr)]\n\
         pub mod block_{number} {{\nmod {name} {{\n\
         use super::super::super::super::{name} as real;\npub use real::*;\n\
         pub struct {client};\nimpl {client} {{ pub fn builder() -> real::{client}Builder {{\n\
         let builder = real::{client}::builder();\n\
         match std::env::var(\"SEEDS_TOKEN_URL\") {{\n\
         Ok(url) => builder.{setter}_token_url(url), Err(_) => builder }} }} }}\n}}\n{block}\n\
         pub fn run() -> Result<(), Box<dyn std::error::Error>> {{ main() }}\n}}\n\
         pub fn complete() -> Result<(), Box<dyn std::error::Error>> {{ block_{number}::run() }}\n"
    ))
}

/// A function that calls every getter of the table of credentials.
fn getters(page: &str) -> Option<String> {
    let table = page.split_once("| Name | Type | Description | Getter |")?.1;
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let getters = rows.filter_map(|row| row.rsplit('`').nth(1));
    let credentials = page.split_once("takes a `")?.1.split('`').next()?;
    let mut calls = String::new();
    for getter in getters {
        calls += &format!("let _ = credentials.{getter}(); called.push({getter:?});\n");
    }
    Some(format!(
        "pub fn getters(credentials: &super::super::{credentials}) -> Vec<&'static str> {{\n\
         let mut called = Vec::new();\n{calls}called\n}}\n"
    ))
}
