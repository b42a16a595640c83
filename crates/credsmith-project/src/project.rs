//! The front of the crate: what the configuration lists, written or compared.

use std::fs;
use std::path::{Path, PathBuf};

use credsmith_codegen::{Failure, Generator, Stale, Written};
use credsmith_spec::{Checked, Problems};

use crate::configuration::{self, Output, Specs};
use crate::error::Error;
use crate::files;
use crate::rules;

/// What a repository generates, as its `credsmith.toml` says.
#[derive(Clone, Debug)]
pub struct Project {
    file: PathBuf,
    command: String,
    outputs: Vec<Output>,
    force: bool,
    format: bool,
}

impl Project {
    /// Reads the `credsmith.toml` of `from`, or of the next folder above that has one.
    ///
    /// # Errors
    ///
    /// When there is none, when it cannot be read, or when it has mistakes.
    pub fn find(from: impl AsRef<Path>) -> Result<Self, Error> {
        let from = from.as_ref();
        let found = files::find(from).map_err(|error| Error::io(from, error))?;
        Self::read(found.ok_or_else(|| Error::no_file(from))?, Specs::Needed)
    }

    /// The same of a project that is being set up: there may be no file yet, and specs that it lists may
    /// be missing.
    ///
    /// # Errors
    ///
    /// When there is a file that cannot be read, or that has other mistakes.
    pub fn find_unfinished(from: impl AsRef<Path>) -> Result<Option<Self>, Error> {
        let from = from.as_ref();
        let found = files::find(from).map_err(|error| Error::io(from, error))?;
        let read = |file| Self::read(file, Specs::MayBeMissing);
        found.map(read).transpose()
    }

    fn read(file: PathBuf, specs: Specs) -> Result<Self, Error> {
        let text = fs::read_to_string(&file).map_err(|error| {
            let mut problems = Problems::default();
            problems.push(rules::toml::unreadable(&error));
            Error::configuration(*configuration::wrong(&file, String::new(), problems))
        })?;
        let read = configuration::read(&file, text, specs);
        let configuration = read.map_err(|wrong| Error::configuration(*wrong))?;
        let command = configuration.command;
        Ok(Self {
            file,
            command: command.unwrap_or_else(|| "credsmith generate".to_owned()),
            outputs: configuration.outputs,
            force: false,
            format: configuration.format,
        })
    }

    /// Nothing but what comes from `specs`, whose paths are relative to the current folder.
    ///
    /// # Errors
    ///
    /// When one of them is not in the file.
    pub fn only(mut self, specs: &[PathBuf]) -> Result<Self, Error> {
        let listed = self.specs();
        let is_listed = |spec: &&PathBuf| listed.iter().any(|known| files::is_same(known, spec));
        if let Some(spec) = specs.iter().find(|spec| !is_listed(spec)) {
            return Err(Error::unlisted(spec, &self.file));
        }
        for output in &mut self.outputs {
            let chosen = |known: &PathBuf| specs.iter().any(|spec| files::is_same(known, spec));
            output.specs.retain(chosen);
        }
        Ok(self)
    }

    /// Nothing but outputs of this target, a language as the file writes it: `rust`.
    ///
    /// # Errors
    ///
    /// Returns an error if the file lists no output of the target; it says which targets are listed.
    pub fn only_target(mut self, target: &str) -> Result<Self, Error> {
        let mut listed: Vec<_> = self
            .outputs
            .iter()
            .map(|output| output.target.name())
            .collect();
        listed.sort_unstable();
        listed.dedup();
        if !listed.contains(&target) {
            return Err(Error::no_target(target, listed, &self.file));
        }
        self.outputs.retain(|output| output.target.name() == target);
        Ok(self)
    }

    /// Nothing but pages.
    ///
    /// # Errors
    ///
    /// When the file has no output with `docs`.
    pub fn only_pages(mut self) -> Result<Self, Error> {
        self.outputs.retain(|output| output.docs.is_some());
        if self.outputs.is_empty() {
            return Err(Error::no_docs(&self.file));
        }
        for output in &mut self.outputs {
            output.modules = None;
        }
        Ok(self)
    }

    /// The command that headers and diffs name, in place of the file's.
    #[must_use]
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.command = command.into();
        self
    }

    /// Overwrites files that were edited by hand, or that credsmith did not write.
    #[must_use]
    pub fn force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }

    /// All specs, each once, with paths that are relative to the current folder where it can be.
    pub fn specs(&self) -> Vec<PathBuf> {
        let mut specs: Vec<PathBuf> = Vec::new();
        for spec in self.outputs.iter().flat_map(|output| &output.specs) {
            if !specs.contains(spec) {
                specs.push(spec.clone());
            }
        }
        specs
    }

    /// The `credsmith.toml`.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The folders that get modules, one for each spec of an output.
    pub fn module_folders(&self) -> Vec<PathBuf> {
        let folders = self.outputs.iter().flat_map(|output| {
            let stems = output.specs.iter().filter_map(|spec| spec.file_stem());
            let below = output.modules.iter();
            below.flat_map(move |below| stems.clone().map(|stem| below.join(stem)))
        });
        folders.collect()
    }

    /// Writes what is not fresh. Unless all specs are good, nothing is written.
    ///
    /// # Errors
    ///
    /// When a spec has mistakes, when files are in the way, or when they cannot be written. Of each
    /// output all or nothing is written; the error says if other outputs had been written by then.
    pub fn write(&self) -> Result<Written, Error> {
        let mut written = Written {
            specs: self.checked()?,
            ..Written::default()
        };
        for generator in self.generators() {
            let others = written.changed.len();
            let more = generator.write();
            let more = more.map_err(|failure| Error::generation(failure, others))?;
            written.changed.extend(more.changed);
            written.removed.extend(more.removed);
            written.files.extend(more.files);
            written.warnings.extend(more.warnings);
        }
        Ok(written)
    }

    /// The files that [`write`](Self::write) would change. Writes nothing.
    ///
    /// # Errors
    ///
    /// When a spec has mistakes, or when files cannot be read.
    pub fn check(&self) -> Result<Vec<Stale>, Error> {
        self.checked()?;
        let mut stale = Vec::new();
        for generator in self.generators() {
            stale.extend(generator.check()?);
        }
        Ok(stale)
    }

    /// All specs after checking, so that the mistakes of all are told in one run.
    fn checked(&self) -> Result<Vec<Checked>, Failure> {
        let specs = self.specs();
        let checked: Vec<_> = specs
            .iter()
            .map(|spec| credsmith_codegen::check(spec))
            .collect();
        if checked.iter().any(|checked| checked.spec.is_none()) {
            return Err(Failure::Specs(checked));
        }
        Ok(checked)
    }

    fn generators(&self) -> impl Iterator<Item = Generator> {
        self.outputs.iter().flat_map(|output| {
            let modules = output.modules.as_ref().map(Generator::modules);
            let pages = output.docs.as_ref().map(Generator::pages);
            let generators = [modules, pages].into_iter().flatten();
            generators.map(|generator| {
                let generator = generator.specs(&output.specs).command(&self.command);
                let generator = generator.force(self.force).format(self.format);
                generator.target(output.target)
            })
        })
    }
}
