//! Where generated files say they come from: relative paths, and the command that makes them anew.

use std::path::{Component, Path, PathBuf};

/// What the header of a generated file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The spec, relative to the folder that the command runs in.
    pub(crate) spec: String,
    /// The command that regenerates the file.
    pub(crate) command: String,
}

impl Origin {
    /// The origin of files in `out`, generated from `spec` by `credsmith SUBCOMMAND`.
    ///
    /// Paths are written relative to the innermost folder that holds both, so that they do not
    /// depend on where the command was run. `command` replaces the usual one.
    pub(crate) fn new(spec: &Path, out: &Path, subcommand: &str, command: Option<&str>) -> Self {
        let (spec, out) = (absolute(spec), absolute(out));
        let base = common_ancestor(spec.parent().unwrap_or(&spec), &out);
        let spec = relative(&spec, &base);
        let out = relative(&out, &base);
        let usual = || {
            format!(
                "credsmith {subcommand} {} --out {}",
                quoted(&spec),
                quoted(&out)
            )
        };
        Self {
            command: one_line(&command.map_or_else(usual, str::to_owned)),
            spec: one_line(&spec),
        }
    }
}

/// The path without `.` and `..`, from the root. Links are left alone: a checkout that is reached
/// through one is the same checkout.
fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(clean.pop()),
            Component::CurDir => {}
            other => clean.push(other),
        }
    }
    clean
}

/// The innermost folder that holds both. Where that is only the root, each is shown by its name.
fn common_ancestor(a: &Path, b: &Path) -> PathBuf {
    let pairs = a.components().zip(b.components());
    pairs.take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
}

fn relative(path: &Path, base: &Path) -> String {
    let is_root = base.parent().is_none();
    let relative = if is_root {
        path.file_name().map_or(path, Path::new)
    } else {
        path.strip_prefix(base).unwrap_or(path)
    };
    let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
    if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    }
}

/// An argument as a POSIX shell takes it, in quotes where it needs them.
///
/// ```
/// assert_eq!(credsmith_codegen::quoted("my spec.yaml"), "'my spec.yaml'");
/// ```
pub fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:@%+,".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        return argument.to_owned();
    }
    format!("'{}'", argument.replace('\'', r"'\''"))
}

/// Text that can stand in a comment of one line, in Rust and in HTML.
fn one_line(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { '?' } else { c })
        .collect();
    line.replace("-->", "--?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(spec: &str, out: &str, shown: &str, command: &str) {
        let origin = Origin::new(Path::new(spec), Path::new(out), "generate", None);
        assert_eq!(
            (origin.spec.as_str(), origin.command.as_str()),
            (shown, command)
        );
    }

    #[test]
    fn paths_do_not_tell_the_machine() {
        check(
            "/home/me/sdk/specs/acme.yaml",
            "/home/me/sdk/src/auth",
            "specs/acme.yaml",
            "credsmith generate specs/acme.yaml --out src/auth",
        );
        check(
            "/a/acme.yaml",
            "/b/out",
            "acme.yaml",
            "credsmith generate acme.yaml --out out",
        );
        check(
            "/a/my specs/../acme's.yaml",
            "/a",
            "acme's.yaml",
            r"credsmith generate 'acme'\''s.yaml' --out .",
        );
    }
}
