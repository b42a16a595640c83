//! What is generated from a spec, and how it reads.

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
pub(crate) fn generate(spec: &str) -> Option<Output> {
    let checked = credsmith_codegen::check_text("acme.yaml", spec);
    checked.spec?;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("acme.yaml");
    fs::write(&path, spec).unwrap();
    Some(Output {
        modules: texts(
            Generator::modules(folder.path().join("src")),
            &path,
            Kind::Rust,
        ),
        pages: texts(
            Generator::pages(folder.path().join("docs")),
            &path,
            Kind::Markdown,
        ),
    })
}

/// An accepted spec always renders: anything else is a failure here.
fn texts(generator: Generator, spec: &Path, kind: Kind) -> Vec<String> {
    let files = match generator.spec(spec).list() {
        Ok(files) => files,
        Err(failure) => panic!("{failure}\n{}", fs::read_to_string(spec).unwrap()),
    };
    let texts = files
        .into_iter()
        .map(|(_, file)| file)
        .filter(|file| file.kind == kind);
    texts.map(|file| file.text).collect()
}

impl Output {
    /// The tokens of the modules without texts; `erase` leaves names out, where they differ.
    pub(crate) fn rust_shape(&self, erase: bool) -> Vec<String> {
        self.modules
            .iter()
            .map(|text| rust::shape(text, erase))
            .collect()
    }

    /// The structure of the pages without texts.
    pub(crate) fn page_shape(&self) -> Vec<Vec<String>> {
        self.pages.iter().map(|text| shape(text)).collect()
    }

    /// How often a text is read in the modules, and in the pages.
    pub(crate) fn mentions(&self, text: &str) -> [usize; 2] {
        let wanted = words(text);
        let count = |texts: Vec<String>| {
            texts
                .iter()
                .map(|read| words(read).matches(&wanted).count())
                .sum()
        };
        let modules = self.modules.iter().flat_map(|module| rust::texts(module));
        let pages = self.pages.iter().map(|page| text_of(page));
        [count(modules.collect()), count(pages.collect())]
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

/// Tags, code spans and breaks of a document; in Rust blocks, the tokens.
fn shape(markdown: &str) -> Vec<String> {
    let mut shape = Vec::new();
    let mut code = None;
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let CodeBlockKind::Fenced(language) = kind else {
                    panic!("an indented block in\n{markdown}")
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
                shape.extend(code.take().map(|code| rust::shape(&code, true)));
                shape.push(format!("end {end:?}"));
            }
            Event::Code(_) => shape.push("code".to_owned()),
            // The header, which has the spec's hash.
            Event::Html(html) => shape.push(format!("html of {} lines", html.lines().count())),
            Event::Start(Tag::Link { .. }) => shape.push("link".to_owned()),
            other => shape.push(format!("{other:?}")),
        }
    }
    shape
}
