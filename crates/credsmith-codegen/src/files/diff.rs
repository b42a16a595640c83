//! What differs between a file on disk and what is generated, for people.

use std::path::Path;

use super::Ready;

/// The unified diff from the text on disk to what is generated, which is never empty where these say
/// different things.
#[cfg(feature = "diff")]
pub(super) fn diff(path: &Path, present: &str, wanted: &Ready) -> String {
    let present = super::canonical::plain_line_ends(present);
    match in_its_layout(&present, wanted) {
        Some(relaid) => {
            let note = "generated; what is the same stays in the layout of the file";
            unified(path, &present, &relaid, note)
        }
        None => unified(path, &present, &wanted.file.text, "generated"),
    }
}

#[cfg(not(feature = "diff"))]
pub(super) fn diff(_: &Path, _: &str, _: &Ready) -> String {
    String::new()
}

/// What is generated, as far as possible in the layout of the text on disk, if that has one of its own.
#[cfg(feature = "diff")]
fn in_its_layout(present: &str, wanted: &Ready) -> Option<String> {
    use super::canonical::{Fingerprint, says};

    let by_tokens = wanted.fingerprint == Fingerprint::OfTokens;
    let relaid = super::relaid::relaid(present, &wanted.file.text).filter(|_| by_tokens);
    // What is shown has to be true: with the diff applied, the file says what is generated.
    relaid.filter(|relaid| says(relaid, Fingerprint::OfTokens) == wanted.says)
}

#[cfg(feature = "diff")]
fn unified(path: &Path, present: &str, wanted: &str, note: &str) -> String {
    let name = path.display().to_string();
    let diff = similar::TextDiff::from_lines(present, wanted);
    diff.unified_diff()
        .context_radius(3)
        .header(&name, &format!("{name} ({note})"))
        .to_string()
}
