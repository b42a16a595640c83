//! The target languages. Each folder is built alike: `style.rs` says how the language writes names, `mod.rs` renders
//! the files, and the templates are in the folder of the same name below `templates`.

pub(crate) mod rust;
#[cfg(test)]
pub(crate) mod toy;
