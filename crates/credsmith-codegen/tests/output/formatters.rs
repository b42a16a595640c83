//! Whatever rustfmt's settings, formatted files mean the same: they are fresh, and nobody's edit. What is written
//! is formatted as the repository wants it, and diffs show no layout.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use credsmith_codegen::{Generator, Stale};

use super::{spec, write_spec};

/// Settings that no two teams share.
const SETTINGS: [&str; 12] = [
    "max_width=40",
    "max_width=60",
    "max_width=80,hard_tabs=true",
    "max_width=100,hard_tabs=true",
    "max_width=120",
    "max_width=60,hard_tabs=true",
    "max_width=200,use_small_heuristics=Max,tab_spaces=2",
    "max_width=120,use_small_heuristics=Off,newline_style=Windows",
    "match_arm_leading_pipes=Always,match_block_trailing_comma=true",
    "fn_params_layout=Vertical,short_array_element_width_threshold=1,single_line_if_else_max_width=0",
    "reorder_imports=false,reorder_modules=false,use_field_init_shorthand=true,merge_derives=false",
    "style_edition=2015",
];

#[test]
fn rustfmt_with_any_settings_edits_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let generator = Generator::modules(folder.path())
        .specs(specs())
        .format(false);
    let written = generator.write();
    let written = written.unwrap_or_else(|failure| panic!("{failure}"));
    let is_rust = |path: &&PathBuf| path.extension().is_some_and(|extension| extension == "rs");
    let files: Vec<_> = written.files.iter().filter(is_rust).collect();
    let rendered = texts(&files);
    format(&files, "max_width=100");
    for ((path, rendered), formatted) in files.iter().zip(rendered).zip(texts(&files)) {
        assert_eq!(formatted, rendered, "{}", path.display());
    }
    for settings in SETTINGS {
        format(&files, settings);
        let stale = generator.check().unwrap();
        let stale: Vec<_> = stale.iter().map(|stale| &stale.path).collect();
        assert!(stale.is_empty(), "{stale:?} with {settings}");
        let rewritten = generator.write().unwrap();
        assert_eq!(rewritten.changed, [] as [PathBuf; 0], "{settings}");
    }
}

#[track_caller]
fn format(files: &[&PathBuf], settings: &str) {
    let mut rustfmt = Command::new("rustfmt");
    let rustfmt = rustfmt.args(["--edition", "2024", "--config", settings]);
    let status = rustfmt.args(files).status();
    assert!(status.expect("rustfmt comes with the toolchain").success());
}

fn texts(files: &[&PathBuf]) -> Vec<String> {
    let texts = files.iter().map(|file| fs::read_to_string(file).unwrap());
    texts.collect()
}

/// The specs of real SDKs, and some of the matrix.
fn specs() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders = ["specs", "tests/matrix/specs"].map(|folder| root.join(folder));
    let entries = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap());
    let paths = entries.map(|entry| entry.unwrap().path());
    let specs: Vec<_> = paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect();
    assert!(specs.len() >= 14, "{specs:?}");
    specs
}

/// A repository with a layout of its own, and generated modules.
struct Repository {
    folder: tempfile::TempDir,
    generator: Generator,
}

impl Repository {
    fn new(rustfmt_toml: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("rustfmt.toml"), rustfmt_toml).unwrap();
        let path = write_spec(folder.path(), "acme.yaml", &spec("oauth2", ""));
        let generator = Generator::modules(folder.path().join("out")).spec(path);
        Self { folder, generator }
    }

    fn generated(rustfmt_toml: &str) -> Self {
        let repository = Self::new(rustfmt_toml);
        let written = repository.generator.write().unwrap();
        assert_eq!(written.warnings, [] as [&str; 0]);
        repository
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("out/acme").join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap()
    }

    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.text(name);
        let edited = text.replacen(from, to, 1);
        assert_ne!(edited, text, "nothing was edited");
        fs::write(self.file(name), edited).unwrap();
    }

    /// Puts another spec in the place of the one that the modules were generated from.
    fn change(&self, from: &str, to: &str) {
        let text = spec("oauth2", "").replace(from, to);
        write_spec(self.folder.path(), "acme.yaml", &text);
    }

    fn stale(&self) -> Vec<Stale> {
        self.generator.check().unwrap()
    }
}

const NARROW: &str = "max_width = 60\nhard_tabs = true\n";

/// The lines of a diff that go and that come.
fn changed(diff: &str) -> Vec<&str> {
    let lines = diff.lines().skip(2);
    lines.filter(|line| line.starts_with(['-', '+'])).collect()
}

#[test]
fn modules_are_written_as_the_repository_wants_them() {
    let repository = Repository::generated(NARROW);
    let text = repository.text("oauth_2.rs");
    assert!(text.contains("\n\tpub fn"), "{text}");
    assert!(repository.stale().is_empty());
    format(
        &[&repository.file("oauth_2.rs")],
        "max_width=60,hard_tabs=true",
    );
    assert_eq!(repository.text("oauth_2.rs"), text);

    let rendered = Repository::new(NARROW);
    rendered.generator.clone().format(false).write().unwrap();
    assert!(!rendered.text("oauth_2.rs").contains('\t'));
    assert!(rendered.stale().is_empty());
}

