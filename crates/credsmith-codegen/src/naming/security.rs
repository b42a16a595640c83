//! Names of the methods that send the requests of a security group.

use credsmith_spec::model::{SecurityGroup, Spec};

use super::Pass;
use super::ident::{Ident, Named};
use super::words::Splitter;

/// The client's method for each group, in the order of the spec: `execute` for the default one.
pub(super) fn decide(spec: &Spec, splitter: &Splitter, pass: &mut Pass) -> Option<Vec<Ident>> {
    let (_, further) = spec.security.split_first()?;
    let mut methods = vec![Some(Ident::execute())];
    methods.extend(further.iter().map(|group| method(group, splitter, pass)));
    methods.into_iter().collect()
}

fn method(group: &SecurityGroup, splitter: &Splitter, pass: &mut Pass) -> Option<Ident> {
    pass.client_member(&Named {
        name: format!("execute_{}", splitter.split(&group.name).snake()),
        what: "the method for a group",
        setting: "security",
        span: group.name.span,
        by_hand: true,
    })
}
