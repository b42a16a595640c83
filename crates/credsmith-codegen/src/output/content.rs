//! The text of a file, and the two hashes that it is compared by.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::path::Path;

use super::Kind;

/// The text of a file.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    /// Hash of the text with plain line ends.
    pub(super) text_hash: String,
    /// Hash of the normal form, computed when it is first needed.
    normal_hash: OnceCell<Option<String>>,
}

impl Content {
    pub(crate) fn new(kind: Kind, text: String) -> Self {
        Self {
            text_hash: hash(&plain_line_ends(&text)),
            normal_hash: OnceCell::new(),
            kind,
            text,
        }
    }

    /// The content of the file at `path`.
    pub(super) fn of_file(path: &Path, text: String) -> Self {
        let is_rust = path.extension().is_some_and(|extension| extension == "rs");
        Self::new(if is_rust { Kind::Rust } else { Kind::Markdown }, text)
    }

    /// Whether both mean the same, whatever a formatter or a checkout did to either.
    pub(super) fn means_the_same(&self, other: &Self) -> bool {
        self.text_hash == other.text_hash
            || (self.normal_hash().is_some() && self.normal_hash() == other.normal_hash())
    }

    /// Hash of the normal form. `None` if only the text counts: for Markdown, for Rust that does not
    /// parse, and without the feature `committed`.
    pub(super) fn normal_hash(&self) -> Option<&str> {
        let compute = || match self.kind {
            Kind::Rust => normal_form(&plain_line_ends(&self.text)).map(|form| hash(&form)),
            Kind::Markdown => None,
        };
        self.normal_hash.get_or_init(compute).as_deref()
    }
}

#[cfg(feature = "committed")]
use super::normal_form::normal_form;

#[cfg(not(feature = "committed"))]
fn normal_form(_: &str) -> Option<String> {
    None
}

/// The text with line ends of one kind.
pub(super) fn plain_line_ends(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

fn hash(text: &str) -> String {
    format!("{:032x}", xxhash_rust::xxh3::xxh3_128(text.as_bytes()))
}
