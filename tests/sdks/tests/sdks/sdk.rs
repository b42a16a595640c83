//! A copy of an SDK repository, outside of the project.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use crate::run::{self, Run};

/// The line of a manifest with the version of the SDKs.
const VERSION: &str = "\nversion = \"0.1.0\"\n";

/// A repository that knows nothing of the project but where its crates are.
pub(crate) struct Sdk {
    root: PathBuf,
    version: String,
}

impl Sdk {
    /// Copies one of `tests/sdks`. No two tests may name the same place.
    pub(crate) fn copied(repository: &str, place: &str) -> Self {
        let root = new_place(place).join(repository);
        // In one target directory, cargo takes packages of the same name and version for the same
        // package, wherever their workspaces are.
        let version = format!("0.1.0+{}", place.replace([' ', '/'], "-"));
        copy_folder(&original(repository), &root, &|manifest| {
            let text = absolute_paths(manifest, &original(repository));
            assert!(text.contains(VERSION), "{text}");
            text.replace(VERSION, &format!("\nversion = \"{version}\"\n"))
        });
        Self { root, version }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The version of the copy, which no other one has.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.root.join(file)).unwrap()
    }

    /// Replaces text in a file, which has to be there.
    pub(crate) fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert!(text.contains(from), "{file} has no `{from}`");
        fs::write(self.root.join(file), text.replace(from, to)).unwrap();
    }

    /// Has cargo write the lock file and load what the SDK needs, so that the rest is done without
    /// the network.
    pub(crate) fn fetch(&self) {
        run::cargo(&self.root, &["fetch"]).succeeds();
    }

    pub(crate) fn cargo(&self, arguments: &[&str]) -> Run {
        run::offline(&self.root, arguments)
    }
}

/// The repository in the project.
fn original(repository: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(repository)
}

/// An empty folder outside of the project, of which no test of another checkout makes use. It is
/// the same each time, so that what cargo keeps of it is replaced and does not pile up.
pub(crate) fn new_place(name: &str) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    env!("CARGO_TARGET_TMPDIR").hash(&mut hasher);
    let folder = format!("credsmith SDKs {:016x}", hasher.finish());
    let place = std::env::temp_dir().join(folder).join(name);
    if place.exists() {
        fs::remove_dir_all(&place).unwrap();
    }
    fs::create_dir_all(&place).unwrap();
    place
}

fn copy_folder(from: &Path, to: &Path, manifest: &dyn Fn(&Path) -> String) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        let copy = to.join(name);
        if name == "target" {
            // What somebody built there is no part of a repository.
        } else if path.is_dir() {
            copy_folder(&path, &copy, manifest);
        } else if name == "Cargo.toml" {
            fs::write(copy, manifest(&path)).unwrap();
        } else {
            fs::copy(&path, copy).unwrap();
        }
    }
}

/// The text of a manifest, in which paths out of the repository are absolute.
fn absolute_paths(manifest: &Path, repository: &Path) -> String {
    const KEY: &str = "path = \"";

    let text = fs::read_to_string(manifest).unwrap();
    let repository = repository.canonicalize().unwrap();
    let mut parts = text.split(KEY);
    let mut absolute = parts.next().unwrap().to_owned();
    for part in parts {
        let (path, rest) = part.split_once('"').unwrap();
        let target = manifest.with_file_name("").join(path);
        let target = target.canonicalize().unwrap();
        if target.starts_with(&repository) {
            absolute += &format!("{KEY}{path}\"{rest}");
        } else {
            absolute += &format!("path = '{}'{rest}", target.display());
        }
    }
    absolute
}
