//! Files are written whole, only when they change, and never over somebody's work.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use credsmith_codegen::{Failure, Generator};

use super::{spec, write_spec};

/// A folder with a spec and freshly generated modules.
struct Project {
    folder: tempfile::TempDir,
    generator: Generator,
}

impl Project {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = write_spec(folder.path(), "acme.yaml", &spec("oauth2", ""));
        let generator = Generator::modules(folder.path().join("out")).spec(path);
        let generator = generator.format(false);
        generator.write().unwrap();
        Self { folder, generator }
    }

    fn spec(&self) -> PathBuf {
        self.folder.path().join("acme.yaml")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("out/acme").join(name)
    }

    fn edit(&self, name: &str, change: impl Fn(&str) -> String) {
        let path = self.file(name);
        fs::write(&path, change(&fs::read_to_string(&path).unwrap())).unwrap();
    }

    /// The reasons why it is stale, by file name.
    fn stale(&self) -> Vec<(String, &'static str)> {
        let stale = self.generator.check().unwrap();
        let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        stale
            .iter()
            .map(|file| (name(&file.path), file.reason))
            .collect()
    }
}

#[test]
fn what_was_just_written_is_fresh_and_left_alone() {
    let project = Project::new();
    assert_eq!(project.stale(), []);
    let before = fs::metadata(project.file("mod.rs"))
        .unwrap()
        .modified()
        .unwrap();
    let written = project.generator.write().unwrap();
    assert_eq!(written.changed, [] as [PathBuf; 0]);
    assert_eq!(
        fs::metadata(project.file("mod.rs"))
            .unwrap()
            .modified()
            .unwrap(),
        before
    );
}

#[test]
fn a_changed_item_is_stale_with_diff_and_command() {
    let project = Project::new();
    project.edit("oauth_2.rs", |text| {
        text.replace("fn clear_token", "fn forget_token")
    });
    let stale = project.generator.check().unwrap();
    assert_eq!(stale.len(), 1);
    assert!(stale[0].edited);
    assert!(
        stale[0].diff.contains("-    pub fn forget_token(&self)"),
        "{}",
        stale[0].diff
    );
    assert!(
        stale[0].diff.contains("+    pub fn clear_token(&self)"),
        "{}",
        stale[0].diff
    );
    assert_eq!(stale[0].command, "credsmith generate acme.yaml --out out");
}

#[test]
fn another_layout_is_fresh() {
    let project = Project::new();
    let formatted = Command::new("rustfmt")
        .args([
            "--edition",
            "2024",
            "--config",
            "hard_tabs=true,max_width=60",
        ])
        .arg(project.file("oauth_2.rs"))
        .status();
    assert!(
        formatted
            .expect("rustfmt comes with the toolchain")
            .success()
    );
    assert!(
        fs::read_to_string(project.file("oauth_2.rs"))
            .unwrap()
            .contains("\tpub fn")
    );
    assert_eq!(project.stale(), []);
    // Nor is it a hand-made change that would have to be protected.
    fs::write(project.spec(), spec("oauth2", "manager: OtherManager")).unwrap();
    project.generator.write().unwrap();
    assert!(
        fs::read_to_string(project.file("oauth_2.rs"))
            .unwrap()
            .contains("OtherManager")
    );
}

#[test]
fn a_changed_header_is_stale() {
    let project = Project::new();
    project.edit("mod.rs", |text| {
        text.replacen("// @generated", "// written", 1)
    });
    assert_eq!(
        project.stale(),
        [("mod.rs".to_owned(), "it is not what the spec generates")]
    );
}

#[test]
fn a_missing_file_is_stale_and_comes_back() {
    let project = Project::new();
    fs::remove_file(project.file("client.rs")).unwrap();
    assert_eq!(project.stale(), [("client.rs".to_owned(), "it is missing")]);
    let written = project.generator.write().unwrap();
    assert_eq!(written.changed, [project.file("client.rs")]);
}

