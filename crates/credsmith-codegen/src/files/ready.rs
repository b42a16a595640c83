//! Generated files that may go to disk.

use super::canonical::{Fingerprint, code, plain_line_ends, says, says_tokens};
use super::{File, Kind, workers};
use crate::error::Error;
use crate::targets::rust::verify;

/// A generated file that may go to disk, and what it says.
#[derive(Debug)]
pub(crate) struct Ready {
    /// The file.
    pub(crate) file: File,
    /// Fingerprint of what it says.
    pub(super) says: String,
    /// What the fingerprint is of.
    pub(super) fingerprint: Fingerprint,
}

/// Verifies files. Each is read once, for this and for its fingerprint.
pub(crate) fn ready(files: Vec<File>) -> Result<Vec<Ready>, Error> {
    let fingerprints = workers::map(&files, |file| file.text.len(), verified);
    let ready = |(file, says): (File, Result<String, Error>)| {
        Ok(Ready {
            says: says?,
            fingerprint: Fingerprint::usual(file.kind),
            file,
        })
    };
    files.into_iter().zip(fingerprints).map(ready).collect()
}

/// Takes files unread, for a compiler that reads them next and a folder where nobody edits them.
pub(crate) fn unread(files: Vec<File>) -> Vec<Ready> {
    let fingerprint = Fingerprint::OfText;
    let ready = |file: File| Ready {
        says: says(&file.text, fingerprint),
        file,
        fingerprint,
    };
    files.into_iter().map(ready).collect()
}

/// The fingerprint of a file that may go to disk.
fn verified(file: &File) -> Result<String, Error> {
    match file.kind {
        Kind::Rust => {
            let text = plain_line_ends(&file.text);
            let tokens = verify::check(&file.path, &code(&text))?;
            Ok(says_tokens(&text, tokens))
        }
        Kind::Markdown => Ok(says(&file.text, Fingerprint::OfText)),
    }
}
