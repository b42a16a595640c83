//! The text of `credsmith.toml`, read and checked.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use credsmith_codegen::Target;
use credsmith_spec::{Checked, Diagnostic, Problems, Source, Span};
use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

use crate::rules::{folders, keys, specs, toml as text};

/// What the file says, with its paths as they are seen from the current folder.
#[derive(Debug)]
pub(crate) struct Configuration {
    /// The command that headers name, if the file sets one.
    pub(crate) command: Option<String>,
    /// Whether rustfmt formats what is generated.
    pub(crate) format: bool,
    /// What is generated.
    pub(crate) outputs: Vec<Output>,
}

/// Specs, and where to what they generate goes.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    pub(crate) specs: Vec<PathBuf>,
    pub(crate) target: Target,
    pub(crate) modules: Option<PathBuf>,
    pub(crate) docs: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConfiguration {
    command: Option<String>,
    format: Option<bool>,
    output: Vec<RawOutput>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOutput {
    specs: Spanned<Vec<Spanned<String>>>,
    #[serde(default, deserialize_with = "target")]
    target: Target,
    modules: Option<PathBuf>,
    docs: Option<PathBuf>,
}

/// Reads the language of an output; Rust if there is none.
fn target<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Target, D::Error> {
    let word = String::deserialize(deserializer)?;
    let unknown = || de::Error::unknown_variant(&word, Target::NAMES);
    Target::from_name(&word).ok_or_else(unknown)
}

/// Whether specs have to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Specs {
    /// Something is done with them.
    Needed,
    /// They may still be written.
    MayBeMissing,
}

/// Reads the text of the file at `path`. Mistakes come back as those of a spec do, without a model.
pub(crate) fn read(path: &Path, text: String, specs: Specs) -> Result<Configuration, Box<Checked>> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut problems = Problems::default();
    let read = raw(&text).map(|raw| {
        if specs == Specs::Needed {
            check_specs(&raw.output, folder, &mut problems);
        }
        lower(raw, folder, &mut problems)
    });
    match read {
        Ok(configuration) if !problems.any_error() => Ok(configuration),
        Ok(_) => Err(wrong(path, text, problems)),
        Err(diagnostic) => {
            problems.push(diagnostic);
            Err(wrong(path, text, problems))
        }
    }
}

/// The mistakes of a file, as those of a spec.
pub(crate) fn wrong(path: &Path, text: String, problems: Problems) -> Box<Checked> {
    Box::new(Checked {
        source: Source::new(path.display().to_string(), text),
        diagnostics: problems.into_sorted(),
        spec: None,
        draft: None,
    })
}

fn raw(text: &str) -> Result<RawConfiguration, Diagnostic> {
    let document = toml::Deserializer::parse(text).map_err(|error| text::broken(&error))?;
    RawConfiguration::deserialize(document).map_err(|error| keys::wrong(&error))
}

fn lower(raw: RawConfiguration, folder: &Path, problems: &mut Problems) -> Configuration {
    if raw.output.is_empty() {
        problems.push(keys::no_output());
    }
    check_folders(&raw.output, folder, problems);
    let outputs = raw.output.into_iter();
    Configuration {
        command: raw.command,
        format: raw.format.unwrap_or(true),
        outputs: outputs
            .map(|output| self::output(output, folder, problems))
            .collect(),
    }
}

fn check_specs(outputs: &[RawOutput], folder: &Path, problems: &mut Problems) {
    let specs = outputs.iter().flat_map(|output| output.specs.get_ref());
    let missing = specs.filter(|spec| !folder.join(spec.get_ref()).is_file());
    problems.extend(missing.map(|spec| specs::missing(span(spec), spec.get_ref())));
}

/// Modules and pages of one spec may share a folder, two specs may not.
fn check_folders(outputs: &[RawOutput], here: &Path, problems: &mut Problems) {
    let mut taken = BTreeMap::new();
    for output in outputs {
        let kinds = [("modules", &output.modules), ("docs", &output.docs)];
        let specs = output.specs.get_ref().iter();
        for spec in specs.filter(|spec| here.join(spec.get_ref()).is_file()) {
            let stem = Path::new(spec.get_ref()).file_stem().unwrap_or_default();
            let told = kinds.iter().find_map(|(kind, below)| {
                let folder = below.as_ref()?.join(stem);
                let parts = folder
                    .components()
                    .filter(|part| *part != Component::CurDir);
                let folder: PathBuf = parts.collect();
                let shown = folder.display().to_string();
                let earlier = taken.insert((*kind, shown.to_lowercase()), span(spec))?;
                Some(folders::taken(span(spec), &shown, earlier))
            });
            problems.extend(told);
        }
    }
}

fn output(raw: RawOutput, folder: &Path, problems: &mut Problems) -> Output {
    let span = span(&raw.specs);
    if raw.specs.get_ref().is_empty() {
        problems.push(keys::no_specs(span));
    }
    if raw.modules.is_none() && raw.docs.is_none() {
        problems.push(keys::nowhere(span));
    }
    let specs = raw.specs.get_ref().iter();
    Output {
        specs: specs.map(|spec| folder.join(spec.get_ref())).collect(),
        target: raw.target,
        modules: raw.modules.map(|modules| folder.join(modules)),
        docs: raw.docs.map(|docs| folder.join(docs)),
    }
}

fn span<T>(value: &Spanned<T>) -> Span {
    let range = value.span();
    Span {
        start: range.start,
        end: range.end,
    }
}
