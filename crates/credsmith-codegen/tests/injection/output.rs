//! What is generated from a spec, and how it reads.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use credsmith_codegen::{Generator, Kind};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use super::rust;

/// Modules and pages of one spec.
pub(crate) struct Output {
    modules: Vec<String>,
    pages: Vec<String>,
}

/// Generates everything from a spec; nothing if it is refused.
pub(crate) fn generate(spec: &str) -> Result<Option<Output>, String> {
    let checked = credsmith_codegen::check_text("acme.yaml", spec);
    if checked.spec.is_none() {
        return Ok(None);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("acme.yaml");
    fs::write(&path, spec).unwrap();
    let (src, docs) = (folder.path().join("src"), folder.path().join("docs"));
    Ok(Some(Output {
        modules: texts(Generator::modules(src), &path, Kind::Rust)?,
        pages: texts(Generator::pages(docs), &path, Kind::Markdown)?,
    }))
}

/// An accepted spec always renders: anything else is a failure here.
fn texts(generator: Generator, spec: &Path, kind: Kind) -> Result<Vec<String>, String> {
    let files = match generator.spec(spec).list() {
        Ok(files) => files,
        Err(failure) => return Err(failure.to_string()),
    };
    let texts = files
        .into_iter()
        .map(|(_, file)| file)
        .filter(|file| file.kind == kind);
    Ok(texts.map(|file| file.text).collect())
}

impl Output {
    /// What differs between two outputs, from each of them: the other files need no look.
    pub(crate) fn changed<'a>(&'a self, other: &'a Self) -> [Self; 2] {
        let modules = changed(&self.modules, &other.modules);
        let pages = changed(&self.pages, &other.pages);
        [0, 1].map(|side| Self {
            modules: modules[side].clone(),
            pages: pages[side].clone(),
        })
    }

    /// The tokens of the modules without texts; `erase` leaves names out, where they differ.
    pub(crate) fn rust_shape(&self, erase: bool) -> Result<Vec<String>, String> {
        self.modules
            .iter()
            .map(|text| rust::shape(text, erase))
            .collect()
    }

    /// The structure of the pages without texts.
    pub(crate) fn page_shape(&self) -> Result<Vec<Vec<String>>, String> {
        self.pages.iter().map(|text| shape(text)).collect()
    }

    /// How often a text is read in the modules, and in the pages.
    pub(crate) fn mentions(&self, text: &str) -> Result<[usize; 2], String> {
        let wanted = words(text);
        let count = |texts: Vec<String>| {
            texts
                .iter()
                .map(|read| words(read).matches(&wanted).count())
                .sum()
        };
        let modules = self.modules.iter().map(|module| rust::texts(module));
        let modules: Vec<_> = modules.collect::<Result<_, _>>()?;
        let pages = self.pages.iter().map(|page| text_of(page));
        Ok([count(modules.concat()), count(pages.collect())])
    }

    /// The lines in which two outputs differ.
    pub(crate) fn differences(&self, other: &Self) -> String {
        let texts = |output: &Self| [output.modules.concat(), output.pages.concat()].concat();
        let (mine, other) = (texts(self), texts(other));
        let known: BTreeSet<_> = other.lines().collect();
        let lines = mine
            .lines()
            .filter(|line| !known.contains(line) && !line.contains("@generated"));
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn changed(mine: &[String], other: &[String]) -> [Vec<String>; 2] {
    if mine.len() != other.len() {
        return [mine.to_vec(), other.to_vec()];
    }
    // The header has the spec's hash.
    let body = |text: &str| text.split_once("\n\n").map(|(_, body)| body.to_owned());
    let pairs = mine.iter().zip(other);
    let changed = pairs.filter(|(mine, other)| body(mine) != body(other));
    let (mine, other) = changed
        .map(|(mine, other)| (mine.clone(), other.clone()))
        .unzip();
    [mine, other]
}

/// Text as a reader sees it: white space only separates.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// All that some reader of Markdown takes for markup.
fn options() -> Options {
    Options::all()
        - Options::ENABLE_SMART_PUNCTUATION
        - Options::ENABLE_OLD_FOOTNOTES
        - Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        - Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
}

/// The text of a Markdown document, code included.
pub(crate) fn text_of(markdown: &str) -> String {
    let mut text = String::new();
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Text(piece) | Event::Code(piece) => text += &piece,
            Event::SoftBreak | Event::HardBreak | Event::End(_) => text.push('\n'),
            _ => {}
        }
    }
    text
}

/// Tags, code spans and breaks of a document; in Rust blocks, the tokens.
fn shape(markdown: &str) -> Result<Vec<String>, String> {
    let mut shape = Vec::new();
    let mut code = None;
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let CodeBlockKind::Fenced(language) = kind else {
                    return Err(format!("an indented block in\n{markdown}"));
                };
                shape.push(format!("block of {language}"));
                code = Some(String::new());
            }
            Event::Text(text) => match &mut code {
                Some(code) => *code += &text,
                // Escapes cut text into pieces.
                None if shape.last().is_some_and(|last| last == "text") => {}
                None => shape.push("text".to_owned()),
            },
            Event::SoftBreak if shape.last().is_some_and(|last| last == "text") => {}
            Event::End(end) => {
                shape.extend(
                    code.take()
                        .map(|code| rust::shape(&code, true))
                        .transpose()?,
                );
                shape.push(format!("end {end:?}"));
            }
            Event::Code(_) => shape.push("code".to_owned()),
            // The header, which has the spec's hash.
            Event::Html(html) => shape.push(format!("html of {} lines", html.lines().count())),
            Event::Start(Tag::Link { .. }) => shape.push("link".to_owned()),
            other => shape.push(format!("{other:?}")),
        }
    }
    Ok(shape)
}
