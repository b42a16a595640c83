//! The difference between a file on disk and the generated one, for people.

use std::path::Path;

/// The unified diff from the text on disk to the generated one.
#[cfg(feature = "committed")]
pub(super) fn diff(path: &Path, present: &str, wanted: &str) -> String {
    use super::content::plain_line_ends;

    let name = path.display().to_string();
    let (present, wanted) = (plain_line_ends(present), plain_line_ends(wanted));
    similar::TextDiff::from_lines(&*present, &*wanted)
        .unified_diff()
        .context_radius(3)
        .header(&name, &format!("{name} (generated)"))
        .to_string()
}

#[cfg(not(feature = "committed"))]
pub(super) fn diff(_: &Path, _: &str, _: &str) -> String {
    String::new()
}