#[test]
fn the_edition_is_that_of_the_crate() {
    let repository = Repository::new("");
    let manifest = "[package]\nname = \"acme\"\nedition = \"2015\"\n";
    fs::write(repository.folder.path().join("Cargo.toml"), manifest).unwrap();
    let written = repository.generator.write().unwrap();
    // That edition has no async functions.
    assert_eq!(written.warnings.len(), 2, "{:?}", written.warnings);
    for warning in written.warnings {
        assert!(warning.contains("2015"), "{warning}");
    }
    assert!(repository.stale().is_empty());
}

#[test]
fn n06_files_whose_meaning_did_not_change_stay_as_they_are() {
    let repository = Repository::new("");
    repository.generator.write().unwrap();
    for name in ["mod.rs", "client.rs", "oauth_2.rs"] {
        format(&[&repository.file(name)], "max_width=60,hard_tabs=true");
    }
    fs::write(repository.folder.path().join("rustfmt.toml"), NARROW).unwrap();
    let before = ["mod.rs", "client.rs"].map(|name| repository.text(name));
    repository.change("api.example.com/token", "api.example.com/oauth2/token");
    let written = repository.generator.write().unwrap();
    assert_eq!(written.changed, [repository.file("oauth_2.rs")]);
    assert_eq!(
        before,
        ["mod.rs", "client.rs"].map(|name| repository.text(name))
    );
    assert!(repository.text("oauth_2.rs").contains("\n\tpub fn"));
}

#[test]
fn a_rustfmt_that_fails_is_a_warning() {
    let repository = Repository::new("max_width = \"wide\"\n");
    let written = repository.generator.write().unwrap();
    let [warning] = &written.warnings[..] else {
        panic!("{:?}", written.warnings);
    };
    assert!(warning.starts_with("rustfmt failed"), "{warning}");
    assert!(
        warning.contains("client.rs") && warning.contains("max_width"),
        "{warning}"
    );
    let unformatted = repository.generator.clone().format(false);
    for (path, file) in unformatted.list().unwrap() {
        assert_eq!(fs::read_to_string(path).unwrap(), file.text);
    }
    assert!(repository.stale().is_empty());
}

#[test]
fn a_diff_shows_what_differs_and_no_layout() {
    for settings in ["", NARROW, "newline_style = \"Windows\"\n"] {
        let repository = Repository::generated(settings);
        repository.edit("oauth_2.rs", "fn clear_token", "fn forget_token");
        repository.edit(
            "client.rs",
            "impl AcmeClient {",
            "// Mine.\nimpl AcmeClient {",
        );
        let stale = repository.stale();
        assert_eq!(stale.len(), 2, "{stale:?}");
        assert!(stale.iter().all(|file| file.edited));
        assert_eq!(changed(&stale[1].diff), ["-// Mine."], "{settings}");
        let lines = changed(&stale[0].diff);
        let lines: Vec<_> = lines.iter().map(|line| line[1..].trim()).collect();
        let expected = [
            "pub fn forget_token(&self) {",
            "pub fn clear_token(&self) {",
        ];
        assert_eq!(lines, expected, "{settings}");
    }
}

#[test]
fn edits_by_hand_are_noticed_in_every_layout() {
    for settings in ["", NARROW] {
        let repository = Repository::generated(settings);
        for (from, to) in [
            ("impl AcmeClient {", "// Mine.\nimpl AcmeClient {"),
            ("impl AcmeClient {", "impl AcmeClient { // Mine."),
            ("impl AcmeClient {", "impl /* Mine. */ AcmeClient {"),
            ("impl AcmeClient {", "#[allow(unused)]\nimpl AcmeClient {"),
            ("pub fn builder", "pub const fn builder"),
            ("pub fn builder", "fn builder"),
        ] {
            let before = repository.text("client.rs");
            repository.edit("client.rs", from, to);
            let stale = repository.stale();
            assert!(stale.len() == 1 && stale[0].edited, "{to}: {stale:?}");
            fs::write(repository.file("client.rs"), before).unwrap();
        }
        assert!(repository.stale().is_empty());
    }
}

#[test]
fn g06_a_quote_and_slashes_in_a_value_are_no_comment() {
    let repository = Repository::new("max_width = 40\n");
    let value = "    audience: '5\" //disk'\n    parameters: { a: '5\" //disk', b: '*/ \\ /*' }\n";
    repository.change("    audience: https://api.example.com\n", value);
    repository.generator.write().unwrap();
    assert!(repository.text("oauth_2.rs").contains(r#""5\" //disk""#));
    assert!(repository.stale().is_empty());
    format(&[&repository.file("oauth_2.rs")], "max_width=120");
    assert!(repository.stale().is_empty());
    assert!(repository.generator.write().unwrap().changed.is_empty());
}
