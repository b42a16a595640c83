//! The version that `credsmith --version` prints: with the commit when it is built from a checkout of
//! its repository, without it from a tarball, or where there is no git.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let version = env!("CARGO_PKG_VERSION");
    let version = match commit() {
        Some(commit) => format!("{version} ({commit})"),
        None => version.to_owned(),
    };
    println!("cargo::rustc-env=CREDSMITH_VERSION={version}");
}

/// Short hash and date of the commit that is checked out.
fn commit() -> Option<String> {
    is_checkout().then_some(())?;
    rerun_on_commit();
    git(&[
        "show",
        "--no-patch",
        "--format=%h %cs",
        "--abbrev=7",
        "HEAD",
    ])
}

/// An unpacked tarball can lie in somebody else's checkout, whose commits say nothing of us.
fn is_checkout() -> bool {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    folder.ends_with("crates/credsmith-cli") && folder.join("../../.git").exists()
}

/// The branch, or another one, moves on: git notes both in its log. Where it keeps none, the branch's
/// own file has to do. A file that is not there is not named, for cargo would run this each time.
fn rerun_on_commit() {
    let branch = git(&["rev-parse", "--symbolic-full-name", "HEAD"]);
    let names = ["HEAD".to_owned(), "logs/HEAD".to_owned()];
    for name in names.into_iter().chain(branch) {
        let path = git(&["rev-parse", "--git-path", &name]);
        if let Some(path) = path.filter(|path| Path::new(path).is_file()) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
}

/// The first line that git prints, if it is there and content.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let line = text.lines().next().filter(|line| !line.is_empty())?;
    output.status.success().then(|| line.to_owned())
}
