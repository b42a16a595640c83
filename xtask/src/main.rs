//! The project's own chores: `cargo xtask demo`, `cargo xtask test`, `cargo xtask bench`.

mod bench;
mod demo;
mod packages;
mod steps;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  demo   generate all specs into target/demo, build an application on them, show what it does
  test   everything that the project tests, with one summary
  bench engine [--write]
         the token engine beside its peers, into target/bench/engine.json
  bench build [--write]
         what a build with credsmith costs beside progenitor and openapi-generator,
         into target/bench/build.json
  bench generate [--write]
         the time and memory of check and generate, into target/bench/generate.json

A benchmark fails where a bar is missed. With --write its tables go to docs/benchmarks.md too.";

#[expect(clippy::print_stderr, reason = "a command-line program")]
fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["demo"] => demo::run(),
        ["test"] => test::run(),
        ["bench", "build"] => bench::build::run(false),
        ["bench", "build", "--write"] => bench::build::run(true),
        ["bench", "engine"] => bench::engine::run(false),
        ["bench", "engine", "--write"] => bench::engine::run(true),
        ["bench", "generate"] => bench::generate::run(false),
        ["bench", "generate", "--write"] => bench::generate::run(true),
        // For `bench generate`, which starts it in a process of its own.
        ["peak-memory", program, ref arguments @ ..] => bench::memory::print(program, arguments),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
