//! Reads the conformance vectors of `tests/conformance`. The engine's tests and the policy's unit tests
//! share this module.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A vector, and what a failure calls it: the file and the vector's name.
pub(crate) struct Vector<V> {
    pub(crate) label: String,
    pub(crate) value: V,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "$schema")]
    _schema: String,
    #[serde(rename = "description")]
    _description: String,
    vectors: Vec<Map<String, Value>>,
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance")
}

/// The files of one kind of vectors, for example `policy/moments`, sorted by name.
pub(crate) fn files(kind: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join(kind)).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{kind} has no files");
    files
}

/// The JSON of one file.
pub(crate) fn read(file: &Path) -> Value {
    let text = std::fs::read_to_string(file).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// All vectors of one kind. A file without vectors, and a vector with a key that `V` does not know, are
/// failures.
pub(crate) fn vectors<V: DeserializeOwned>(kind: &str) -> Vec<Vector<V>> {
    files(kind)
        .iter()
        .flat_map(|path| {
            let name = format!("{kind}/{}", path.file_name().unwrap().to_string_lossy());
            let file: File = serde_json::from_value(read(path))
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(!file.vectors.is_empty(), "{name} has no vectors");
            let named = move |vector| self::vector(&name, vector);
            file.vectors.into_iter().map(named).collect::<Vec<_>>()
        })
        .collect()
}

/// Members of all vectors are here; the rest is a `V`.
fn vector<V: DeserializeOwned>(file: &str, mut members: Map<String, Value>) -> Vector<V> {
    let name = members.remove("name").unwrap_or_default();
    let label = format!(
        "{file}: {}",
        name.as_str().unwrap_or("a vector without a name")
    );
    members.remove("source");
    let value =
        serde_json::from_value(members.into()).unwrap_or_else(|error| panic!("{label}: {error}"));
    Vector { label, value }
}
