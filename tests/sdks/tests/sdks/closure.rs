//! What users of an SDK compile because of credsmith.

use std::collections::BTreeSet;

use crate::sdk::Sdk;

/// Crates that are there for the command, for its project file, or for the engine.
const FOREIGN: &[&str] = &[
    "anyhow",
    "clap",
    "clap_builder",
    "clap_complete",
    "clap_mangen",
    "credsmith-cli",
    "credsmith-project",
    "credsmith-runtime",
    "prettyplease",
    "similar",
    "toml",
];

#[test]
fn a_build_script_compiles_at_most_40_crates_and_no_command_line() {
    let closure = closure("verizon-build-script", "credsmith-build");
    assert!(has(&closure, "credsmith-build"), "{closure:#?}");
    let crates = closure.len();
    assert!(crates <= 40, "{crates} crates: {closure:#?}");
    for foreign in FOREIGN {
        assert!(!has(&closure, foreign), "{foreign} is in {closure:#?}");
    }
}

#[test]
fn committed_modules_need_the_engine_alone() {
    let engine = closure("paypal-committed", "credsmith-runtime");
    let mut sdk = closure("paypal-committed", "paypalserversdk");
    assert!(has(&sdk, "paypalserversdk"), "{sdk:#?}");
    sdk.retain(|name| !name.starts_with("paypalserversdk "));
    assert_eq!(sdk, engine);
    for name in ["credsmith-build", "credsmith-codegen", "credsmith-spec"] {
        assert!(!has(&sdk, name), "{name} is in {sdk:#?}");
    }
}

fn has(closure: &BTreeSet<String>, name: &str) -> bool {
    closure
        .iter()
        .any(|known| known.split(' ').next() == Some(name))
}

/// The names and versions of a package and of everything that is compiled for it, tests aside.
fn closure(repository: &str, package: &str) -> BTreeSet<String> {
    let arguments = [
        "tree",
        "--edges=normal,build",
        "--prefix=none",
        "--no-dedupe",
        "--format={p}",
        "--package",
        package,
    ];
    let sdk = Sdk::copied(repository, &format!("closure of {package}"));
    sdk.fetch();
    let tree = sdk.cargo(&arguments).succeeds().stdout();
    let names = tree.lines().filter_map(|line| {
        let mut words = line.split(' ');
        Some(format!("{} {}", words.next()?, words.next()?))
    });
    names.collect()
}
