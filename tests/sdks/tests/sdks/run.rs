//! Calls of cargo, and what they said.

use std::path::Path;
use std::process::{Command, Output};

/// Runs cargo in a folder, with the target directory that all copies share.
pub(crate) fn cargo(folder: &Path, arguments: &[&str]) -> Run {
    start(folder, arguments, &[])
}

/// Runs cargo without the network, as [`cargo`] does otherwise.
pub(crate) fn offline(folder: &Path, arguments: &[&str]) -> Run {
    start(folder, arguments, &[("CARGO_NET_OFFLINE", "true")])
}

fn start(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("sdks");
    command
        .current_dir(folder)
        .args(arguments)
        .env("CARGO_TARGET_DIR", target)
        .envs(environment.iter().copied());
    let output = command.output().unwrap();
    Run {
        call: format!("cargo {} in {}", arguments.join(" "), folder.display()),
        output,
    }
}

/// A call that has ended.
pub(crate) struct Run {
    call: String,
    output: Output,
}

impl Run {
    /// Panics with everything that was said, unless the call succeeded.
    pub(crate) fn succeeds(self) -> Self {
        assert!(self.output.status.success(), "{}", self.report());
        self
    }

    /// Panics with everything that was said, unless the call failed with code 1 or, as cargo does,
    /// 101.
    pub(crate) fn fails(self) -> Self {
        let code = self.output.status.code();
        assert!(matches!(code, Some(1 | 101)), "{}", self.report());
        self
    }

    /// Panics with everything that was said, unless a part of it is `text`.
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(
            self.stderr().contains(text) || self.stdout().contains(text),
            "`{text}` was not said by {}",
            self.report()
        );
        self
    }

    pub(crate) fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.output.stdout).into_owned()
    }

    pub(crate) fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    fn report(&self) -> String {
        let (call, status) = (&self.call, self.output.status);
        format!("{call}: {status}\n{}\n{}", self.stdout(), self.stderr())
    }
}
