//! `credsmith init`: a first spec, ready to generate from.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::Outcome;
use crate::args::Init;
use crate::terminal;

const SCHEMA: &str = "credsmith.schema.json";

pub(crate) fn run(args: &Init) -> Result<Outcome> {
    let name = match &args.name {
        Some(name) => name.clone(),
        None => folder_name().unwrap_or_else(|| "Acme".to_owned()),
    };
    let text = spec(&name);
    let path = args.directory.join(format!("{}.yaml", file_stem(&name)));
    let checked = credsmith_codegen::check_text(&path.display().to_string(), &text);
    if terminal::problems(std::slice::from_ref(&checked)) {
        terminal::error(&format!(
            "`{name}` cannot name an SDK; give another one with --name"
        ));
        return Ok(Outcome::Wrong);
    }
    fs::create_dir_all(&args.directory)
        .with_context(|| format!("{} cannot be made", args.directory.display()))?;
    if !create(&path, &text)? {
        terminal::error(&format!(
            "{} is there already, and stays as it is",
            path.display()
        ));
        return Ok(Outcome::Wrong);
    }
    create(&args.directory.join(SCHEMA), &credsmith_spec::schema_text())?;
    terminal::say(&format!("wrote {}", path.display()));
    terminal::say("next: put your token URL into it, then");
    terminal::say(&format!(
        "  credsmith generate {} --out src/auth",
        path.display()
    ));
    Ok(Outcome::Done)
}

fn folder_name() -> Option<String> {
    let folder = std::env::current_dir().ok()?;
    Some(folder.file_name()?.to_string_lossy().into_owned())
}

/// Writes a file unless there is one; true if it did.
fn create(path: &Path, text: &str) -> Result<bool> {
    match fs::File::create_new(path) {
        Ok(mut file) => {
            file.write_all(text.as_bytes())
                .with_context(|| format!("{} cannot be written", path.display()))?;
            Ok(true)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error).with_context(|| format!("{} cannot be written", path.display())),
    }
}

fn file_stem(name: &str) -> String {
    let kept = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' });
    kept.collect::<String>().trim_matches('_').to_lowercase()
}

/// JSON strings are YAML strings, so any name can stand in the spec.
fn spec(name: &str) -> String {
    let quoted = serde_json::Value::from(name);
    format!(
        "\
# yaml-language-server: $schema=./{SCHEMA}
credsmith: 1
sdk:
  name: {quoted}
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/oauth2/token
    # client_authentication: client_secret_post
    # scopes:
    #   values:
    #     - {{ value: read, description: Read access }}
"
    )
}
