//! What is generated from a spec, and how it reads.

use std::collections::BTreeSet;
use std::fs;
use std::sync::{Arc, OnceLock};

use credsmith_codegen::{Failure, File, Generator, Kind};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use super::rust;

/// Modules and pages of one spec.
pub(crate) struct Output {
    files: Vec<Arc<Generated>>,
}

/// A generated file. What is read from it is kept: one output is compared with many.
struct Generated {
    text: String,
    kind: Kind,
    /// Shapes with names, and without.
    shapes: [OnceLock<Result<String, String>>; 2],
    words: OnceLock<Result<String, String>>,
}

/// Generates everything from a spec; nothing if it is refused.
pub(crate) fn generate(spec: &str) -> Result<Option<Output>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("acme.yaml");
    fs::write(&path, spec).unwrap();
    let mut files = Vec::new();
    for generator in [
        Generator::modules(folder.path().join("src")),
        Generator::pages(folder.path().join("docs")),
    ] {
        match generator.spec(&path).list() {
            Ok(list) => files.extend(list.into_iter().map(|(_, file)| Generated::new(file))),
            Err(Failure::Specs(_)) => return Ok(None),
            // An accepted spec always renders.
            Err(failure) => return Err(failure.to_string()),
        }
    }
    Ok(Some(Output { files }))
}

impl Generated {
    fn new(file: File) -> Arc<Self> {
        Arc::new(Self {
            text: file.text,
            kind: file.kind,
            shapes: [OnceLock::new(), OnceLock::new()],
            words: OnceLock::new(),
        })
    }

    /// The text without its header, which has the spec's hash.
    fn body(&self) -> &str {
        self.text.split_once("\n\n").map_or("", |(_, body)| body)
    }

    fn shape(&self, erase: bool) -> &Result<String, String> {
        self.shapes[usize::from(erase)].get_or_init(|| match self.kind {
            Kind::Markdown => shape(&self.text),
            Kind::Rust => rust::shape(&self.text, erase),
        })
    }

    fn words(&self) -> &Result<String, String> {
        self.words.get_or_init(|| match self.kind {
            Kind::Markdown => Ok(words(&text_of_page(&self.text)?)),
            Kind::Rust => Ok(words(&rust::texts(&self.text)?.join("\n"))),
        })
    }
}

impl Output {
    /// What differs between two outputs, from each of them: the other files need no look.
    pub(crate) fn changed(&self, other: &Self) -> [Self; 2] {
        let files = |files: &[Arc<Generated>]| files.iter().map(Arc::clone).collect();
        if self.files.len() != other.files.len() {
            return [&self.files, &other.files].map(|all| Self { files: files(all) });
        }
        let pairs = self.files.iter().zip(&other.files);
        let pairs = pairs.filter(|(mine, other)| mine.body() != other.body());
        let (mine, other) = pairs
            .map(|(mine, other)| (Arc::clone(mine), Arc::clone(other)))
            .unzip();
        [Self { files: mine }, Self { files: other }]
    }

    /// The tokens of modules and the structure of pages, without texts; `erase` leaves names out,
    /// where they differ.
    pub(crate) fn shape(&self, erase: bool) -> Result<Vec<&str>, &str> {
        let shapes = self.files.iter().map(|file| file.shape(erase));
        let shapes = shapes.map(|shape| shape.as_deref().map_err(String::as_str));
        shapes.collect()
    }

    /// How often a text is read in the modules, and in the pages.
    pub(crate) fn mentions(&self, text: &str) -> Result<[usize; 2], String> {
        let wanted = words(text);
        let mut found = [0, 0];
        for file in &self.files {
            let read = file.words().as_ref().map_err(Clone::clone)?;
            found[usize::from(file.kind == Kind::Markdown)] += read.matches(&wanted).count();
        }
        Ok(found)
    }

    /// The lines in which two outputs differ.
    pub(crate) fn differences(&self, other: &Self) -> String {
        let lines = |output: &Self| -> Vec<String> {
            let lines = output.files.iter().flat_map(|file| file.body().lines());
            lines.map(str::to_owned).collect()
        };
        let known: BTreeSet<_> = lines(other).into_iter().collect();
        let mut changed = lines(self);
        changed.retain(|line| !known.contains(line));
        changed.join("\n")
    }
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

/// The text of a page as a reader sees it: of Rust blocks, what their literals mean.
fn text_of_page(markdown: &str) -> Result<String, String> {
    let mut text = String::new();
    let mut code = None;
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => code = Some(String::new()),
            Event::Text(piece) => *code.as_mut().unwrap_or(&mut text) += &piece,
            Event::Code(piece) => text += &piece,
            Event::SoftBreak | Event::HardBreak => text.push('\n'),
            Event::End(_) => {
                let literals = code.take().map(|code| rust::texts(&code)).transpose()?;
                text += &literals.unwrap_or_default().join("\n");
                text.push('\n');
            }
            _ => {}
        }
    }
    Ok(text)
}

/// Tags, code spans and breaks of a document; in Rust blocks, the tokens.
fn shape(markdown: &str) -> Result<String, String> {
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
    Ok(shape.join("\n"))
}
