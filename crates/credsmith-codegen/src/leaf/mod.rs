//! What may stand in a template: typed leaves, each with its own way to be written.
//!
//! A template's fields are [`Leaf`]s. In Rust templates, anything else is refused when it is
//! rendered (see [`Refuse`]); in Markdown templates, anything else is escaped as text. So text from
//! a spec reaches Rust as a checked identifier, a literal or a comment, and Markdown as text.

mod code;
mod doc;
mod escape;
mod markdown;

pub(crate) use askama::filters::Safe as Leaf;
pub(crate) use code::{Code, literal};
pub(crate) use doc::{DocText, looks_like_code};
pub(crate) use escape::{MarkdownText, Refuse};
pub(crate) use markdown::{CodeSpan, Markdown};