#[test]
fn a_file_edited_by_hand_is_not_overwritten() {
    let project = Project::new();
    project.edit("client.rs", |text| text.to_owned() + "\npub fn mine() {}\n");
    fs::write(project.spec(), spec("oauth2", "manager: OtherManager")).unwrap();
    let before = super::files_below(project.folder.path());
    let Err(Failure::Other(error)) = project.generator.write() else {
        panic!("it was")
    };
    assert!(error.is_usage());
    let text = error.to_string();
    assert!(text.contains("client.rs: it was edited by hand"), "{text}");
    assert!(text.contains("--force"), "{text}");
    assert_eq!(
        super::files_below(project.folder.path()),
        before,
        "something was written"
    );

    project.generator.clone().force(true).write().unwrap();
    assert!(
        !fs::read_to_string(project.file("client.rs"))
            .unwrap()
            .contains("fn mine")
    );
    assert_eq!(project.stale(), []);
}

#[test]
fn a_file_that_credsmith_did_not_write_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_spec(folder.path(), "acme.yaml", &spec("oauth2", ""));
    let mine = write_spec(
        &folder.path().join("out/acme"),
        "mod.rs",
        "pub fn mine() {}\n",
    );
    let generator = Generator::modules(folder.path().join("out")).spec(path);
    let error = generator.write().unwrap_err().to_string();
    assert!(
        error.contains("mod.rs: credsmith did not write it"),
        "{error}"
    );
    assert_eq!(fs::read_to_string(&mine).unwrap(), "pub fn mine() {}\n");
    assert_eq!(
        fs::read_dir(mine.parent().unwrap()).unwrap().count(),
        1,
        "something was written"
    );
}

#[test]
fn a_manifest_that_knows_other_files_is_stale() {
    let project = Project::new();
    project.edit(".credsmith-modules", |text| {
        text.replacen("  mod.rs", "  mood.rs", 1)
    });
    let manifest = (
        ".credsmith-modules".to_owned(),
        "it does not list the files",
    );
    assert_eq!(project.stale(), [manifest]);
}

#[test]
fn a_torn_manifest_is_an_error_that_force_mends() {
    let project = Project::new();
    fs::write(project.file(".credsmith-modules"), "torn").unwrap();
    let error = project.generator.check().unwrap_err().to_string();
    assert!(error.contains("delete it and use --force"), "{error}");
    project.generator.clone().force(true).write().unwrap();
    assert_eq!(project.stale(), []);
}

/// A manifest as git leaves it after a merge of two branches.
fn conflicted(ours: &str, base: &str, theirs: &str) -> String {
    let (mut merged, mut lines) = (String::new(), Vec::new());
    for ((ours, base), theirs) in ours.lines().zip(base.lines()).zip(theirs.lines()) {
        if ours == theirs {
            merged += &format!("{ours}\n");
        } else {
            lines.push((ours, base, theirs));
        }
    }
    let side = |of: fn(&(&str, &str, &str)) -> String| lines.iter().map(of).collect::<String>();
    merged
        + "<<<<<<< HEAD\n"
        + &side(|lines| format!("{}\n", lines.0))
        + "||||||| 1234567\n"
        + &side(|lines| format!("{}\n", lines.1))
        + "=======\n"
        + &side(|lines| format!("{}\n", lines.2))
        + ">>>>>>> theirs\n"
}

#[test]
fn n05_a_manifest_with_conflict_marks_is_rebuilt() {
    let project = Project::new();
    let manifest = || fs::read_to_string(project.file(".credsmith-modules")).unwrap();
    let generate = |names: &str| {
        fs::write(project.spec(), spec("oauth2", names)).unwrap();
        project.generator.write().unwrap();
        manifest()
    };
    let base = manifest();
    let theirs = generate("manager: TheirManager");
    let ours = generate("credentials: OurCredentials");
    let merged = conflicted(&ours, &base, &theirs);
    assert!(merged.contains("\n=======\n"), "{merged}");
    fs::write(project.file(".credsmith-modules"), &merged).unwrap();
    let stale = ".credsmith-modules".to_owned();
    assert_eq!(project.stale(), [(stale, "it does not list the files")]);

    // What either branch wrote is nobody's edit, and what somebody added still is.
    let both = spec(
        "oauth2",
        "manager: TheirManager, credentials: OurCredentials",
    );
    fs::write(project.spec(), both).unwrap();
    project.edit("client.rs", |text| text.to_owned() + "// Mine.\n");
    let error = project.generator.write().unwrap_err().to_string();
    assert!(
        error.contains("client.rs: it was edited by hand"),
        "{error}"
    );
    project.edit("client.rs", |text| text.replace("// Mine.\n", ""));
    project.generator.write().unwrap();
    assert_eq!(project.stale(), []);
    assert!(!manifest().contains("======="));
    assert_eq!(manifest().lines().count(), base.lines().count());
}

