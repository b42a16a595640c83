//! What can go wrong between a `credsmith.toml` and files.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use credsmith_codegen::{Failure, Stale};
use credsmith_spec::{Checked, render};

/// Why nothing was generated, or what is stale. Its `Debug` form, which a test shows that returns it,
/// reads as its `Display` form does.
pub struct Error(Box<Kind>);

enum Kind {
    NoFile {
        from: PathBuf,
    },
    Io {
        path: PathBuf,
        error: io::Error,
    },
    Configuration(Vec<Checked>),
    Unlisted {
        spec: PathBuf,
        file: PathBuf,
    },
    NoTarget {
        target: String,
        listed: Vec<&'static str>,
        file: PathBuf,
    },
    NoDocs {
        file: PathBuf,
    },
    Stale(Vec<Stale>),
    Generation {
        failure: Failure,
        others: usize,
    },
}

impl Error {
    pub(crate) fn no_file(from: &Path) -> Self {
        let from = std::path::absolute(from).unwrap_or_else(|_| from.to_owned());
        Self(Box::new(Kind::NoFile { from }))
    }

    pub(crate) fn io(path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        Self(Box::new(Kind::Io { path, error }))
    }

    pub(crate) fn configuration(wrong: Checked) -> Self {
        Self(Box::new(Kind::Configuration(vec![wrong])))
    }

    pub(crate) fn unlisted(spec: &Path, file: &Path) -> Self {
        let (spec, file) = (spec.to_owned(), file.to_owned());
        Self(Box::new(Kind::Unlisted { spec, file }))
    }

    /// `listed` are the targets of the outputs in `file`.
    pub(crate) fn no_target(target: &str, listed: Vec<&'static str>, file: &Path) -> Self {
        Self(Box::new(Kind::NoTarget {
            target: target.to_owned(),
            listed,
            file: file.to_owned(),
        }))
    }

    pub(crate) fn no_docs(file: &Path) -> Self {
        let file = file.to_owned();
        Self(Box::new(Kind::NoDocs { file }))
    }

    pub(crate) fn stale(stale: Vec<Stale>) -> Self {
        Self(Box::new(Kind::Stale(stale)))
    }

    /// One output failed after `others` files of other outputs had been written.
    pub(crate) fn generation(failure: Failure, others: usize) -> Self {
        Self(Box::new(Kind::Generation { failure, others }))
    }

    /// The files with mistakes, and their diagnostics: `credsmith.toml`, or specs. Empty when something
    /// else failed.
    pub fn problems(&self) -> &[Checked] {
        match &*self.0 {
            Kind::Configuration(specs)
            | Kind::Generation {
                failure: Failure::Specs(specs),
                ..
            } => specs,
            _ => &[],
        }
    }

    /// Whether the call was wrong, rather than the world: there is no `credsmith.toml`, it does not
    /// list what was asked for, or files that credsmith did not write are in the way.
    pub fn is_usage(&self) -> bool {
        match &*self.0 {
            Kind::NoFile { .. }
            | Kind::Unlisted { .. }
            | Kind::NoTarget { .. }
            | Kind::NoDocs { .. } => true,
            Kind::Generation {
                failure: Failure::Other(error),
                ..
            } => error.is_usage(),
            _ => false,
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::generation(failure, 0)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::NoFile { from } => {
                write!(f, "there is no credsmith.toml in {}", from.display())?;
                f.write_str(" or above it; `credsmith init` writes one")
            }
            Kind::Io { path, error } => write!(f, "{}: {error}", path.display()),
            Kind::Configuration(wrong) => wrong.iter().try_for_each(|checked| {
                f.write_str(&render::human(&checked.source, &checked.diagnostics, false))
            }),
            Kind::Unlisted { spec, file } => write!(
                f,
                "{} lists no output of {}; add one there, or say where to with --out",
                file.display(),
                spec.display()
            ),
            Kind::NoTarget {
                target,
                listed,
                file,
            } => write!(
                f,
                "{} lists no output of the target `{target}`; listed: `{}`",
                file.display(),
                listed.join("`, `")
            ),
            Kind::NoDocs { file } => write!(
                f,
                "{} says of no output where its pages go; add `docs = \"docs/auth\"` to one",
                file.display()
            ),
            Kind::Stale(stale) => {
                for Stale {
                    path, reason, diff, ..
                } in stale
                {
                    writeln!(f, "{}: {reason}\n{diff}", path.display())?;
                }
                let command = stale.first().map_or("", |file| &file.command);
                write!(f, "to regenerate: {command}")?;
                if stale.iter().any(|file| file.edited) {
                    f.write_str(" --force\nwhat was changed by hand is lost by that")?;
                }
                Ok(())
            }
            Kind::Generation { failure, others } => {
                failure.fmt(f)?;
                match others {
                    0 => Ok(()),
                    _ => write!(
                        f,
                        "\nthat is one output; {others} files of others are written"
                    ),
                }
            }
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
        match &*self.0 {
            Kind::Io { error, .. } => Some(error),
            Kind::Generation { failure, .. } => Some(failure),
            _ => None,
        }
    }
}
