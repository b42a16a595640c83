//! Generates credential modules in a build script.
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), credsmith_build::Error> {
//!     credsmith_build::compile("specs/acme.yaml")
//! }
//! ```
//!
//! The modules come in with `include!`:
//!
//! ```text
//! pub mod auth {
//!     include!(concat!(env!("OUT_DIR"), "/acme/mod.rs"));
//! }
//! ```
//!
//! A mistake in the spec fails the build with its path, line and column, not with a panic. Nothing
//! is generated again unless the spec changed. [`Builder`] takes several specs, or another folder.

mod folders;

use std::env;
use std::fmt;
use std::path::PathBuf;

use credsmith_codegen::{Failure, Generator, Written};
use credsmith_spec::{Severity, render};

use self::folders::Taken;

/// Generates the modules of one spec into `$OUT_DIR/<spec stem>/`, and tells cargo about it.
///
/// The path is relative to the crate's folder, as cargo runs build scripts there.
///
/// # Errors
///
/// As for [`Builder::run`].
pub fn compile(spec: impl Into<PathBuf>) -> Result<(), Error> {
    Builder::new().spec(spec).run()
}

/// Generates modules with more to say.
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is generated until `run` is called"]
pub struct Builder {
    specs: Vec<PathBuf>,
    out: Option<PathBuf>,
}

impl Builder {
    /// A builder without specs.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a spec.
    pub fn spec(mut self, path: impl Into<PathBuf>) -> Self {
        self.specs.push(path.into());
        self
    }

    /// Sets the folder that gets a folder for each spec, in place of `$OUT_DIR`. Files there that
    /// credsmith did not write, or that were edited, stay, and fail the build.
    pub fn out_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.out = Some(path.into());
        self
    }

    /// Generates, and tells cargo when to do it again, and what is wrong with the specs.
    ///
    /// # Errors
    ///
    /// When a spec has mistakes, when another spec of this process has its output folder, when files
    /// cannot be written, or when this is no build script and no folder was set. Cargo has been told by then; returning the error from `main` is all that is
    /// left to do.
    pub fn run(self) -> Result<(), Error> {
        let specs = self
            .specs
            .iter()
            .map(|spec| format!("rerun-if-changed={}", spec.display()));
        tell_cargo(specs);
        match self.generate() {
            Ok(written) => {
                tell_cargo(warnings(&written).map(|warning| format!("warning={warning}")));
                Ok(())
            }
            Err(error) => {
                tell_cargo(
                    error
                        .lines()
                        .into_iter()
                        .map(|line| format!("error={line}")),
                );
                Err(error)
            }
        }
    }

    fn generate(self) -> Result<Written, Error> {
        // `$OUT_DIR` is ours; in another folder, other people's files stay.
        let force = self.out.is_none();
        let out = self
            .out
            .or_else(|| env::var_os("OUT_DIR").map(PathBuf::from));
        let out = out.ok_or(Error(Kind::NoFolder))?;
        folders::take(&out, &self.specs).map_err(|taken| Error(Kind::Taken(taken)))?;
        let generator = Generator::modules(out).specs(self.specs);
        // Nobody reads the files of a build, and other people's tools may be missing there.
        let generator = generator.force(force).format(false);
        let written = generator.command("cargo build").write();
        written.map_err(|failure| Error(Kind::Failure(failure)))
    }
}

fn warnings(written: &Written) -> impl Iterator<Item = String> {
    written.specs.iter().flat_map(|checked| {
        let problems = checked.diagnostics.iter();
        problems.map(|problem| render::short(&checked.source, problem))
    })
}

#[expect(
    clippy::print_stdout,
    reason = "this is how build scripts talk to cargo"
)]
fn tell_cargo(lines: impl Iterator<Item = String>) {
    for line in lines {
        println!("cargo::{line}");
    }
}

/// Why nothing was generated. Its `Debug` form, which cargo shows when `main` returns it, reads as
/// its `Display` form does.
pub struct Error(Kind);

enum Kind {
    NoFolder,
    Taken(Taken),
    Failure(Failure),
}