#[test]
fn a_manifest_is_the_same_whatever_the_layout() {
    let project = Project::new();
    let before = fs::read_to_string(project.file(".credsmith-modules")).unwrap();
    project.edit("client.rs", |text| text.replace("\n    pub", "\n\tpub"));
    project.generator.write().unwrap();
    let after = fs::read_to_string(project.file(".credsmith-modules")).unwrap();
    assert_eq!(after, before);
}

#[test]
fn g15_a_comment_added_to_a_spec_leaves_every_file_fresh() {
    let project = Project::new();
    let pages = Generator::pages(project.folder.path().join("out")).spec(project.spec());
    pages.write().unwrap();
    let before = super::files_below(project.folder.path().join("out").as_path());
    let commented = "# Reviewed.\n".to_owned() + &spec("oauth2", "");
    fs::write(
        project.spec(),
        commented.replace("schemes:", "schemes: # one"),
    )
    .unwrap();
    assert_eq!(project.stale(), []);
    assert_eq!(pages.check().unwrap(), []);
    assert_eq!(
        project.generator.write().unwrap().changed,
        [] as [PathBuf; 0]
    );
    let after = super::files_below(project.folder.path().join("out").as_path());
    assert_eq!(after, before);
}

#[test]
fn what_is_no_longer_generated_is_swept_and_nothing_else() {
    let project = Project::new();
    fs::write(project.file("mine.rs"), "pub fn mine() {}\n").unwrap();
    let without_scopes = spec("oauth2", "");
    let (start, rest) = without_scopes.split_once("    scopes:\n").unwrap();
    let (_, names) = rest.split_once("    names:").unwrap();
    fs::write(project.spec(), format!("{start}    names:{names}")).unwrap();
    let stray = (
        "oauth_scope_oauth_2_enum.rs".to_owned(),
        "it is no longer generated",
    );
    assert!(project.stale().contains(&stray), "{:?}", project.stale());
    let written = project.generator.write().unwrap();
    assert_eq!(written.removed, [project.file(&stray.0)]);
    assert!(!project.file(&stray.0).exists());
    assert!(project.file("mine.rs").exists());
    assert_eq!(project.stale(), []);
}

#[test]
fn a_stray_that_was_edited_is_not_deleted() {
    let project = Project::new();
    project.edit("blocking.rs", |text| {
        text.to_owned() + "\npub fn mine() {}\n"
    });
    let async_only = spec("oauth2", "").replace("blocking: true", "blocking: false");
    fs::write(project.spec(), async_only).unwrap();
    let error = project.generator.write().unwrap_err().to_string();
    assert!(
        error.contains("blocking.rs: it is no longer generated, but was edited"),
        "{error}"
    );
    assert!(project.file("blocking.rs").exists());
}

#[test]
fn a_manifest_cannot_point_outside_its_folder() {
    let project = Project::new();
    let outside = write_spec(project.folder.path(), "mine.rs", "");
    let manifest = "credsmith 2\nspec  specs/acme.yaml\n00  -  ../../mine.rs\n";
    fs::write(project.file(".credsmith-modules"), manifest).unwrap();
    let error = project.generator.write().unwrap_err().to_string();
    assert!(
        error.contains(".credsmith-modules is not a manifest"),
        "{error}"
    );
    project.generator.clone().force(true).write().unwrap();
    assert!(outside.exists());
}

#[test]
fn one_wrong_spec_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let good = write_spec(folder.path(), "good.yaml", &spec("oauth2", ""));
    let bad = write_spec(folder.path(), "bad.yaml", &spec("type", ""));
    let out = folder.path().join("out");
    let failure = Generator::modules(&out)
        .spec(good)
        .spec(bad)
        .write()
        .unwrap_err();
    assert!(matches!(failure, Failure::Specs(_)), "{failure}");
    assert!(failure.to_string().contains("CS0402"), "{failure}");
    assert!(!out.exists());
}

