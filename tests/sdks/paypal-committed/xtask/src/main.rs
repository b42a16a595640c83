//! `cargo xtask codegen`: writes the modules and pages of all specs; with `--check`, only says what
//! is stale.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use credsmith_codegen::{Failure, Generator};

fn main() -> Result<ExitCode, Failure> {
	let root = Path::new(env!("CARGO_MANIFEST_DIR"))
		.parent()
		.map(PathBuf::from)
		.unwrap_or_default();
	let check = std::env::args().any(|argument| argument == "--check");
	let mut fresh = true;
	for generator in [
		Generator::modules(root.join("src/auth")),
		Generator::pages(root.join("docs/auth")),
	] {
		let generator = generator
			.spec(root.join("specs/paypal.yaml"))
			.command("cargo xtask codegen");
		if !check {
			generator.write()?;
			continue;
		}
		for stale in generator.check()? {
			eprintln!(
				"{}: {}\n{}",
				stale.path.display(),
				stale.reason,
				stale.diff
			);
			fresh = false;
		}
	}
	if !fresh {
		eprintln!("to regenerate: cargo xtask codegen");
	}
	Ok(if fresh {
		ExitCode::SUCCESS
	} else {
		ExitCode::FAILURE
	})
}
