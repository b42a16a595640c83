//! When the build script runs again, what it writes then, and how it fails.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::SystemTime;

use serde_json::Value;

use crate::sdk::Sdk;
use crate::tree::Tree;

const SPEC: &str = "specs/verizon-thingspace.yaml";

#[test]
fn a_second_build_does_nothing() {
    let sdk = built("second build");
    fs::write(sdk.root().join("README.md"), "Changed.\n").unwrap();
    assert!(build(&sdk).is_fresh);
}

#[test]
fn a_spec_that_says_the_same_rewrites_no_file() {
    let sdk = built("touched");
    let folder = build(&sdk).output;
    let modules = Tree::of(&folder);
    let spec = File::options().append(true).open(sdk.root().join(SPEC));
    spec.unwrap().set_modified(SystemTime::now()).unwrap();
    let again = build(&sdk);
    assert!(!again.is_fresh, "the build script did not run again");
    assert_eq!(again.output, folder);
    modules.assert_untouched(&folder);
}

#[test]
fn a_changed_spec_rewrites_what_it_changes() {
    let sdk = built("changed spec");
    let folder = build(&sdk).output;
    sdk.edit(SPEC, "for the ThingSpace APIs", "for all of ThingSpace");
    let again = build(&sdk);
    assert!(!again.is_fresh);
    assert_eq!(again.output, folder);
    let module = folder.join("thingspace_oauth_1.rs");
    let module = fs::read_to_string(module).unwrap();
    assert!(module.contains("for all of ThingSpace"), "{module}");
    assert!(build(&sdk).is_fresh);
}

#[test]
fn a_mistake_fails_the_build_with_its_place() {
    let sdk = built("mistakes");
    sdk.edit(SPEC, "getter_style", "getter_stile");
    sdk.edit(SPEC, "client_credentials", "magic");
    let run = sdk.cargo(&["build"]).fails();
    let (text, version) = (sdk.read(SPEC), sdk.version());
    for (code, mistake) in [("CS0101", "getter_stile"), ("CS0201", "magic")] {
        let place = place(&text, mistake);
        let line = format!("error: verizon@{version}: {SPEC}:{place}: error[{code}]: ");
        assert!(run.stderr().contains(&line), "{line}\n{}", run.stderr());
    }
    let all = run.stdout() + &run.stderr();
    assert!(!all.contains("panicked"), "{all}");

    sdk.edit(SPEC, "getter_stile", "getter_style");
    sdk.edit(SPEC, "magic", "client_credentials");
    sdk.cargo(&["build"]).succeeds();
}

#[test]
fn a_spec_that_is_gone_fails_the_build_with_its_path() {
    let sdk = built("no spec");
    fs::remove_file(sdk.root().join(SPEC)).unwrap();
    let run = sdk.cargo(&["build"]).fails();
    let version = sdk.version();
    let line = format!("error: verizon@{version}: {SPEC}:1:1: error[CS0001]: ");
    assert!(run.stderr().contains(&line), "{line}\n{}", run.stderr());
    assert!(!run.stderr().contains("panicked"), "{}", run.stderr());
}

fn built(place: &str) -> Sdk {
    let sdk = Sdk::copied("verizon-build-script", place);
    sdk.fetch();
    sdk.cargo(&["build"]).succeeds();
    sdk
}

/// What cargo said of a build.
struct Build {
    /// Whether nothing was compiled and no build script ran.
    is_fresh: bool,
    /// The folder with the modules.
    output: PathBuf,
}

fn build(sdk: &Sdk) -> Build {
    let run = sdk
        .cargo(&["build", "--message-format=json-render-diagnostics"])
        .succeeds();
    let messages: Vec<Value> = run
        .stdout()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let artifacts = messages
        .iter()
        .filter(|message| message["reason"] == "compiler-artifact");
    let own = messages.iter().find(|message| {
        let package = message["package_id"].as_str().unwrap_or_default();
        message["reason"] == "build-script-executed" && package.contains("verizon-build-script")
    });
    let output = own.unwrap()["out_dir"].as_str().unwrap();
    Build {
        is_fresh: artifacts
            .map(|artifact| &artifact["fresh"])
            .all(|fresh| fresh == true),
        output: PathBuf::from(output).join("verizon-thingspace"),
    }
}

/// Line and column of the first place of a text, as diagnostics count them.
fn place(text: &str, what: &str) -> String {
    let before = &text[..text.find(what).unwrap()];
    let line = before.matches('\n').count() + 1;
    let column = before.len() - before.rfind('\n').map_or(0, |end| end + 1) + 1;
    format!("{line}:{column}")
}
