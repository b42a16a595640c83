//! `credsmith init`: sets a folder up. A crate that is there gets what it lacks and is told what to
//! add; where there is none, a small one is written. No file that exists is ever touched.

mod advice;
mod name;
mod surroundings;
mod texts;

use std::env;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use credsmith_project::{FILE_NAME, Project};

use super::{Refused, generate};
use crate::Outcome;
use crate::args::Init;
use crate::terminal;
use surroundings::Crate;

/// The freshness test.
const TEST: &str = "tests/credsmith.rs";

/// What is set up.
struct Plan {
    /// The crate that is there already.
    krate: Option<Crate>,
    module: String,
    spec: PathBuf,
    /// Whether the folder has a configuration of its own already.
    is_configured: bool,
    files: Vec<(PathBuf, String)>,
}

pub(crate) fn run(args: &Init) -> Result<Outcome> {
    let plan = Plan::new(args)?;
    for (path, text) in &plan.files {
        let path_shown = path.display();
        if create(path, text)? {
            terminal::say(&format!("wrote {path_shown}"));
        } else {
            terminal::say(&format!(
                "{path_shown} is there already, and stays as it is"
            ));
        }
    }
    if !plan.is_configured {
        generate::wrote(&Project::find(".")?.write()?);
    }
    terminal::say(&format!("\n{}", advice::next(&plan)));
    Ok(Outcome::Done)
}

impl Plan {
    /// Decides everything before anything is written.
    fn new(args: &Init) -> Result<Self> {
        let name = args.name.clone().or_else(folder_name);
        let name = name.unwrap_or_else(|| "Acme".to_owned());
        let module = name::module_name(&name).map_err(|reason| cannot_name(&name, reason))?;
        let krate = Crate::here()?;
        let crate_name = crate_name(krate.as_ref(), &module)?;
        let spec = args.directory.join(format!("{module}.yaml"));
        if spec.exists() {
            let spec = spec.display();
            let reason = format!("{spec} is there already, and stays as it is");
            return Err(Refused(reason).into());
        }
        let text = texts::spec(&name, &crate_name);
        // The module's name has to be as good as the crate's.
        if is_wrong(&spec, &text) || is_wrong(&spec, &texts::spec(&name, &module)) {
            return Err(cannot_name(&name, "see above").into());
        }
        let schema = args.directory.join(texts::SCHEMA);
        let mut plan = Self {
            is_configured: Path::new(FILE_NAME).exists(),
            files: vec![
                (spec.clone(), text),
                (schema, credsmith_spec::schema_text()),
            ],
            krate,
            module,
            spec,
        };
        if !plan.is_configured {
            plan.set_up(&crate_name);
        }
        Ok(plan)
    }

    /// Adds what a folder needs once, for whatever specs it has.
    fn set_up(&mut self, crate_name: &str) {
        let mut add = |path: &str, text: String| self.files.push((path.into(), text));
        add(FILE_NAME, texts::configuration(&portable(&self.spec)));
        add(TEST, texts::TEST.to_owned());
        if self.krate.is_none() {
            add("Cargo.toml", texts::manifest(crate_name));
            add("src/lib.rs", texts::library(&self.module));
        }
    }
}

/// The name that users of the crate import from.
fn crate_name(krate: Option<&Crate>, module: &str) -> Result<String, Refused> {
    let Some(krate) = krate else {
        return Ok(module.to_owned());
    };
    krate.name().ok_or_else(|| {
        let way_out = "call `credsmith init` in the folder of the crate that gets the modules";
        Refused(format!("Cargo.toml is that of a workspace; {way_out}"))
    })
}

fn cannot_name(name: &str, reason: &str) -> Refused {
    Refused(format!(
        "{name:?} cannot name an SDK: {reason}; give another name with --name"
    ))
}

/// Whether a spec has mistakes, which are shown.
fn is_wrong(path: &Path, text: &str) -> bool {
    let checked = credsmith_codegen::check_text(&path.display().to_string(), text);
    terminal::problems(std::slice::from_ref(&checked))
}

/// A path as files name it that are committed.
fn portable(path: &Path) -> String {
    path.to_string_lossy()
        .replace(std::path::MAIN_SEPARATOR, "/")
}

fn folder_name() -> Option<String> {
    let folder = env::current_dir().ok()?;
    Some(folder.file_name()?.to_string_lossy().into_owned())
}

/// Writes a file unless there is one; true if it did.
fn create(path: &Path, text: &str) -> Result<bool> {
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    match fs::File::create_new(path) {
        Ok(mut file) => {
            file.write_all(text.as_bytes())
                .with_context(|| format!("{} cannot be written", path.display()))?;
            Ok(true)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error).with_context(|| format!("{} cannot be written", path.display())),
    }
}
