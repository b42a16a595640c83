//! Names of the methods of a security group.

use credsmith_spec::model::{SecurityGroup, Spec};

use super::Pass;
use super::ident::{Ident, Named};
use super::words::Splitter;

/// The client's methods for a group.
#[derive(Debug)]
pub(crate) struct GroupNames {
    /// Sends a request: `execute` for the default group.
    pub(crate) execute: Ident,
    /// Returns the group: `security` for the default one.
    pub(crate) security: Ident,
}

/// The client's methods for each group, in the order of the spec.
pub(super) fn decide(spec: &Spec, splitter: &Splitter, pass: &mut Pass) -> Option<Vec<GroupNames>> {
    let (_, further) = spec.security.split_first()?;
    let mut names = vec![Some(GroupNames {
        execute: Ident::execute(),
        security: Ident::security(),
    })];
    names.extend(further.iter().map(|group| {
        let execute = method("execute", group, splitter, pass);
        let security = method("security", group, splitter, pass);
        Some(GroupNames {
            execute: execute?,
            security: security?,
        })
    }));
    names.into_iter().collect()
}

fn method(
    verb: &str,
    group: &SecurityGroup,
    splitter: &Splitter,
    pass: &mut Pass,
) -> Option<Ident> {
    pass.client_member(&Named {
        name: format!("{verb}_{}", splitter.split(&group.name).snake()),
        what: "the method for a group",
        setting: "security",
        span: group.name.span,
        by_hand: true,
    })
}
