//! Arguments.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use credsmith_codegen::Target;

/// Turns one YAML spec of an API's authentication into credential modules and documentation.
#[derive(Debug, Parser)]
#[command(
    name = "credsmith",
    version = env!("CREDSMITH_VERSION"),
    arg_required_else_help = true
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Set up this folder, or add what it lacks: a first spec, `credsmith.toml`, a freshness test, modules and pages
    Init(Init),
    /// Show every problem of every spec
    Check(Check),
    /// Generate Rust modules; without arguments, everything that `credsmith.toml` lists
    Generate(Generate),
    /// Generate documentation pages
    Docs(Generate),
    /// Print what a spec means, and the names of everything in each language
    Plan(Plan),
    /// Print the JSON Schema of specs, for editors
    Schema(Schema),
    /// Explain a diagnostic
    Explain(Explain),
    /// Fetch a token, with credentials from the environment
    Token(Token),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print the manual page
    Man(Man),
}

/// `credsmith init`
#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    /// Folder for the spec
    #[arg(default_value = "specs")]
    pub(crate) directory: PathBuf,
    /// Name of the API or the company [default: that of specs that are there, or of the current folder]
    #[arg(long)]
    pub(crate) name: Option<String>,
}

/// `credsmith check`
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Specs to check [default: those of `credsmith.toml`]
    #[arg(value_name = "SPEC")]
    pub(crate) specs: Vec<PathBuf>,
    /// How problems are shown
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Source lines with marks
    Human,
    /// A JSON array, to stdout
    Json,
    /// Workflow commands of GitHub Actions, to stdout
    Github,
    /// A SARIF 2.1.0 log, to stdout
    Sarif,
}

/// `credsmith generate` and `credsmith docs`
#[derive(Debug, clap::Args)]
pub(crate) struct Generate {
    /// Specs to generate from [default: those of `credsmith.toml`]
    #[arg(value_name = "SPEC")]
    pub(crate) specs: Vec<PathBuf>,
    /// Folder that gets a folder for each spec [default: as `credsmith.toml` says]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Language of the output; chooses among the outputs of `credsmith.toml` [default: all that it lists; with --out, rust]
    #[arg(long, value_parser = targets())]
    pub(crate) target: Option<Target>,
    /// Write nothing: show what is stale, and exit with 1 if anything is
    #[arg(long)]
    pub(crate) check: bool,
    /// Overwrite files that were edited by hand or that credsmith did not write
    #[arg(long, conflicts_with = "check")]
    pub(crate) force: bool,
    /// The command that headers name for regenerating, instead of this call
    #[arg(long, value_name = "COMMAND")]
    pub(crate) command: Option<String>,
}

/// The languages, by their names.
fn targets() -> impl TypedValueParser<Value = Target> {
    let names = PossibleValuesParser::new(Target::NAMES);
    names.try_map(|name| Target::from_name(&name).ok_or("not a language"))
}

/// `credsmith plan`
#[derive(Debug, clap::Args)]
pub(crate) struct Plan {
    /// The spec
    #[arg(value_name = "SPEC")]
    pub(crate) spec: PathBuf,
}

/// `credsmith schema`
#[derive(Debug, clap::Args)]
pub(crate) struct Schema {
    /// File to write [default: stdout]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Write nothing: exit with 1 if FILE is not the schema
    #[arg(long, requires = "out")]
    pub(crate) check: bool,
}

/// `credsmith explain`
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// A code, such as CS0101 [default: list all]
    pub(crate) code: Option<String>,
}

/// `credsmith token`
#[derive(Debug, clap::Args)]
#[allow(
    clippy::struct_field_names,
    reason = "fields are named as their arguments are"
)]
pub(crate) struct Token {
    /// The spec
    pub(crate) spec: PathBuf,
    /// The scheme's name in the spec
    pub(crate) scheme: String,
    /// The environment of the API [default: the spec's default]
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Option<String>,
    /// Another token endpoint than the spec's
    #[arg(long, value_name = "URL", conflicts_with = "environment")]
    pub(crate) token_url: Option<String>,
    /// Another authorization endpoint than the spec's, for the grant `authorization_code`
    #[arg(long, value_name = "URL", conflicts_with = "environment")]
    pub(crate) authorization_url: Option<String>,
    /// Another device authorization endpoint than the spec's, for the grant `device_code`
    #[arg(long, value_name = "URL", conflicts_with = "environment")]
    pub(crate) device_authorization_url: Option<String>,
    /// Where the browser comes back to [default: as the environment says, or a free port of this machine]
    #[arg(long, value_name = "URI")]
    pub(crate) redirect_uri: Option<String>,
    /// Seconds to wait for the user: in the browser, for the pasted URL, or on another device
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub(crate) timeout: u32,
    /// Print the token itself and nothing else, to a pipe or a file
    #[arg(long)]
    pub(crate) raw: bool,
}

/// `credsmith completions`
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: Shell,
}

/// `credsmith man`
#[derive(Debug, clap::Args)]
pub(crate) struct Man {
    /// Folder for a page of each command [default: one page, to stdout]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}
