//! Rules on names: `CS04`. They need to know what a name becomes, so they live with the names.

pub(crate) mod collision;
pub(crate) mod keyword;
pub(crate) mod module_path;
pub(crate) mod reserved;
pub(crate) mod scope_collision;
pub(crate) mod shape;

use credsmith_spec::Rule;

/// The rules on names, by code.
pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![
        &shape::RULE,
        &keyword::RULE,
        &collision::RULE,
        &reserved::RULE,
        &scope_collision::RULE,
        &module_path::RULE,
    ]
}
