//! What `credsmith init` is going to write. All of it is decided before anything is written.

use std::path::{Path, PathBuf};

use anyhow::Result;
use credsmith_project::FILE_NAME;

use super::configuration::Configuration;
use super::needs::Needs;
use super::specs::{self, Spec};
use super::surroundings::Crate;
use super::{first_spec, texts};
use crate::args::Init;
use crate::commands::Refused;

/// The freshness test.
pub(super) const TEST: &str = "tests/credsmith.rs";

/// What is set up.
pub(super) struct Plan {
    /// At least one.
    pub(super) specs: Vec<Spec>,
    /// Whether the configuration lists them, as one that is written does.
    pub(super) is_listed: bool,
    /// The module of this crate that holds theirs, if they go into this crate.
    pub(super) home: Option<String>,
    /// New files, and what they say. Those that are there are kept.
    pub(super) files: Vec<(PathBuf, String)>,
}

impl Plan {
    pub(super) fn new(args: &Init) -> Result<Self> {
        let configuration = Configuration::of_here()?;
        let listed = configuration.as_ref().map(|known| known.specs.as_slice());
        let krate = Crate::here()?;
        refuse_workspace(krate.as_ref())?;
        let specs = specs::choose(args, listed.unwrap_or_default(), krate.as_ref())?;
        let is_listed = |spec: &Spec| listed.is_none_or(|listed| listed.contains(&spec.path));
        let mut plan = Self {
            is_listed: specs.iter().all(is_listed),
            home: match &configuration {
                Some(configuration) => configuration.home(),
                None => Some(texts::HOME.to_owned()),
            },
            files: Vec::new(),
            specs,
        };
        plan.add_specs();
        if plan.is_listed {
            plan.set_up(configuration.as_ref(), krate.as_ref());
        }
        Ok(plan)
    }

    fn add(&mut self, path: impl Into<PathBuf>, text: String) {
        self.files.push((path.into(), text));
    }

    /// Adds the specs, and beside them their schema.
    fn add_specs(&mut self) {
        for spec in &self.specs {
            let file = (spec.path.clone(), spec.text().to_owned());
            self.files.push(file);
        }
        for spec in &self.specs {
            let schema = spec.path.with_file_name(first_spec::SCHEMA);
            if !self.files.iter().any(|(path, _)| *path == schema) {
                self.files.push((schema, credsmith_spec::schema_text()));
            }
        }
    }

    /// Adds what a folder needs once, for whatever specs it has.
    fn set_up(&mut self, configuration: Option<&Configuration>, krate: Option<&Crate>) {
        let file = configuration.map_or(Path::new(FILE_NAME), |known| &known.file);
        self.add(file, texts::configuration(&self.specs));
        let Some(home) = self.home.clone() else {
            return;
        };
        self.add(TEST, texts::TEST.to_owned());
        if krate.is_none() {
            let manifest = texts::manifest(
                self.specs[0].crate_name(),
                Needs::of(specs::models(&self.specs)),
            );
            self.add("Cargo.toml", manifest);
        }
        if krate.is_none_or(Crate::lacks_root) {
            self.add("src/lib.rs", texts::library(&home, &self.specs));
        }
    }
}

fn refuse_workspace(krate: Option<&Crate>) -> Result<(), Refused> {
    if krate.is_none_or(|krate| krate.name().is_some()) {
        return Ok(());
    }
    let way_out = "call `credsmith init` in the folder of the crate that gets the modules";
    Err(Refused(format!(
        "Cargo.toml is that of a workspace; {way_out}"
    )))
}
