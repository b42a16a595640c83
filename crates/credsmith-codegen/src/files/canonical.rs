//! What a file says, whatever a formatter did to it.

use super::{Kind, header};

/// The file's meaning, for comparison: a Rust file parsed and printed, with its header; any other
/// file as it is. Rust that does not parse is taken as it is, too.
pub(super) fn canonical(text: &str, kind: Kind) -> String {
    match kind {
        Kind::Markdown => text.to_owned(),
        Kind::Rust => match syn::parse_file(text) {
            Ok(file) => header::of_rust(text).join("\n") + "\n" + &prettyplease::unparse(&file),
            Err(_) => text.to_owned(),
        },
    }
}

/// A short fingerprint of a text.
pub(super) fn fingerprint(text: &str) -> String {
    format!("{:032x}", xxhash_rust::xxh3::xxh3_128(text.as_bytes()))
}
