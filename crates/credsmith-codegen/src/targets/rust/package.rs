//! The crate or module that examples import from.

use credsmith_spec::Diagnostic;

use super::style::is_keyword;
use crate::names::{Case, rules};
use crate::plan;

/// `verizon` or `acme_sdk::auth`, checked so that nothing else can be in an example's `use`.
pub(crate) fn path<N>(plan: &plan::Plan<'_, N>) -> Result<String, Diagnostic> {
    let sdk = &plan.spec.sdk;
    let (path, span) = match &sdk.rust.crate_name {
        Some(path) => (path.value.clone(), path.span),
        None => (plan.sdk.words.snake(), sdk.name.span),
    };
    let mut parts = path.split("::");
    if parts.all(|part| rules::shape::fits(part, Case::Snake) && !is_keyword(part)) {
        Ok(path)
    } else {
        Err(rules::module_path::misfit(&path, span))
    }
}