#[test]
fn two_specs_for_one_folder_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let one = write_spec(&folder.path().join("a"), "acme.yaml", &spec("oauth2", ""));
    let two = write_spec(&folder.path().join("b"), "Acme.yaml", &spec("oauth2", ""));
    let out = folder.path().join("out");
    let failure = Generator::modules(&out)
        .spec(one)
        .spec(two)
        .write()
        .unwrap_err();
    assert!(
        failure.to_string().contains("two specs of this call"),
        "{failure}"
    );
    assert!(!out.exists());
}

#[test]
fn modules_and_pages_share_a_folder() {
    let project = Project::new();
    let pages = Generator::pages(project.folder.path().join("out")).spec(project.spec());
    pages.write().unwrap();
    assert_eq!(project.stale(), []);
    assert!(pages.check().unwrap().is_empty());
    fs::write(project.file("oauth_2.md"), "changed\n").unwrap();
    assert_eq!(pages.check().unwrap().len(), 1);
}

#[test]
fn a_file_where_the_folder_should_be_is_an_error_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_spec(folder.path(), "acme.yaml", &spec("oauth2", ""));
    let file = write_spec(folder.path(), "out", "a file where the folder should be");
    let generator = Generator::modules(folder.path().join("out")).spec(path);
    let error = generator.write().unwrap_err();
    assert!(matches!(error, Failure::Other(_)), "{error}");
    assert_eq!(
        fs::read_to_string(file).unwrap(),
        "a file where the folder should be"
    );
}

#[test]
fn a_comment_added_by_hand_is_not_lost() {
    let project = Project::new();
    project.edit("client.rs", |text| {
        text.replace("impl AcmeClient {", "// My note.\nimpl AcmeClient {")
    });
    let stale = project.generator.check().unwrap();
    assert_eq!(stale.len(), 1);
    assert!(stale[0].edited);
    let error = project.generator.write().unwrap_err().to_string();
    assert!(
        error.contains("client.rs: it was edited by hand"),
        "{error}"
    );
}

#[test]
fn a_half_finished_edit_is_stale_and_no_panic() {
    for item in [
        "fn f();",
        "static X: i32;",
        "const X: i32;",
        "fn f( {",
        "macro m() {}",
    ] {
        let project = Project::new();
        project.edit("client.rs", |text| format!("{text}\n{item}\n"));
        assert_eq!(project.stale().len(), 1, "{item}");
    }
}

#[test]
fn two_runs_for_one_folder_delete_nothing_of_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let one = write_spec(&folder.path().join("a"), "acme.yaml", &spec("first", ""));
    let two = write_spec(&folder.path().join("b"), "acme.yaml", &spec("second", ""));
    Generator::modules(&out).spec(one).write().unwrap();
    let before = super::files_below(&out);
    let generator = Generator::modules(&out).spec(two);
    let error = generator.write().unwrap_err().to_string();
    assert!(
        error.contains("the files here come from another spec"),
        "{error}"
    );
    assert_eq!(super::files_below(&out), before);
    generator.force(true).write().unwrap();
    assert!(!out.join("acme/first.rs").exists());
}

#[test]
fn line_ends_of_a_checkout_are_no_difference() {
    let project = Project::new();
    let pages = Generator::pages(project.folder.path().join("out")).spec(project.spec());
    pages.write().unwrap();
    let crlf = |text: &str| text.replace('\n', "\r\n");
    for name in [
        "mod.rs",
        "client.rs",
        "oauth_2.rs",
        "index.md",
        "oauth_2.md",
    ] {
        project.edit(name, crlf);
    }
    let text = fs::read_to_string(project.spec()).unwrap();
    fs::write(project.spec(), crlf(&text)).unwrap();
    assert_eq!(project.stale(), []);
    assert_eq!(pages.check().unwrap(), []);
    pages.write().unwrap();
}

#[test]
fn a_spec_whose_name_is_no_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["...yaml", "..yaml"] {
        let path = write_spec(folder.path(), name, &spec("oauth2", ""));
        let error = Generator::modules(folder.path().join("out"))
            .spec(path)
            .write()
            .unwrap_err();
        assert!(
            error.to_string().contains("cannot name an output folder"),
            "{error}"
        );
    }
    assert!(!folder.path().join("out").exists());
}
