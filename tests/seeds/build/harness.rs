//! The code that compiles the Rust blocks of pages: each as it is printed, in a module that adds
//! what a reader has by then.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use credsmith_spec::model::{ClientSource, Sdk};

/// Blocks are examples: they print, and not every line of one is used.
const ALLOW: &str = "#[allow(unused, unreachable_pub, clippy::all, clippy::pedantic, \
                     clippy::print_stdout, clippy::print_stderr)]";

/// What blocks find around them: the SDK under its name, a client (or a manager, where the SDK has
/// its own client), and functions that store tokens.
struct Surroundings {
    name: String,
    subject: &'static str,
}

/// A module for each page of a spec, with a module for each of its blocks.
pub(crate) fn render(spec: &Path, pages: &Path) -> Result<String> {
    let checked = credsmith_spec::read(spec);
    let model = checked
        .spec
        .with_context(|| format!("{} is wrong", spec.display()))?;
    let around = Surroundings::of(model.sdk)?;
    let mut harness = String::new();
    let (mut all, mut with_getters) = (Vec::new(), Vec::new());
    let mut in_tests = Vec::new();
    let mut count = 0;
    for path in pages_of(pages)? {
        let page = fs::read_to_string(&path)?;
        let stem = path
            .file_stem()
            .context("a page has a name")?
            .to_string_lossy();
        writeln!(harness, "pub mod {stem} {{")?;
        for (number, block) in rust_blocks(&page).into_iter().enumerate() {
            harness += &if block.contains("fn main(") {
                around.complete(&page, number, block)
            } else {
                around.wrapped(number, block)
            };
            count += 1;
        }
        if let Some(number) = test_block(&page) {
            in_tests.push(format!(
                "{stem}::block_{number}::run(subject.clone()).await?;\n"
            ));
        }
        if let Some(getters) = getters(&page) {
            harness += &getters;
            with_getters.push(format!("({stem:?}, {stem}::getters)"));
        }
        let (constant, path) = (stem.to_uppercase(), path.display());
        writeln!(
            harness,
            "}}\npub const {constant}: &str = include_str!(r#\"{path}\"#);"
        )?;
        all.push(format!("({stem:?}, {constant})"));
    }
    ensure!(
        count > 5,
        "{}: only {count} blocks of Rust were found",
        pages.display()
    );
    writeln!(harness, "pub const BLOCKS: usize = {count};")?;
    writeln!(
        harness,
        "pub async fn in_tests(subject: Subject) -> Result<usize, Box<dyn std::error::Error>> {{\n\
         {}Ok({})\n}}",
        in_tests.concat(),
        in_tests.len(),
    )?;
    writeln!(
        harness,
        "pub const ALL: &[(&str, &str)] = &[{}];\n\
         pub const GETTERS: &[(&str, crate::Getters)] = &[{}];",
        all.join(", "),
        with_getters.join(", "),
    )?;
    Ok(harness)
}

fn pages_of(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = fs::canonicalize(entry?.path())?;
        if path.extension().is_some_and(|extension| extension == "md") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn rust_blocks(page: &str) -> Vec<&str> {
    let blocks = page.split("```rust\n").skip(1);
    blocks
        .filter_map(|rest| Some(rest.split_once("\n```")?.0))
        .collect()
}

impl Surroundings {
    fn of(sdk: Sdk) -> Result<Self> {
        let subject = match sdk.rust.client {
            ClientSource::Generated => "client",
            ClientSource::External => "manager",
        };
        let name = sdk
            .rust
            .crate_name
            .context("the specs here name their crates")?
            .value;
        Ok(Self { name, subject })
    }

    /// A block that stands in a function, to which a browser has come back.
    fn wrapped(&self, number: usize, block: &str) -> String {
        let Self { name, subject } = self;
        format!(
            "{ALLOW}\npub mod block_{number} {{\n\
             use super::super::super::{name};\nuse super::super::super::support::*;\n\
             pub async fn run({subject}: super::super::Subject)\n\
             -> Result<(), Box<dyn std::error::Error>> {{\n\
             let callback_url = callback_url();\n{block}\nOk(())\n}}\n}}\n"
        )
    }

    /// A complete example. Where it has a client that can be told of another token endpoint, it can
    /// be run: it asks the one that `SEEDS_TOKEN_URL` names, and the SDK is the real one but for that.
    fn complete(&self, page: &str, number: usize, block: &str) -> String {
        let name = &self.name;
        let Some((client, setter)) = self.redirected(page) else {
            return format!(
                "{ALLOW}\npub mod block_{number} {{\nuse super::super::super::{name};\n{block}\n}}\n"
            );
        };
        format!(
            "{ALLOW}\npub mod block_{number} {{\nmod {name} {{\n\
             use super::super::super::super::{name} as real;\npub use real::*;\n\
             pub struct {client};\nimpl {client} {{ pub fn builder() -> real::{client}Builder {{\n\
             let builder = real::{client}::builder();\n\
             match std::env::var(\"SEEDS_TOKEN_URL\") {{\n\
             Ok(url) => builder.{setter}(url), Err(_) => builder }} }} }}\n}}\n{block}\n\
             pub fn run() -> Result<(), Box<dyn std::error::Error>> {{ main() }}\n}}\n\
             pub fn complete() -> Result<(), Box<dyn std::error::Error>> {{ block_{number}::run() }}\n"
        )
    }

    /// The client of a page, and its setter for token endpoints.
    fn redirected<'p>(&self, page: &'p str) -> Option<(&'p str, &'p str)> {
        let (before, _) = page.split_once("(\"http://127.0.0.1:8080/token\")")?;
        let setter = before.rsplit('.').next()?;
        let (_, rest) = page.split_once("let client = ")?;
        let client = rest.split("::").next()?;
        (self.subject == "client").then_some((client, setter))
    }
}

/// The number of the block that shows a test.
fn test_block(page: &str) -> Option<usize> {
    let (before, _) = page.split_once("\n## In tests\n")?;
    Some(rust_blocks(before).len())
}

/// A function that calls every getter of the table of credentials.
fn getters(page: &str) -> Option<String> {
    let (_, table) = page.split_once("| Name | Type | Description | Getter |")?;
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let getters = rows.filter_map(|row| row.rsplit('`').nth(1));
    let note = page.lines().find(|line| line.starts_with("**Note:**"))?;
    let credentials = note.split('`').nth(1)?;
    let calls = getters
        .map(|getter| format!("let _ = credentials.{getter}();\ncalled.push({getter:?});\n"));
    Some(format!(
        "pub fn getters() -> Vec<&'static str> {{\n\
         let credentials = super::super::{credentials}::builder().build();\n\
         let mut called = Vec::new();\n{}called\n}}\n",
        calls.collect::<String>(),
    ))
}
