//! The workspace around a crate, which has to know it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

/// The manifest of the next workspace above, and the current folder as it has to name it; absent where it
/// does, or where there is none.
pub(super) fn unaware() -> Option<(PathBuf, String)> {
    let here = env::current_dir().ok()?;
    let mut above = here.ancestors().skip(1);
    let (folder, workspace) = above.find_map(workspace_in)?;
    let member = here.strip_prefix(folder).ok()?;
    let member = member.to_string_lossy().replace('\\', "/");
    let is_known = lists(&workspace, "members", &member) || lists(&workspace, "exclude", &member);
    let way_up: PathBuf = member.split('/').map(|_| "..").collect();
    (!is_known).then(|| (way_up.join("Cargo.toml"), member))
}

fn workspace_in(folder: &Path) -> Option<(&Path, Table)> {
    let text = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    let mut manifest: Table = text.parse().ok()?;
    match manifest.remove("workspace")? {
        Value::Table(workspace) => Some((folder, workspace)),
        _ => None,
    }
}

fn lists(workspace: &Table, key: &str, member: &str) -> bool {
    let paths = workspace.get(key).and_then(Value::as_array);
    let mut paths = paths.into_iter().flatten().filter_map(Value::as_str);
    paths.any(|pattern| {
        fits(
            pattern.trim_start_matches("./").trim_end_matches('/'),
            member,
        )
    })
}

/// Whether a path is one that the pattern means. A star stands for anything within one name.
fn fits(pattern: &str, path: &str) -> bool {
    let (patterns, parts) = (pattern.split('/'), path.split('/'));
    let fits_part = |(pattern, part): (&str, &str)| match pattern.split_once('*') {
        Some((begin, end)) => part.starts_with(begin) && part.ends_with(end),
        None => pattern == part,
    };
    patterns.clone().count() == parts.clone().count() && patterns.zip(parts).all(fits_part)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_a_name() {
        assert!(fits("crates/acme", "crates/acme"));
        assert!(fits("crates/*", "crates/acme"));
        assert!(fits("*/acme-*", "crates/acme-sdk"));
        assert!(!fits("crates/*", "crates/acme/sdk"));
        assert!(!fits("crates/b*", "crates/acme"));
        assert!(!fits("crates", "crates/acme"));
    }
}