impl Error {
    /// One line a problem: `specs/acme.yaml:14:11: error[CS0101]: unknown key`, with its way out.
    fn lines(&self) -> Vec<String> {
        let Kind::Failure(Failure::Specs(specs)) = &self.0 else {
            return self.to_string().lines().map(str::to_owned).collect();
        };
        let problems = specs.iter().flat_map(|checked| {
            let errors = checked.diagnostics.iter();
            errors
                .filter(|problem| problem.severity == Severity::Error)
                .map(move |problem| {
                    let help = problem.help.first().map(|help| format!("; {help}"));
                    render::short(&checked.source, problem) + &help.unwrap_or_default()
                })
        });
        problems.collect()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::NoFolder => f.write_str(
                "OUT_DIR is not set: call this from a build script, or set a folder with `out_dir`",
            ),
            Kind::Taken(taken) => taken.fmt(f),
            Kind::Failure(failure) => failure.fmt(f),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Kind::NoFolder | Kind::Taken(_) => None,
            Kind::Failure(failure) => Some(failure),
        }
    }
}

/// Compiles what the README shows.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    const SPEC: &str = "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
";

    fn run(folder: &Path, text: &str) -> Result<(), Error> {
        let spec = folder.join("acme.yaml");
        fs::write(&spec, text).unwrap();
        Builder::new().spec(spec).out_dir(folder.join("out")).run()
    }

    #[test]
    fn modules_are_written_once() {
        let folder = tempfile::tempdir().unwrap();
        run(folder.path(), SPEC).unwrap();
        let module = folder.path().join("out/acme/mod.rs");
        let written = fs::metadata(&module).unwrap().modified().unwrap();
        run(folder.path(), SPEC).unwrap();
        assert_eq!(fs::metadata(&module).unwrap().modified().unwrap(), written);
    }

    #[test]
    fn a_file_that_was_edited_fails_the_build_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        run(folder.path(), SPEC).unwrap();
        let module = folder.path().join("out/acme/client.rs");
        let edited = fs::read_to_string(&module).unwrap() + "// Mine.\n";
        fs::write(&module, &edited).unwrap();
        let spec = SPEC.replace("name: Acme", "name: Other");
        let error = run(folder.path(), &spec).unwrap_err().to_string();
        assert!(
            error.contains("client.rs: it was edited by hand"),
            "{error}"
        );
        assert_eq!(fs::read_to_string(&module).unwrap(), edited);

        let rendered = edited.replace("// Mine.\n", "").replace('\n', "\r\n");
        fs::write(&module, rendered).unwrap();
        run(folder.path(), &spec).unwrap();
        assert!(fs::read_to_string(&module).unwrap().contains("OtherClient"));
    }

    #[test]
    fn a_build_formats_nothing() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("rustfmt.toml"), "hard_tabs = true\n").unwrap();
        run(folder.path(), SPEC).unwrap();
        let module = fs::read_to_string(folder.path().join("out/acme/client.rs")).unwrap();
        assert!(!module.contains('\t'), "{module}");
    }

    #[test]
    fn every_mistake_is_a_line_with_its_place_and_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let text = SPEC
            .replace("token_url", "tokenUrl")
            .replace("client_credentials", "magic");
        let error = run(folder.path(), &text).unwrap_err();
        let lines = error.lines();
        let places = [
            "acme.yaml:6:12: error[CS0201]: ",
            "acme.yaml:7:5: error[CS0101]: ",
        ];
        for place in places {
            assert!(
                lines.iter().any(|line| line.contains(place)),
                "{place}: {lines:?}"
            );
        }
        assert!(
            lines
                .iter()
                .any(|line| line.ends_with("; did you mean `token_url`?")),
            "{lines:?}"
        );
        assert!(!folder.path().join("out").exists());
    }

    #[test]
    fn two_calls_do_not_generate_over_each_other() {
        let folder = tempfile::tempdir().unwrap();
        run(folder.path(), SPEC).unwrap();
        let other = folder.path().join("other/Acme.yaml");
        fs::create_dir(folder.path().join("other")).unwrap();
        fs::write(&other, SPEC).unwrap();
        let out = folder.path().join("out");
        let error = Builder::new().spec(&other).out_dir(&out).run().unwrap_err();
        let lines = error.lines();
        assert_eq!(lines.len(), 1);
        assert!(lines[0].contains("acme.yaml and "), "{lines:?}");
        assert!(
            lines[0].ends_with("; give them different file names"),
            "{lines:?}"
        );
        let elsewhere = folder.path().join("elsewhere");
        Builder::new()
            .spec(&other)
            .out_dir(elsewhere)
            .run()
            .unwrap();
    }

    #[test]
    fn a_call_from_elsewhere_says_what_is_missing() {
        let error = Error(Kind::NoFolder);
        assert_eq!(error.lines().len(), 1);
        assert!(format!("{error:?}").contains("OUT_DIR is not set"));
    }
}
