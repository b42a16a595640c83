//! What is there for shells, for `man`, and for reports of faults: completions, pages, the version.

use std::fs;
use std::process::{Command, Output, Stdio};

use crate::support::{credsmith, repository, run, stdout};

const COMMANDS: [&str; 10] = [
    "init",
    "check",
    "generate",
    "docs",
    "plan",
    "schema",
    "explain",
    "token",
    "completions",
    "man",
];

#[test]
fn every_command_is_named_in_the_help() {
    let help = stdout(&credsmith(&["--help"]));
    let commands = help.split("Commands:\n").nth(1).unwrap();
    let lines = commands.lines().take_while(|line| line.starts_with("  "));
    let names: Vec<_> = lines
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert_eq!(names, COMMANDS);
}

/// Reads a script without running it, by a shell that may not be here.
fn is_parsed_by(shell: &str, arguments: &[&str], script: &str) -> Option<Output> {
    let mut command = Command::new(shell);
    command.args(arguments).stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    let mut stdin = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, script.as_bytes()).unwrap();
    drop(stdin);
    Some(child.wait_with_output().unwrap())
}

#[test]
fn completions_parse_and_name_every_command() {
    let mut parsed = 0;
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = credsmith(&["completions", shell]);
        assert!(output.status.success(), "{shell}");
        let script = stdout(&output);
        for word in COMMANDS.iter().chain(&["check", "out"]) {
            assert!(script.contains(word), "{shell} lacks {word}");
        }
        if let "bash" | "fish" | "zsh" = shell
            && let Some(output) = is_parsed_by(shell, &["-n"], &script)
        {
            let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{shell}: {complaint}");
            parsed += 1;
        }
    }
    assert!(parsed > 0 || !cfg!(target_os = "linux"), "no shell is here");
    assert_eq!(credsmith(&["completions", "cmd"]).status.code(), Some(2));
}

#[test]
fn bash_completes_commands_and_options() {
    let script = stdout(&credsmith(&["completions", "bash"]));
    let ask = "\nCOMP_WORDS=(credsmith ge); COMP_CWORD=1; _credsmith credsmith ge credsmith\n\
        echo \"${COMPREPLY[@]}\"\n\
        COMP_WORDS=(credsmith generate --ch); COMP_CWORD=2; _credsmith credsmith --ch generate\n\
        echo \"${COMPREPLY[@]}\"\n";
    if let Some(output) = is_parsed_by("bash", &["--norc"], &(script + ask)) {
        assert_eq!(stdout(&output), "generate\n--check\n");
    }
}

#[test]
fn the_manual_page_names_every_command() {
    let page = stdout(&credsmith(&["man"]));
    assert!(page.contains(".TH credsmith 1"), "{page}");
    for command in COMMANDS {
        assert!(
            page.contains(&format!("credsmith\\-{command}(1)")),
            "{command}"
        );
    }
}

#[test]
fn each_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), "man --out share/man1", 0);
    let page = |name: &str| fs::read_to_string(folder.path().join("share/man1").join(name));
    assert!(page("credsmith.1").is_ok());
    for command in COMMANDS {
        let text = page(&format!("credsmith-{command}.1")).unwrap();
        assert!(text.contains(".SH SYNOPSIS"), "{command}");
    }
    assert!(
        page("credsmith-generate.1")
            .unwrap()
            .contains("\\-\\-check")
    );
}

/// In a checkout the version tells the commit; a tarball has none to tell.
#[test]
fn the_version_tells_the_commit_of_a_checkout() {
    let version = stdout(&credsmith(&["--version"]));
    let mut git = Command::new("git");
    git.args([
        "show",
        "--no-patch",
        "--format=%h %cs",
        "--abbrev=7",
        "HEAD",
    ]);
    let output = git.current_dir(repository()).output();
    let commit = output.ok().filter(|output| output.status.success());
    let plain = format!("credsmith {}", env!("CARGO_PKG_VERSION"));
    match commit.filter(|_| repository().join(".git").exists()) {
        Some(commit) => assert_eq!(version, format!("{plain} ({})\n", stdout(&commit).trim())),
        None => assert_eq!(version, format!("{plain}\n")),
    }
}
