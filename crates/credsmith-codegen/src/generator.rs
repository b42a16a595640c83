//! The front of the crate: specs in, files out.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use credsmith_spec::{Checked, render};

use crate::error::Error;
use crate::origin::Origin;
use crate::output::{Changes, Comparison, File, Folder, Formatter, Generated, Stale, with_header};
use crate::{Target, check_names, plan};

/// Generates modules or pages from specs, into `OUT/<spec stem>/`.
#[derive(Clone, Debug)]
pub struct Generator {
    specs: Vec<PathBuf>,
    out: PathBuf,
    artifact: Artifact,
    target: Target,
    command: Option<String>,
    force: bool,
    format: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Artifact {
    Modules,
    Pages,
}

/// Why nothing was generated. Its `Debug` form, which a program shows that returns it from `main`,
/// reads as its `Display` form does.
pub enum Failure {
    /// At least one spec has errors. All specs of the call are here.
    Specs(Vec<Checked>),
    /// Something else.
    Other(Error),
}

/// What [`Generator::write`] did.
#[derive(Debug, Default)]
pub struct Written {
    /// Files that were new or different; those that were fresh were left alone.
    pub changed: Vec<PathBuf>,
    /// Files of an earlier run that are no longer generated.
    pub removed: Vec<PathBuf>,
    /// All generated files, manifests included.
    pub files: Vec<PathBuf>,
    /// The specs, with their warnings.
    pub specs: Vec<Checked>,
    /// Files that rustfmt could not format, and why. They are written as they were rendered.
    pub warnings: Vec<String>,
}

impl Generator {
    /// Modules, into folders of `out`.
    pub fn modules(out: impl Into<PathBuf>) -> Self {
        Self::new(out.into(), Artifact::Modules)
    }

    /// Documentation pages of the modules, into folders of `out`.
    pub fn pages(out: impl Into<PathBuf>) -> Self {
        Self::new(out.into(), Artifact::Pages)
    }

    fn new(out: PathBuf, artifact: Artifact) -> Self {
        Self {
            specs: Vec::new(),
            out,
            artifact,
            target: Target::default(),
            command: None,
            force: false,
            format: true,
        }
    }

    /// The language of the output; Rust unless it is set.
    #[must_use]
    pub fn target(mut self, target: Target) -> Self {
        self.target = target;
        self
    }

    /// Adds a spec.
    #[must_use]
    pub fn spec(mut self, path: impl Into<PathBuf>) -> Self {
        self.specs.push(path.into());
        self
    }

    /// Adds specs.
    #[must_use]
    pub fn specs<P: Into<PathBuf>>(mut self, paths: impl IntoIterator<Item = P>) -> Self {
        self.specs.extend(paths.into_iter().map(Into::into));
        self
    }

    /// The command that headers and diffs name, `cargo xtask codegen` say. Without it, they name the
    /// call of `credsmith` that does the same.
    #[must_use]
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    /// Overwrites files that were edited by hand, or that credsmith did not write.
    #[must_use]
    pub fn force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }

    /// Whether Rust is formatted by rustfmt before it is written, if there is a rustfmt: with the edition of the crate
    /// and the `rustfmt.toml` that apply to the output folder. On by default, and without effect without the feature
    /// `committed`.
    #[must_use]
    pub fn format(mut self, format: bool) -> Self {
        self.format = format;
        self
    }

    /// Writes what is not fresh. Either all specs are good, or nothing is written.
    ///
    /// # Errors
    ///
    /// [`Failure::Specs`] when a spec has errors; [`Failure::Other`] when files are in the way or
    /// cannot be written.
    pub fn write(&self) -> Result<Written, Failure> {
        let (specs, folders) = self.folders()?;
        let mut written = Written {
            specs,
            ..Written::default()
        };
        for changes in self.changes(&folders)? {
            changes.make()?;
            let changed = changes.files.into_iter().map(|(path, _)| path);
            written.changed.extend(changed);
            written.removed.extend(changes.strays);
            written.warnings.extend(changes.warnings);
        }
        written.files.extend(folders.iter().flat_map(Folder::paths));
        Ok(written)
    }

