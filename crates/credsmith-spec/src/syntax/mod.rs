//! First stage: YAML text to a tree in which every value knows its place.

mod mishap;
mod tree;
mod yaml;

pub(crate) use tree::{Entry, Node, Value};
pub(crate) use yaml::read;
