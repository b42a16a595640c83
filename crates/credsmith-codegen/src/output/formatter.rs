//! The consumer's rustfmt, for Rust that goes into a repository.
//!
//! Nothing depends on it: without rustfmt, or if it fails, files are written as they are rendered.

use std::cell::OnceCell;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::num::NonZero;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::available_parallelism;

use super::Kind;
use super::content::Content;

/// The edition of files outside of any crate.
const EDITION: &str = "2024";

/// Runs rustfmt as `cargo fmt` would for a file in its place.
#[derive(Debug)]
pub(crate) struct Formatter {
    is_on: bool,
    /// Whether rustfmt is there, once somebody asked.
    is_found: OnceCell<bool>,
}

/// A text that may go to disk.
pub(super) struct Formatted {
    pub(super) text: String,
    /// Why it is as it was rendered, if rustfmt failed.
    pub(super) problem: Option<String>,
}

impl Formatter {
    /// A formatter, or with `false` one that changes nothing. Build scripts never format.
    pub(crate) fn new(is_on: bool) -> Self {
        Self {
            is_on: is_on && cfg!(feature = "committed"),
            is_found: OnceCell::new(),
        }
    }

    /// Formats files of `directory`, in their order, with the edition of its crate and its `rustfmt.toml`.
    pub(super) fn format(&self, directory: &Path, contents: &[&Content]) -> Vec<Formatted> {
        let directory = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
        let edition = edition(&directory);
        // The folder itself may not be there yet.
        let here = directory.ancestors().find(|folder| folder.is_dir());
        let start = |content: &&Content| {
            let is_formatted = content.kind == Kind::Rust && self.is_on();
            let mut command = rustfmt();
            let command = command.args(["--quiet", "--edition", &edition]);
            let command = command.current_dir(here.unwrap_or(&directory));
            is_formatted.then(|| start(command, &content.text))
        };
        let at_once = available_parallelism().map_or(1, NonZero::get);
        let mut formatted = Vec::new();
        for contents in contents.chunks(at_once) {
            let started: Vec<_> = contents.iter().map(start).collect();
            let finished = started.into_iter().zip(contents);
            formatted.extend(finished.map(|(child, content)| Formatted::of(child, content)));
        }
        formatted
    }

    fn is_on(&self) -> bool {
        let is_found = || {
            let version = rustfmt().arg("--version").stdin(Stdio::null()).output();
            version.is_ok_and(|output| output.status.success())
        };
        self.is_on && *self.is_found.get_or_init(is_found)
    }
}

impl Formatted {
    fn of(formatter: Option<io::Result<Child>>, content: &Content) -> Self {
        let outcome = formatter.map(|child| finish(child?, content)).transpose();
        let (text, problem) = match outcome {
            Ok(text) => (text, None),
            Err(problem) => (None, Some(problem.to_string())),
        };
        Self {
            text: text.unwrap_or_else(|| content.text.clone()),
            problem,
        }
    }
}

/// rustfmt, as cargo finds it.
fn rustfmt() -> Command {
    Command::new(std::env::var_os("RUSTFMT").unwrap_or_else(|| OsString::from("rustfmt")))
}

/// Starts a formatter and gives it all of the text, which it reads to the end before it writes.
fn start(command: &mut Command, text: &str) -> io::Result<Child> {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A formatter that does not take the text says why.
        let _ = stdin.write_all(text.as_bytes());
    }
    Ok(child)
}

fn finish(child: Child, content: &Content) -> io::Result<String> {
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(io::Error::other(on_one_line(&output.stderr)));
    }
    let text = String::from_utf8(output.stdout).map_err(io::Error::other)?;
    let formatted = Content::new(content.kind, text);
    if !formatted.means_the_same(content) {
        return Err(io::Error::other("it changes more than the layout"));
    }
    Ok(formatted.text)
}

/// The beginning of what a formatter says.
fn on_one_line(words: &[u8]) -> String {
    const LENGTH: usize = 300;
    let words = String::from_utf8_lossy(words);
    let words: Vec<_> = words.split_whitespace().collect();
    words.join(" ").chars().take(LENGTH).collect()
}

/// The edition of the crate that `directory` is in.
fn edition(directory: &Path) -> String {
    let manifests = directory
        .ancestors()
        .map(|folder| folder.join("Cargo.toml"));
    let mut texts = manifests.filter_map(|manifest| fs::read_to_string(manifest).ok());
    let edition = texts.find_map(|text| text.lines().find_map(edition_in));
    edition.unwrap_or_else(|| EDITION.to_owned())
}

/// The edition in a line of a `Cargo.toml`: `edition = "2024"`. A crate that has its workspace's edition is
/// answered by the workspace.
fn edition_in(line: &str) -> Option<String> {
    let (key, value) = line.split_once('=')?;
    let edition = value.trim().strip_prefix('"')?.get(..4)?;
    let is_year = edition.bytes().all(|byte| byte.is_ascii_digit());
    (key.trim() == "edition" && is_year).then(|| edition.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edition_is_that_of_the_crate_or_of_its_workspace() {
        let folder = tempfile::tempdir().unwrap();
        let krate = folder.path().join("crates/sdk");
        let out = krate.join("src/auth");
        fs::create_dir_all(&krate).unwrap();
        let workspace = "[workspace.package]\nedition = \"2021\" # of all\n";
        fs::write(folder.path().join("Cargo.toml"), workspace).unwrap();
        for (text, expected) in [
            ("[package]\nedition = \"2018\"\n", "2018"),
            ("[package]\nedition.workspace = true\n", "2021"),
            ("[package]\nedition = { workspace = true }\n", "2021"),
        ] {
            fs::write(krate.join("Cargo.toml"), text).unwrap();
            assert_eq!(edition(&out), expected, "{text}");
        }
    }
}