    /// Returns the changes to make in the folders, or an error if a file must be kept.
    fn changes(&self, folders: &[Folder]) -> Result<Vec<Changes>, Error> {
        let comparisons = folders.iter();
        let comparisons = comparisons.map(|folder| Comparison::new(folder, self.force));
        let comparisons: Vec<_> = comparisons.collect::<Result<_, _>>()?;
        let occupied = comparisons.iter().flat_map(Comparison::occupied);
        let occupied: Vec<_> = occupied.filter(|_| !self.force).collect();
        if !occupied.is_empty() {
            return Err(Error::occupied(occupied));
        }
        let formatter = Formatter::new(self.format);
        let changes = comparisons.iter();
        changes
            .map(|comparison| comparison.changes(&formatter))
            .collect()
    }

    /// The files that [`write`](Self::write) would change. Writes nothing.
    ///
    /// # Errors
    ///
    /// [`Failure::Specs`] when a spec has errors; [`Failure::Other`] when files cannot be read.
    pub fn check(&self) -> Result<Vec<Stale>, Failure> {
        let (_, folders) = self.folders()?;
        let formatter = Formatter::new(self.format);
        let mut stale = Vec::new();
        for folder in &folders {
            stale.extend(Comparison::new(folder, self.force)?.stale(&formatter));
        }
        Ok(stale)
    }

    /// Everything that would be generated, by its path. Writes nothing.
    ///
    /// # Errors
    ///
    /// [`Failure::Specs`] when a spec has errors.
    pub fn list(&self) -> Result<Vec<(PathBuf, File)>, Failure> {
        let (_, folders) = self.folders()?;
        let mut files = Vec::new();
        for folder in folders {
            for generated in folder.files {
                generated.verify()?;
                let file = generated.into_file();
                files.push((folder.directory.join(&file.path), file));
            }
        }
        Ok(files)
    }

    fn folders(&self) -> Result<(Vec<Checked>, Vec<Folder>), Failure> {
        let target = self.target;
        let specs = self.specs.iter();
        let checked: Vec<_> = specs
            .map(|path| check_names(credsmith_spec::read(path), &[target]))
            .collect();
        if checked.iter().any(|checked| checked.spec.is_none()) {
            return Err(Failure::Specs(checked));
        }
        let mut directories = BTreeSet::new();
        let mut folders = Vec::new();
        for (path, checked) in self.specs.iter().zip(&checked) {
            let folder = self.folder(path, checked)?;
            // Some file systems do not tell `A` from `a`.
            if !directories.insert(folder.directory.to_string_lossy().to_lowercase()) {
                return Err(Error::same_output(&folder.directory).into());
            }
            folders.push(folder);
        }
        Ok((checked, folders))
    }

    fn folder(&self, path: &Path, checked: &Checked) -> Result<Folder, Error> {
        let (subcommand, manifest) = match self.artifact {
            Artifact::Modules => ("generate", ".credsmith-modules"),
            Artifact::Pages => ("docs", ".credsmith-pages"),
        };
        let origin = Origin::new(path, &self.out, subcommand, self.command.as_deref());
        let plan = checked.spec.as_ref().map(plan::build);
        let named = plan.and_then(|plan| self.target.named(&plan).ok());
        let files = match (&named, self.artifact) {
            (Some(plan), Artifact::Modules) => self.target.modules(plan)?,
            (Some(plan), Artifact::Pages) => self.target.pages(plan)?,
            (None, _) => Vec::new(),
        };
        let files = files.into_iter();
        let files = files.map(|file| Generated::new(with_header(file, &origin)));
        Ok(Folder {
            directory: self.out.join(stem(path)?),
            manifest,
            files: files.collect(),
            spec: origin.spec,
            command: origin.command,
        })
    }
}

/// The name of a spec's output folder: its file name without the extension, which has to name a folder.
fn stem(path: &Path) -> Result<&std::ffi::OsStr, Error> {
    let stem = path.file_stem().unwrap_or_default();
    if stem.is_empty() || stem == "." || stem == ".." {
        return Err(Error::no_stem(path));
    }
    Ok(stem)
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

/// For people: rendered diagnostics, or the error.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Specs(specs) => specs.iter().try_for_each(|checked| {
                f.write_str(&render::human(&checked.source, &checked.diagnostics, false))
            }),
            Self::Other(error) => error.fmt(f),
        }
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Specs(_) => None,
            Self::Other(error) => Some(error),
        }
    }
}
