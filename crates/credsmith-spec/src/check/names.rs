//! Names that the author sets.

use super::line;
use crate::diagnostic::Problems;
use crate::model::Overrides;
use crate::raw::Names;

/// The names that can be read, by the paths of their keys.
pub(super) fn check(raw: Option<&impl Names>, prefix: &str, problems: &mut Problems) -> Overrides {
    let mut names = Vec::new();
    if let Some(raw) = raw {
        raw.collect(prefix, &mut names);
    }
    let names = names.into_iter();
    names
        .filter_map(|(path, name)| Some((path, line(Some(name), problems)?)))
        .collect()
}
