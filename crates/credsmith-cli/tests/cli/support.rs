//! What the tests share: the repository, the binary, and files that a test keeps fresh.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use credsmith_spec::{Checked, Rule};
use tempfile::TempDir;

/// The folder of the repository.
pub(crate) fn repository() -> &'static Path {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    crates.and_then(Path::parent).unwrap()
}

/// The least that a spec holds.
pub(crate) const SPEC: &str = "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
";

/// A folder with such specs, by their names, in `specs`.
pub(crate) fn folder_with_specs(names: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("specs")).unwrap();
    for name in names {
        fs::write(folder.path().join(format!("specs/{name}.yaml")), SPEC).unwrap();
    }
    folder
}

/// Runs `credsmith` in the repository, without a terminal.
pub(crate) fn credsmith(arguments: &[&str]) -> Output {
    credsmith_in(repository(), arguments)
}

/// Runs `credsmith` in a folder, without a terminal.
pub(crate) fn credsmith_in(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_credsmith"));
    let command = command.args(arguments).current_dir(folder);
    command.output().unwrap()
}

/// Runs `credsmith` in a folder, with arguments that hold no spaces, and expects an exit code.
#[track_caller]
pub(crate) fn run(folder: &Path, arguments: &str, expected: i32) -> Output {
    let arguments: Vec<_> = arguments.split(' ').collect();
    let output = credsmith_in(folder, &arguments);
    assert_eq!(
        output.status.code(),
        Some(expected),
        "{arguments:?}: {}",
        stderr(&output)
    );
    output
}

/// What a run wrote to stdout.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What a run wrote to stderr.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// All files of a folder of the repository with an extension, as paths from the repository.
pub(crate) fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(repository().join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name());
    let paths = names.map(|name| Path::new(folder).join(name));
    let mut paths: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{folder} holds no {extension} files");
    paths
}

/// Checks a spec of the repository under the name that a run in the repository shows.
pub(crate) fn check(path: &Path) -> Checked {
    let text = fs::read_to_string(repository().join(path)).unwrap();
    credsmith_codegen::check_text(&portable(path), &text)
}

/// A path with `/`, whatever the system.
pub(crate) fn portable(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// All specs that must be accepted: those of the repository, and the mended one of each rule.
pub(crate) fn accepted() -> Vec<(String, String)> {
    let specs = files("specs", "yaml").into_iter().map(|path| {
        let text = fs::read_to_string(repository().join(&path)).unwrap();
        (portable(&path), text)
    });
    let rules = credsmith_codegen::rules().into_iter();
    let mended = rules.map(|rule: &Rule| (format!("good spec of {}", rule.code), rule.good.into()));
    specs.chain(mended).collect()
}

/// Compares a file of the repository with what it should hold. With `CREDSMITH_UPDATE=1` in the
/// environment the file is written instead.
#[track_caller]
pub(crate) fn assert_fresh(path: &Path, expected: &str) {
    let file = repository().join(path);
    let found = fs::read_to_string(&file)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    if found == expected {
        return;
    }
    let diff = similar::TextDiff::from_lines(found.as_str(), expected);
    let diff = diff
        .unified_diff()
        .header("committed", "expected")
        .to_string();
    if std::env::var_os("CREDSMITH_UPDATE").is_some_and(|value| value == "1") {
        fs::write(&file, expected).unwrap();
        // Not `eprintln!`, which a test that passes keeps to itself.
        let mut stderr = std::io::stderr();
        writeln!(stderr, "wrote {}\n{diff}", path.display()).unwrap();
        return;
    }
    let path = path.display();
    panic!("{path} is stale; CREDSMITH_UPDATE=1 cargo test -p credsmith-cli --test cli\n{diff}");
}
