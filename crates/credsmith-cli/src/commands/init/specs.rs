//! The specs that a folder is set up for: those that are there, or a first one.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use credsmith_spec::Checked;
use credsmith_spec::model::Spec as Model;

use super::configuration::from_here;
use super::surroundings::Crate;
use super::{first_spec, name};
use crate::args::Init;
use crate::commands::Refused;
use crate::terminal;

/// A spec without mistakes, on disk or yet to be written.
pub(super) struct Spec {
    /// From the current folder.
    pub(super) path: PathBuf,
    pub(super) checked: Checked,
    /// The name of its module, in Rust.
    pub(super) module: String,
    /// The crate that its pages import from, or a module of it.
    pub(super) crate_path: String,
}

/// A spec that may be there, and the name of the SDK if it is not.
struct Candidate {
    path: PathBuf,
    name: String,
}

/// The spec of the name that was asked for; else all that are listed; else all in the folder for specs; else
/// a first one.
pub(super) fn choose(args: &Init, listed: &[PathBuf], krate: Option<&Crate>) -> Result<Vec<Spec>> {
    let mut specs = Vec::new();
    for candidate in candidates(args, listed)? {
        specs.push(if candidate.path.exists() {
            Spec::existing(candidate.path)?
        } else {
            Spec::new(candidate, krate)?
        });
    }
    if specs.iter().any(|spec| spec.checked.spec.is_none()) {
        let checked: Vec<_> = specs.into_iter().map(|spec| spec.checked).collect();
        terminal::problems(&checked);
        let way_out = "correct what is shown above, and call `credsmith init` again";
        return Err(Refused(format!("nothing was written; {way_out}")).into());
    }
    Ok(specs)
}

fn candidates(args: &Init, listed: &[PathBuf]) -> Result<Vec<Candidate>> {
    let there = specs_in(&args.directory)?;
    if let Some(name) = &args.name {
        let known = there.iter().chain(listed);
        return Ok(vec![named(name, known, &args.directory)?]);
    }
    let known = if listed.is_empty() { &there } else { listed };
    if known.is_empty() {
        let name = folder_name().unwrap_or_else(|| "Acme".to_owned());
        return Ok(vec![named(&name, [], &args.directory)?]);
    }
    let candidate = |path: &PathBuf| Candidate {
        name: stem(path),
        path: path.clone(),
    };
    Ok(known.iter().map(candidate).collect())
}

/// The known spec whose module has this name, or a new one.
fn named<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a PathBuf>,
    directory: &Path,
) -> Result<Candidate, Refused> {
    let module = module_name(name)?;
    let is_it = |path: &&PathBuf| name::module_name(&stem(path)).is_ok_and(|it| it == module);
    let new = || from_here(&directory.join(format!("{module}.yaml")));
    Ok(Candidate {
        path: known.into_iter().find(is_it).cloned().unwrap_or_else(new),
        name: name.to_owned(),
    })
}

/// The specs in a folder, if there is one. Other YAML may be there, too.
fn specs_in(folder: &Path) -> Result<Vec<PathBuf>> {
    if folder.is_file() {
        let folder = folder.display();
        let reason = format!("{folder} is a file; name the folder that it is in");
        return Err(Refused(reason).into());
    }
    let shown = || format!("{} cannot be read", folder.display());
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(shown),
    };
    let paths = entries.map(|entry| Ok(from_here(&entry?.path())));
    let mut paths: Vec<_> = paths.collect::<io::Result<_>>().with_context(shown)?;
    paths.retain(|path| is_spec(path));
    paths.sort();
    Ok(paths)
}

/// Whether a file is YAML with the key that every spec has, whatever else may be wrong with it.
fn is_spec(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    let is_yaml = extension == "yaml" || extension == "yml";
    let text = is_yaml.then(|| fs::read_to_string(path).ok()).flatten();
    text.is_some_and(|text| text.lines().any(|line| line.starts_with("credsmith:")))
}

/// What the specs say.
pub(super) fn models(specs: &[Spec]) -> impl Iterator<Item = &Model> + Clone {
    specs.iter().filter_map(|spec| spec.checked.spec.as_ref())
}

impl Spec {
    fn existing(path: PathBuf) -> Result<Self, Refused> {
        let checked = credsmith_codegen::check(&path);
        Ok(Self {
            module: module_name(&stem(&path))?,
            crate_path: credsmith_codegen::crate_path(&checked).unwrap_or_default(),
            checked,
            path,
        })
    }

    fn new(candidate: Candidate, krate: Option<&Crate>) -> Result<Self, Refused> {
        let Candidate { path, name } = candidate;
        let module = module_name(&stem(&path))?;
        let crate_name = krate.and_then(Crate::name);
        let crate_name = crate_name.unwrap_or_else(|| module.clone());
        let check = |crate_name: &str| {
            let text = first_spec::text(&name, crate_name);
            credsmith_codegen::check_text(&path.display().to_string(), &text)
        };
        let checked = check(&crate_name);
        // The module's name has to be as good as the crate's.
        let is_wrong = |checked: &Checked| terminal::problems(std::slice::from_ref(checked));
        if is_wrong(&checked) || is_wrong(&check(&module)) {
            return Err(cannot_name(&name, "see above"));
        }
        Ok(Self {
            path,
            checked,
            module,
            crate_path: crate_name,
        })
    }

    pub(super) fn text(&self) -> &str {
        self.checked.source.text()
    }

    /// The name of the crate that its pages import from.
    pub(super) fn crate_name(&self) -> &str {
        self.crate_path.split("::").next().unwrap_or_default()
    }

    /// The name of the folder of its modules.
    pub(super) fn folder(&self) -> String {
        stem(&self.path)
    }
}

fn stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

fn module_name(name: &str) -> Result<String, Refused> {
    name::module_name(name).map_err(|reason| cannot_name(name, reason))
}

fn cannot_name(name: &str, reason: &str) -> Refused {
    Refused(format!(
        "{name:?} cannot name an SDK: {reason}; give another name with --name"
    ))
}

fn folder_name() -> Option<String> {
    let folder = env::current_dir().ok()?;
    Some(folder.file_name()?.to_string_lossy().into_owned())
}
