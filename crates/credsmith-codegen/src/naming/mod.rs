//! The naming pass: every name of the output is decided here, once.
//!
//! It takes the checked model and gives [`Names`], or diagnostics: names are identifiers, no
//! keywords, and nothing takes a name that something else has. Templates and plans only copy names.

mod complaints;
mod endpoints;
mod fields;
mod ident;
mod reserved;
pub(crate) mod rules;
mod scheme;
mod scopes;
mod sdk;
mod security;
mod words;

use credsmith_spec::Diagnostic;
use credsmith_spec::model::Spec;

pub(crate) use endpoints::{EndpointKind, EndpointName};
pub(crate) use fields::{Field, FieldKind};
pub(crate) use ident::Ident;
pub(crate) use scheme::SchemeNames;
pub(crate) use scopes::ScopesNames;
pub(crate) use sdk::SdkNames;
pub(crate) use security::GroupNames;

use complaints::Complaints;
use ident::{Named, Shape};
use reserved::Reserved;
use words::Splitter;

/// All names of one spec's output.
#[derive(Debug)]
pub(crate) struct Names {
    /// Names that all schemes share.
    pub(crate) sdk: SdkNames,
    /// Names of each scheme, in the order of the spec.
    pub(crate) schemes: Vec<SchemeNames>,
    /// The client's methods for each security group, in the order of the spec.
    pub(crate) groups: Vec<GroupNames>,
}

/// Decides all names of `spec`.
pub(crate) fn decide(spec: &Spec) -> Result<Names, Vec<Diagnostic>> {
    let mut pass = Pass::default();
    let splitter = Splitter::new(&spec.sdk);
    let sdk = sdk::decide(&spec.sdk, &splitter, &mut pass);
    let schemes: Vec<_> = spec
        .schemes
        .iter()
        .map(|scheme| scheme::decide(scheme, &spec.sdk, &splitter, &mut pass))
        .collect();
    let groups = security::decide(spec, &splitter, &mut pass);
    let names = sdk.and_then(|sdk| {
        let schemes = schemes.into_iter().collect::<Option<_>>()?;
        Some(Names {
            sdk,
            schemes,
            groups: groups?,
        })
    });
    let problems = pass.problems.into_problems();
    names
        .filter(|_| !problems.any_error())
        .ok_or_else(|| problems.into_sorted())
}

/// What the pass gathers on its way.
#[derive(Debug, Default)]
struct Pass {
    problems: Complaints,
    spaces: Spaces,
}

/// The places in which names must differ.
#[derive(Debug, Default)]
struct Spaces {
    types: rules::collision::Namespace,
    modules: rules::collision::Namespace,
    client: rules::collision::Namespace,
    variables: rules::collision::Namespace,
}

impl Pass {
    /// Checks a name, and that it is not `reserved`.
    fn ident(&mut self, name: &Named, shape: Shape, reserved: Reserved) -> Option<Ident> {
        if let Some(diagnostic) = rules::reserved::check(name, reserved.words()) {
            self.problems.about(name, diagnostic);
            return None;
        }
        match Ident::checked(name, shape) {
            Ok(ident) => Some(ident),
            Err(diagnostic) => {
                self.problems.about(name, diagnostic);
                None
            }
        }
    }

    /// A type of the output; `also` are the suffixes of types that come with it.
    fn type_name(&mut self, name: &Named, also: &[&str]) -> Option<Ident> {
        let ident = self.ident(name, Shape::Type, Reserved::Types)?;
        self.spaces.types.take(name, &mut self.problems);
        for suffix in also {
            let other = Named {
                name: format!("{ident}{suffix}"),
                ..name.clone()
            };
            self.spaces.types.take(&other, &mut self.problems);
        }
        Some(ident)
    }

    /// A module of the output.
    fn module(&mut self, name: &Named) -> Option<Ident> {
        let ident = self.ident(name, Shape::Value, Reserved::Modules)?;
        self.spaces.modules.take(name, &mut self.problems);
        Some(ident)
    }

    /// A method or parameter of the client.
    fn client_member(&mut self, name: &Named) -> Option<Ident> {
        let ident = self.ident(name, Shape::Value, Reserved::ClientMembers)?;
        self.spaces.client.take(name, &mut self.problems);
        Some(ident)
    }
}
