//! What can go wrong between a checked spec and files.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Generation failed. Nothing was written, unless [`is_partial`](Self::is_partial) says so.
#[derive(Debug)]
pub struct Error(Box<Kind>);

#[derive(Debug)]
enum Kind {
    Template(askama::Error),
    #[cfg(feature = "committed")]
    Unparsable {
        path: String,
        place: String,
        reason: String,
    },
    #[cfg(feature = "committed")]
    InnerAttribute {
        path: String,
    },
    Occupied {
        paths: Vec<Occupied>,
    },
    Io {
        path: PathBuf,
        error: io::Error,
        partial: bool,
    },
    NoStem {
        path: PathBuf,
    },
    SameOutput {
        directory: PathBuf,
    },
    Manifest {
        path: PathBuf,
        reason: String,
    },
}

/// A file that must not be overwritten, and why.
#[derive(Debug)]
pub(crate) struct Occupied {
    pub(crate) path: PathBuf,
    pub(crate) reason: &'static str,
}

impl Error {
    #[cfg(feature = "committed")]
    pub(crate) fn unparsable(path: &str, error: &syn::Error) -> Self {
        let start = error.span().start();
        let place = format!("{}:{}", start.line, start.column + 1);
        let reason = error.to_string();
        Self(Box::new(Kind::Unparsable {
            path: path.to_owned(),
            place,
            reason,
        }))
    }

    #[cfg(feature = "committed")]
    pub(crate) fn inner_attribute(path: &str) -> Self {
        Self(Box::new(Kind::InnerAttribute {
            path: path.to_owned(),
        }))
    }

    pub(crate) fn occupied(paths: Vec<Occupied>) -> Self {
        Self(Box::new(Kind::Occupied { paths }))
    }

    pub(crate) fn io(path: &Path, error: io::Error) -> Self {
        Self(Box::new(Kind::Io {
            path: path.to_owned(),
            error,
            partial: false,
        }))
    }

    /// The same failure, after other files had been written.
    pub(crate) fn partial(mut self) -> Self {
        if let Kind::Io { partial, .. } = &mut *self.0 {
            *partial = true;
        }
        self
    }

    pub(crate) fn no_stem(path: &Path) -> Self {
        Self(Box::new(Kind::NoStem {
            path: path.to_owned(),
        }))
    }

    pub(crate) fn same_output(directory: &Path) -> Self {
        Self(Box::new(Kind::SameOutput {
            directory: directory.to_owned(),
        }))
    }

    pub(crate) fn manifest(path: &Path, reason: impl Into<String>) -> Self {
        Self(Box::new(Kind::Manifest {
            path: path.to_owned(),
            reason: reason.into(),
        }))
    }

    /// Whether the call was wrong, rather than the world: two specs for one folder, or files in the
    /// way that credsmith did not write.
    pub fn is_usage(&self) -> bool {
        matches!(
            *self.0,
            Kind::Occupied { .. } | Kind::NoStem { .. } | Kind::SameOutput { .. }
        )
    }

    /// Whether some files had been written when it failed. Each of them is whole.
    pub fn is_partial(&self) -> bool {
        matches!(*self.0, Kind::Io { partial: true, .. })
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self(Box::new(Kind::Template(error)))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const FAULT: &str = "this is a fault of credsmith, please report it with the spec";
        match &*self.0 {
            Kind::Template(error) => write!(f, "a template failed: {error}; {FAULT}"),
            #[cfg(feature = "committed")]
            Kind::Unparsable {
                path,
                place,
                reason,
            } => {
                write!(
                    f,
                    "the generated file {path}:{place} does not parse: {reason}; {FAULT}"
                )
            }
            #[cfg(feature = "committed")]
            Kind::InnerAttribute { path } => {
                write!(
                    f,
                    "the generated file {path} has an inner attribute; {FAULT}"
                )
            }
            Kind::Occupied { paths } => {
                f.write_str("files are in the way, and none of this output was written:")?;
                for occupied in paths {
                    write!(f, "\n  {}: {}", occupied.path.display(), occupied.reason)?;
                }
                f.write_str("\nmove them away, or overwrite them with --force")
            }
            Kind::Io { path, error, .. } => write!(f, "{}: {error}", path.display()),
            Kind::NoStem { path } => write!(
                f,
                "{} cannot name an output folder; rename the spec",
                path.display()
            ),
            Kind::SameOutput { directory } => {
                write!(
                    f,
                    "two specs of this call have the output folder {}",
                    directory.display()
                )?;
                f.write_str("; give them different file names, or different --out folders")
            }
            Kind::Manifest { path, reason } => {
                write!(
                    f,
                    "{} is not a manifest of this credsmith: {reason}; ",
                    path.display()
                )?;
                f.write_str("restore it from version control, or delete it and use --force")
            }
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &*self.0 {
            Kind::Io { error, .. } => Some(error),
            _ => None,
        }
    }
}
