//! The plan: what a spec means for code and pages, whatever the language.
//!
//! It is the checked model in the shape that targets need: each scheme with its fields, endpoints, scopes and
//! settings, each group with its alternatives. It knows no language: where something has a name, the plan says in
//! [`Nameable`] which role the name has and which words it is made of. The naming pass ([`crate::names`]) makes
//! [`Ident`](crate::names::Ident)s of these, in the style of one target: from `Plan<Nameable>` to `Plan<Ident>`.

mod build;
mod map;
mod nameable;
mod oauth2;
mod print;
mod scheme;
mod words;

use credsmith_spec::model;

pub(crate) use build::build;
pub(crate) use nameable::{Nameable, Role, Spelling};
pub(crate) use oauth2::{Endpoint, OAuth2, Scope, Scopes, Urls};
pub(crate) use print::{print, print_names};
pub(crate) use scheme::{Field, Kind, Scheme};
pub(crate) use words::Words;

/// What a spec means.
#[derive(Debug)]
pub(crate) struct Plan<'s, N> {
    /// The checked spec.
    pub(crate) spec: &'s model::Spec,
    /// What all schemes share.
    pub(crate) sdk: Sdk<'s, N>,
    /// Its schemes, in the order of the spec.
    pub(crate) schemes: Vec<Scheme<'s, N>>,
    /// Its security groups; `default` is the first.
    pub(crate) groups: Vec<Group<'s, N>>,
}

/// What all schemes share.
#[derive(Debug)]
pub(crate) struct Sdk<'s, N> {
    /// The name of the API or the company.
    pub(crate) name: &'s str,
    /// What the API is.
    pub(crate) description: Option<&'s str>,
    /// The client's type.
    pub(crate) client: N,
    /// The type of its configuration.
    pub(crate) config: N,
    /// The token's type.
    pub(crate) token: N,
    /// The type of errors of the token endpoint.
    pub(crate) token_error: N,
    /// The type of the environments.
    pub(crate) environment: N,
    /// The environments, the default one first; there may be none.
    pub(crate) environments: Vec<Environment<'s, N>>,
    /// The words of its name, which packages are named after.
    pub(crate) words: Words,
}

/// An environment of the API.
#[derive(Debug)]
pub(crate) struct Environment<'s, N> {
    /// Its name in the spec.
    pub(crate) title: &'s str,
    /// What it is for.
    pub(crate) description: Option<&'s str>,
    /// Its name in code.
    pub(crate) name: N,
}

/// What the operations of one group need.
#[derive(Debug)]
pub(crate) struct Group<'s, N> {
    /// Its name in the spec.
    pub(crate) title: &'s str,
    /// What its operations have in common.
    pub(crate) description: Option<&'s str>,
    /// The client's method that sends a request.
    pub(crate) execute: N,
    /// The client's method that returns what requests need.
    pub(crate) security: N,
    /// Either of these, the preferred one first: positions of schemes that are needed together.
    pub(crate) alternatives: Vec<&'s [usize]>,
}

impl<'s, N> Plan<'s, N> {
    /// The schemes at these positions.
    pub(crate) fn schemes_of<'p>(
        &'p self,
        positions: &'p [usize],
    ) -> impl Iterator<Item = &'p Scheme<'s, N>> {
        positions
            .iter()
            .filter_map(|position| self.schemes.get(*position))
    }

    /// The schemes of OAuth 2.0.
    pub(crate) fn oauth2s(&self) -> impl Iterator<Item = &OAuth2<'s, N>> {
        self.schemes.iter().filter_map(Scheme::oauth2)
    }

    /// Whether any scheme has tokens that a manager fetches.
    pub(crate) fn has_tokens(&self) -> bool {
        self.oauth2s().next().is_some()
    }

    /// Whether there is a choice among schemes or groups.
    pub(crate) fn has_choice(&self) -> bool {
        self.schemes.len() > 1 || self.groups.len() > 1
    }
}
