//! Whatever rustfmt's settings, generated files say the same: they are fresh, and nobody's edit. When they
//! are stale, what is shown is what differs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use credsmith_codegen::{Generator, Stale};

use super::{spec, write_spec};

/// Settings that no two teams share.
const SETTINGS: [&str; 7] = [
    "max_width=40",
    "max_width=60,hard_tabs=true",
    "max_width=200,use_small_heuristics=Max,tab_spaces=2",
    "max_width=120,use_small_heuristics=Off,newline_style=Windows",
    "match_arm_leading_pipes=Always,match_block_trailing_comma=true",
    "fn_params_layout=Vertical,short_array_element_width_threshold=1,single_line_if_else_max_width=0",
    "reorder_imports=false,reorder_modules=false,use_field_init_shorthand=true,merge_derives=false",
];

#[test]
fn rustfmt_with_any_settings_edits_nothing() {
    for spec in specs() {
        for settings in SETTINGS {
            check(&spec, settings);
        }
    }
}

#[track_caller]
fn check(spec: &Path, settings: &str) {
    let folder = tempfile::tempdir().unwrap();
    let generator = Generator::modules(folder.path()).spec(spec);
    let written = generator.write();
    let written = written.unwrap_or_else(|failure| panic!("{failure}"));
    let is_rust = |path: &&PathBuf| path.extension().is_some_and(|extension| extension == "rs");
    let files: Vec<_> = written.files.iter().filter(is_rust).collect();
    let before = texts(&files);
    format(&files, settings);
    let stale = generator.check();
    let stale = stale.unwrap_or_else(|failure| panic!("{failure}"));
    let stale: Vec<_> = stale.iter().map(|stale| &stale.path).collect();
    assert!(stale.is_empty(), "{stale:?} with {settings}");
    let rewritten = generator.write();
    let rewritten = rewritten.unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(rewritten.changed, [] as [PathBuf; 0], "{settings}");
    // The settings that keep what is there change nothing, which is no test of the others.
    let keeps = settings.starts_with("reorder_imports=false");
    assert!(
        keeps || texts(&files) != before,
        "{settings} changes nothing"
    );
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

/// The specs of real SDKs.
fn specs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs");
    let entries = fs::read_dir(folder).unwrap();
    let is_spec = |path: &PathBuf| {
        path.extension()
            .is_some_and(|extension| extension == "yaml")
    };
    let specs: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(is_spec)
        .collect();
    assert!(!specs.is_empty(), "no specs were found");
    specs
}

/// Generated modules in a layout of their own.
struct Formatted {
    folder: tempfile::TempDir,
    generator: Generator,
}

impl Formatted {
    fn new(settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = write_spec(folder.path(), "acme.yaml", &spec("oauth2", ""));
        let generator = Generator::modules(folder.path().join("out")).spec(path);
        generator.write().unwrap();
        let formatted = Self { folder, generator };
        let names = ["mod.rs", "client.rs", "oauth_2.rs", "blocking.rs"];
        let files = names.map(|name| formatted.file(name));
        format(&files.each_ref(), settings);
        formatted
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("out/acme").join(name)
    }

    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.file(name)).unwrap();
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

    /// Lines that go and lines that come, in all files.
    fn differences(&self) -> usize {
        let stale = self.stale();
        stale.iter().map(|file| changed(&file.diff).len()).sum()
    }
}

/// The lines of a diff that go and that come.
fn changed(diff: &str) -> Vec<&str> {
    let lines = diff.lines().skip(2);
    lines.filter(|line| line.starts_with(['-', '+'])).collect()
}

#[test]
fn no_more_is_shown_than_what_a_changed_spec_changes() {
    for (from, to) in [
        ("api.example.com/token", "api.example.com/oauth2/token"),
        ("name: Acme", "name: Other"),
        ("    description: For the API of AcmeCloud.\n", ""),
        (
            "        - { value: write }\n",
            "        - { value: write }\n        - { value: a }\n",
        ),
        ("schemes:\n", "schemes:\n  other: { type: basic }\n"),
    ] {
        let usual = Formatted::new("max_width=100");
        usual.change(from, to);
        let least = usual.differences();
        assert!(least > 0, "{to:?} changes nothing");
        for settings in SETTINGS {
            let formatted = Formatted::new(settings);
            formatted.change(from, to);
            let shown = formatted.differences();
            assert!(
                shown <= least + least / 3 + 2,
                "{shown} lines, not {least}, with {settings}, for {to:?}"
            );
        }
    }
}

#[test]
fn a_formatted_file_that_differs_shows_where_and_says_in_which_layout() {
    for settings in SETTINGS {
        let formatted = Formatted::new(settings);
        formatted.edit("oauth_2.rs", "fn clear_token", "fn forget_token");
        let stale = formatted.stale();
        let [file] = &stale[..] else {
            panic!("{stale:?}");
        };
        assert!(file.edited);
        let lines: Vec<_> = changed(&file.diff)
            .iter()
            .map(|line| line[1..].trim())
            .collect();
        let expected = [
            "pub fn forget_token(&self) {",
            "pub fn clear_token(&self) {",
        ];
        assert_eq!(lines, expected, "{settings}:\n{}", file.diff);
    }
}

#[test]
fn the_layout_is_told_where_it_is_not_the_usual_one() {
    let told = "oauth_2.rs (generated; what is the same stays in the layout of the file)\n";
    for (settings, is_told) in [("max_width=60", true), ("max_width=100", false)] {
        let formatted = Formatted::new(settings);
        formatted.edit("oauth_2.rs", "fn clear_token", "fn forget_token");
        let diff = &formatted.stale()[0].diff;
        assert_eq!(diff.contains(told), is_told, "{diff}");
        assert_eq!(
            diff.contains("oauth_2.rs (generated)\n"),
            !is_told,
            "{diff}"
        );
    }
}

#[test]
fn a_comment_alone_is_shown_whatever_the_layout() {
    for settings in SETTINGS {
        let formatted = Formatted::new(settings);
        formatted.edit(
            "client.rs",
            "impl AcmeClient {",
            "// Mine.\nimpl AcmeClient {",
        );
        let stale = formatted.stale();
        assert_eq!(changed(&stale[0].diff), ["-// Mine."], "{settings}");
    }
}

#[test]
fn line_ends_of_a_checkout_are_not_shown() {
    let formatted = Formatted::new("newline_style=Windows");
    formatted.change("api.example.com/token", "api.example.com/oauth2/token");
    let usual = Formatted::new("max_width=100");
    usual.change("api.example.com/token", "api.example.com/oauth2/token");
    let diffs = |stale: Vec<Stale>| -> Vec<_> {
        stale
            .iter()
            .map(|file| changed(&file.diff).join("\n"))
            .collect()
    };
    assert_eq!(diffs(formatted.stale()), diffs(usual.stale()));
}
