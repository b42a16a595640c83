//! What operations need: groups of alternatives.

use std::collections::{BTreeMap, BTreeSet};

use super::prose;
use crate::diagnostic::Problems;
use crate::located::Located;
use crate::model::{Place, Scheme, SchemeKind, SecurityGroup};
use crate::raw::{Entries, Line, List, RawGroup, RawScheme};
use crate::rules::{
    header_clash, missing_key, nothing, scheme_twice, text, unknown_scheme, unused_scheme,
    vain_alternative,
};
use crate::source::Span;
use crate::suggest::closest;

/// The group that the others are exceptions to.
const DEFAULT: &str = "default";

/// Without `security`, each scheme alone is enough; `at` is the place of `schemes`.
pub(super) fn each_alone(schemes: &[Scheme], at: Span) -> SecurityGroup {
    SecurityGroup {
        name: Located::new(DEFAULT.to_owned(), at),
        description: None,
        alternatives: (0..schemes.len()).map(|index| vec![index]).collect(),
    }
}

pub(super) fn check(
    groups: &Entries<RawGroup>,
    declared: &Entries<RawScheme>,
    schemes: &[Scheme],
    problems: &mut Problems,
) -> Vec<SecurityGroup> {
    let mut known = Known::new(declared, schemes);
    let mut checked: Vec<_> = groups
        .items
        .iter()
        .filter_map(|(name, group)| check_group(name, group, &mut known, problems))
        .collect();
    match checked.iter().position(|group| group.name.value == DEFAULT) {
        Some(default) => checked[..=default].rotate_right(1),
        None => problems.push(missing_key::missing(DEFAULT, groups.at)),
    }
    if !known.in_doubt && !groups.doubled {
        let unused = known.unused();
        problems.extend(unused.map(|name| unused_scheme::unused(name, groups.at)));
    }
    checked
}

/// The schemes that alternatives can name.
struct Known<'a> {
    declared: Vec<&'a Located<String>>,
    /// By name, those that are declared; with the index of those that are in the model.
    indices: BTreeMap<&'a str, Option<usize>>,
    schemes: &'a [Scheme],
    used: BTreeSet<String>,
    /// Whether a place cannot be read, or names nothing like a scheme: any of them may be meant there.
    in_doubt: bool,
}

impl<'a> Known<'a> {
    fn new(declared: &'a Entries<RawScheme>, schemes: &'a [Scheme]) -> Self {
        let declared = declared.names();
        let model: BTreeMap<Span, usize> = schemes
            .iter()
            .enumerate()
            .map(|(index, scheme)| (scheme.name.span, index))
            .collect();
        Self {
            indices: declared
                .iter()
                .map(|name| (name.as_str(), model.get(&name.span).copied()))
                .collect(),
            declared,
            schemes,
            used: BTreeSet::new(),
            in_doubt: false,
        }
    }

    /// Whether there is such a scheme; a misspelt one is used as well.
    fn knows(&mut self, name: &Located<String>, problems: &mut Problems) -> bool {
        if self.indices.contains_key(name.as_str()) {
            self.used.insert(name.value.clone());
            return true;
        }
        problems.push(unknown_scheme::unknown(name, &self.declared));
        let meant = closest(name, self.indices.keys().copied());
        self.in_doubt |= meant.is_none();
        self.used.extend(meant.map(str::to_owned));
        false
    }

    fn unused(&self) -> impl Iterator<Item = &Located<String>> {
        let declared = self.declared.iter().copied();
        declared.filter(|name| !self.used.contains(name.as_str()))
    }
}

fn check_group(
    name: &Located<String>,
    group: &RawGroup,
    known: &mut Known<'_>,
    problems: &mut Problems,
) -> Option<SecurityGroup> {
    let description = prose(group.0.description.as_ref(), problems);
    let any = group.0.any.0.as_ref();
    if any.is_some_and(List::is_empty) {
        problems.push(nothing::no_alternative(name.span));
    }
    known.in_doubt |= !any.is_some_and(|any| any.whole);
    let any = any.map_or(&[][..], |any| &any.items);
    let mut alternatives = Vec::new();
    let mut whole = Vec::new();
    for alternative in any {
        if let Some(schemes) = check_alternative(&alternative.0, known, problems) {
            whole.push((schemes.iter().copied().collect(), alternative.0.at));
            alternatives.push(schemes);
        }
    }
    vain_alternative::check(&whole, problems);
    Some(SecurityGroup {
        name: text::line(name, problems)?,
        description,
        alternatives,
    })
}

/// The schemes of an alternative, unless any of them is wrong.
fn check_alternative(
    names: &List<Line>,
    known: &mut Known<'_>,
    problems: &mut Problems,
) -> Option<Vec<usize>> {
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    let mut schemes = Vec::new();
    known.in_doubt |= !names.whole;
    for name in &names.items {
        if !known.knows(name, problems) {
            schemes.push(None);
        } else if let Some(earlier) = first.insert(name, name.span) {
            problems.push(scheme_twice::twice(name, earlier));
            schemes.push(None);
        } else {
            let index = known.indices.get(name.as_str()).copied().flatten();
            schemes.push(index.map(|index| (&**name, index)));
        }
    }
    check_clashes(schemes.iter().flatten(), known.schemes, problems);
    let indices = schemes.into_iter().map(|scheme| Some(scheme?.1));
    indices.collect::<Option<_>>().filter(|_| names.whole)
}

/// Schemes that are needed together do not set the same.
fn check_clashes<'a>(
    together: impl Iterator<Item = &'a (&'a Located<String>, usize)>,
    schemes: &[Scheme],
    problems: &mut Problems,
) {
    let mut set: BTreeMap<_, &Located<String>> = BTreeMap::new();
    for (name, index) in together {
        for (slot, what) in sets(&schemes[*index]) {
            if let Some(other) = set.get(&slot) {
                problems.push(header_clash::clash(name, other, (slot.0, what)));
            } else {
                set.insert(slot, name);
            }
        }
    }
}

/// What a scheme sets in a request, and how it is written.
fn sets(scheme: &Scheme) -> Vec<((Place, String), &str)> {
    match &scheme.kind {
        SchemeKind::OAuth2(_) | SchemeKind::Basic(_) | SchemeKind::Bearer => {
            let slot = (Place::Header, "authorization".to_owned());
            vec![(slot, "Authorization")]
        }
        SchemeKind::ApiKey(keys) => {
            let keys = keys.keys.iter();
            keys.map(|key| (key.slot(), key.wire_name.as_str()))
                .collect()
        }
        SchemeKind::Custom(_) => Vec::new(),
    }
}
