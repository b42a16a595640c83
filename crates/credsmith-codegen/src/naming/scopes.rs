//! Names of scopes: the enum and its members.

use std::collections::BTreeMap;

use credsmith_spec::Span;
use credsmith_spec::model::{Scheme, Scope, Scopes};
use heck::{ToShoutySnakeCase as _, ToSnakeCase as _, ToUpperCamelCase as _};

use super::ident::{Ident, Named, Shape};
use super::reserved::Reserved;
use super::words::{Splitter, Words};
use super::{Pass, rules};

/// Names of a scheme's scopes.
#[derive(Debug)]
pub(crate) struct ScopesNames {
    /// The enum.
    pub(crate) enumeration: Ident,
    /// Its module.
    pub(crate) module: Ident,
    /// Its members, in the order of the spec.
    pub(crate) members: Vec<Member>,
}

/// One scope.
#[derive(Debug)]
pub(crate) struct Member {
    /// `DISCOVERYREAD`, as tables show it.
    pub(crate) title: String,
    /// `Discoveryread`
    pub(crate) variant: Ident,
}

pub(super) fn decide(
    scopes: &Scopes,
    scheme: &Scheme,
    words: &Words,
    splitter: &Splitter,
    pass: &mut Pass,
) -> Option<ScopesNames> {
    let named = Named::choose(
        scopes.enum_name.as_ref(),
        || {
            splitter
                .split("OAuthScope")
                .followed_by(words)
                .and("Enum")
                .class()
        },
        scheme.name.span,
        "the scopes' type",
        "scopes.enum",
    );
    let enumeration = pass.type_name(&named, &[]);
    let module = Named::choose(
        scopes.module.as_ref(),
        || splitter.split(&named.name).snake(),
        named.span,
        "the scopes' module",
        "scopes.module",
    );
    let module = pass.module(&module);
    let members = members(&scopes.values, pass);
    Some(ScopesNames {
        enumeration: enumeration?,
        module: module?,
        members: members?,
    })
}

fn members(scopes: &[Scope], pass: &mut Pass) -> Option<Vec<Member>> {
    let mut first: BTreeMap<Ident, &Scope> = BTreeMap::new();
    let mut members: Vec<Option<Member>> = Vec::new();
    for scope in scopes {
        let member = member(scope, pass);
        if let Some(Member { title, variant }) = &member {
            let earlier = *first.entry(variant.clone()).or_insert(scope);
            let (here, there) = (place(scope), place(earlier));
            // Two of one value are a mistake that has been told by now.
            if there != here && earlier.value.value != scope.value.value {
                let clash = rules::scope_collision::clash(title, here, there);
                pass.problems.push(clash);
            }
        }
        members.push(member);
    }
    members.into_iter().collect()
}

fn place(scope: &Scope) -> Span {
    scope.name.as_ref().unwrap_or(&scope.value).span
}

fn member(scope: &Scope, pass: &mut Pass) -> Option<Member> {
    let title = scope
        .name
        .as_ref()
        .map_or_else(|| title(&scope.value), |name| name.value.clone());
    let named = Named {
        name: title.to_snake_case().to_upper_camel_case(),
        what: "the scope",
        setting: "name",
        span: place(scope),
        by_hand: scope.name.is_some(),
    };
    // Other characters would vanish from the member without a word.
    if !title.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        let named = Named {
            name: title,
            ..named
        };
        pass.problems
            .about(&named, rules::shape::misfit_member(&named));
        return None;
    }
    let variant = pass.ident(&named, Shape::Type, Reserved::Scopes)?;
    Some(Member { title, variant })
}

/// `:` vanishes, letters and digits stay, all else separates.
fn title(value: &str) -> String {
    let kept = value.chars().filter(|c| *c != ':');
    let spaced: String = kept
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    spaced.to_uppercase().to_shouty_snake_case()
}

#[cfg(test)]
mod tests {
    use super::title;

    #[test]
    fn members_come_from_wire_values() {
        assert_eq!(title("discovery:read"), "DISCOVERYREAD");
        assert_eq!(title("ts.mec.fullaccess"), "TS_MEC_FULLACCESS");
        assert_eq!(title("ts.application.ro"), "TS_APPLICATION_RO");
        assert_eq!(title("user-read/all_of"), "USER_READ_ALL_OF");
    }
}
