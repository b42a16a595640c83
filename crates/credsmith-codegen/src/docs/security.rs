//! Security groups: what operations need, for the index and for the pages of schemes.

use credsmith_spec::model::{SecurityGroup, Spec};

use crate::leaf::{CodeSpan, Leaf};
use crate::naming::{Ident, Names};
use crate::rust::SchemePlan;

/// How requests are sent with one scheme.
pub(super) struct Security<'a> {
    /// The client's method for the group that takes the scheme with the fewest others, the first of
    /// several; nothing where none does.
    pub(super) method: Option<Leaf<&'a Ident>>,
    /// The other schemes that the group takes with it. Without their credentials no group takes the
    /// scheme.
    pub(super) companions: Vec<Link<'a>>,
    /// Whether there is a choice, so that the index explains it.
    pub(super) has_choice: bool,
}

/// A scheme and its page.
pub(super) struct Link<'a> {
    pub(super) plan: &'a SchemePlan<'a>,
    pub(super) name: &'a str,
    pub(super) page: Leaf<&'a Ident>,
}

/// A group, as the index shows it.
pub(super) struct Group<'a> {
    pub(super) name: &'a str,
    pub(super) description: &'a str,
    pub(super) method_span: Leaf<CodeSpan>,
    pub(super) alternatives: Vec<Vec<Link<'a>>>,
}

impl<'a> Link<'a> {
    pub(super) fn parameter(&self) -> Leaf<&'a Ident> {
        Leaf(&self.plan.names.parameter)
    }

    pub(super) fn credentials(&self) -> Leaf<&'a Ident> {
        Leaf(&self.plan.names.credentials)
    }
}

pub(super) fn of_scheme<'a>(
    spec: &Spec,
    names: &'a Names,
    plans: &'a [SchemePlan<'a>],
    scheme: usize,
) -> Security<'a> {
    let groups = spec.security.iter().zip(&names.groups);
    let uses = groups.filter_map(|(group, names)| {
        let with = alternative_with(group, scheme)?;
        Some((&names.execute, with))
    });
    let simplest = uses.min_by_key(|(_, with)| with.len());
    let companions = simplest.as_ref().map(|(_, with)| with.iter());
    let companions = companions.into_iter().flatten();
    let companions = companions.filter(|other| **other != scheme);
    Security {
        companions: companions.map(|other| link(&plans[*other])).collect(),
        method: simplest.map(|(method, _)| Leaf(method)),
        has_choice: has_choice(spec),
    }
}

/// The alternative of a group that needs the fewest schemes besides this one.
fn alternative_with(group: &SecurityGroup, scheme: usize) -> Option<&[usize]> {
    let alternatives = group.alternatives.iter();
    let with = alternatives.filter(|all| all.contains(&scheme));
    with.min_by_key(|all| all.len()).map(Vec::as_slice)
}

/// Whether there is something to say on groups: there are several, or several schemes.
fn has_choice(spec: &Spec) -> bool {
    spec.schemes.len() > 1 || spec.security.len() > 1
}

/// The groups, where there is something to say on them.
pub(super) fn groups<'a>(
    spec: &'a Spec,
    names: &'a Names,
    plans: &'a [SchemePlan<'a>],
) -> Vec<Group<'a>> {
    let groups = spec.security.iter().zip(&names.groups);
    groups
        .filter(|_| has_choice(spec))
        .map(|(group, names)| Group {
            name: &group.name,
            description: group.description.as_deref().unwrap_or_default(),
            method_span: CodeSpan::in_table(&names.execute),
            alternatives: group
                .alternatives
                .iter()
                .map(|all| all.iter().map(|scheme| link(&plans[*scheme])).collect())
                .collect(),
        })
        .collect()
}

fn link<'a>(plan: &'a SchemePlan<'a>) -> Link<'a> {
    Link {
        plan,
        name: plan.name,
        page: Leaf(&plan.names.module),
    }
}
