//! What the `credsmith.toml` says that is there already.

use std::env;
use std::path::{Component, Path, PathBuf};

use anyhow::Result;
use credsmith_project::Project;

use super::name;

/// A configuration that has a say in the current folder. Paths are those from here.
#[derive(Debug)]
pub(super) struct Configuration {
    pub(super) file: PathBuf,
    /// The specs; one or another may be missing.
    pub(super) specs: Vec<PathBuf>,
    /// The folders that get modules.
    modules: Vec<PathBuf>,
}

impl Configuration {
    /// The configuration of this folder, or one above that lists specs of this folder.
    pub(super) fn of_here() -> Result<Option<Self>> {
        let Some(project) = Project::find_unfinished(".")? else {
            return Ok(None);
        };
        let mut configuration = Self {
            file: project.file().to_owned(),
            specs: project.specs().iter().map(|path| from_here(path)).collect(),
            modules: project
                .module_folders()
                .iter()
                .map(|path| from_here(path))
                .collect(),
        };
        if configuration.file.components().count() == 1 {
            return Ok(Some(configuration));
        }
        let is_below = |path: &PathBuf| path.is_relative() && !path.starts_with("..");
        configuration.specs.retain(is_below);
        Ok(Some(configuration).filter(|found| !found.specs.is_empty()))
    }

    /// The module that holds the generated ones, if they are in a folder of `src`.
    pub(super) fn home(&self) -> Option<String> {
        self.modules.iter().find_map(|folder| {
            let home = folder.parent()?;
            let is_module = home.parent() == Some(Path::new("src"));
            let name = home.file_name()?.to_str()?;
            let is_name = name::module_name(name).is_ok_and(|module| module == name);
            (is_module && is_name).then(|| name.to_owned())
        })
    }
}

/// The plain path from the current folder of what is below it; another path as it is.
pub(super) fn from_here(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut clean = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => drop(clean.pop()),
            Component::CurDir => {}
            other => clean.push(other),
        }
    }
    let here = env::current_dir().unwrap_or_default();
    let below = clean.strip_prefix(here);
    below.unwrap_or(path).to_owned()
}
