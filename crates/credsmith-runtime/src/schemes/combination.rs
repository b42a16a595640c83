//! Which schemes a request needs: the first alternative whose schemes are all configured.

use super::Authorizer;
use crate::error::SendError;

/// One scheme of an alternative.
#[derive(Clone, Copy, Debug)]
pub struct Requirement<'a> {
    /// The scheme with its credentials, if it has any.
    pub authorizer: &'a dyn Authorizer,
    /// What the application sets to configure it, for the error that says so.
    pub parameter: &'static str,
}

/// The schemes to apply, in this order: those that sign come last, since they have to see what the
/// others set. Does no IO.
pub(crate) fn choose<'a>(
    alternatives: &[&[Requirement<'a>]],
) -> Result<Vec<&'a dyn Authorizer>, SendError> {
    let chosen = alternatives.iter().find(|all| {
        all.iter()
            .all(|requirement| requirement.authorizer.is_configured())
    });
    let chosen = chosen.ok_or_else(|| SendError::missing(unmet(alternatives)))?;
    let mut authorizers: Vec<_> = chosen.iter().map(|one| one.authorizer).collect();
    authorizers.sort_by_key(|authorizer| authorizer.signs());
    #[cfg(feature = "tracing")]
    for authorizer in &authorizers {
        crate::trace::event!(trace, scheme = authorizer.scheme(), "scheme chosen");
    }
    Ok(authorizers)
}

/// What would satisfy any of `alternatives`.
fn unmet(alternatives: &[&[Requirement<'_>]]) -> String {
    let ways: Vec<String> = alternatives.iter().map(|all| together(all)).collect();
    if ways.is_empty() {
        return "no credentials for the request, and no scheme that could have any".to_owned();
    }
    format!("no credentials for the request: set {}", ways.join(", or "))
}

fn together(requirements: &[Requirement<'_>]) -> String {
    let parameters = requirements
        .iter()
        .map(|one| format!("`{}`", one.parameter));
    parameters.collect::<Vec<_>>().join(" and ")
}
