//! The two SDK repositories in the surroundings that repositories of other people have.
//!
//! Each test copies a repository out of the project, to a path with spaces, where cargo finds
//! nothing of the project but the crates that the copy names. What is built there is kept in one
//! target directory, so that the engine is compiled once.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod build_script;
mod closure;
mod elsewhere;
mod run;
mod sdk;
mod tree;
