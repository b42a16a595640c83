//! Security groups: what operations need, for the index and for the pages of schemes.

use crate::leaf::{CodeSpan, Leaf};
use crate::names::Ident;
use crate::plan;
use crate::targets::rust::{Plan, SchemePlan};

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
    pub(super) scheme: &'a SchemePlan<'a>,
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
        Leaf(&self.scheme.parameter)
    }

    pub(super) fn credentials(&self) -> Leaf<&'a Ident> {
        Leaf(&self.scheme.credentials)
    }
}

pub(super) fn of_scheme<'a>(plan: &'a Plan<'a>, scheme: usize) -> Security<'a> {
    let groups = plan.groups.iter();
    let uses = groups.filter_map(|group| Some((&group.execute, alternative_with(group, scheme)?)));
    let simplest = uses.min_by_key(|(_, with)| with.len());
    let companions = simplest.as_ref().map(|(_, with)| with.iter());
    let companions = companions.into_iter().flatten();
    let companions = companions.filter(|other| **other != scheme);
    Security {
        companions: companions
            .filter_map(|other| plan.schemes.get(*other))
            .map(link)
            .collect(),
        method: simplest.map(|(method, _)| Leaf(method)),
        has_choice: plan.has_choice(),
    }
}

/// The alternative of a group that needs the fewest schemes besides this one.
fn alternative_with<'a>(group: &plan::Group<'a, Ident>, scheme: usize) -> Option<&'a [usize]> {
    let alternatives = group.alternatives.iter().copied();
    let with = alternatives.filter(|all| all.contains(&scheme));
    with.min_by_key(|all| all.len())
}

/// The groups, if there is a choice.
pub(super) fn groups<'a>(plan: &'a Plan<'a>) -> Vec<Group<'a>> {
    let groups = plan.groups.iter();
    groups
        .filter(|_| plan.has_choice())
        .map(|group| Group {
            name: group.title,
            description: group.description.unwrap_or_default(),
            method_span: CodeSpan::in_table(&group.execute),
            alternatives: group
                .alternatives
                .iter()
                .map(|all| plan.schemes_of(all).map(link).collect())
                .collect(),
        })
        .collect()
}

fn link<'a>(scheme: &'a SchemePlan<'a>) -> Link<'a> {
    Link {
        scheme,
        name: scheme.title,
        page: Leaf(&scheme.module),
    }
}
