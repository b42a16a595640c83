//! What the templates of a scheme share: its names as leaves, its choices as code.

mod endpoints;
mod fields;
mod oauth2;
mod title;

use credsmith_spec::model::{ApiKey, Basic, SchemeKind, Spec};

pub(crate) use endpoints::{EndpointPlan, EndpointUrls};
pub(crate) use fields::{FieldPlan, Form};
pub(crate) use oauth2::{OAuth2Plan, grouped};

use crate::leaf::{CodeSpan, DocText, Leaf};
use crate::naming::{FieldKind, Ident, Names, SchemeNames};

/// A scheme with all that templates need of it.
pub(crate) struct SchemePlan<'a> {
    /// The scheme's name, as text.
    pub(crate) name: &'a str,
    /// Its description.
    pub(crate) description: Option<&'a str>,
    /// Its names.
    pub(crate) names: &'a SchemeNames,
    /// The fields of its credentials, in the order of the documentation.
    pub(crate) fields: Vec<FieldPlan<'a>>,
    /// What it does.
    pub(crate) kind: KindPlan<'a>,
}

/// What a scheme does.
pub(crate) enum KindPlan<'a> {
    OAuth2(OAuth2Plan<'a>),
    Basic(&'a Basic),
    Bearer,
    ApiKey(&'a ApiKey),
    Custom,
}

/// The plans of all schemes.
pub(crate) fn schemes<'a>(spec: &'a Spec, names: &'a Names) -> Vec<SchemePlan<'a>> {
    let pairs = spec.schemes.iter().zip(&names.schemes);
    pairs
        .map(|(scheme, of_scheme)| SchemePlan {
            name: &scheme.name,
            description: scheme.description.as_deref(),
            names: of_scheme,
            fields: fields::plans(&scheme.kind, of_scheme, &names.sdk),
            kind: match &scheme.kind {
                SchemeKind::OAuth2(oauth2) => KindPlan::OAuth2(OAuth2Plan::new(oauth2, of_scheme)),
                SchemeKind::Basic(basic) => KindPlan::Basic(basic),
                SchemeKind::Bearer => KindPlan::Bearer,
                SchemeKind::ApiKey(api_key) => KindPlan::ApiKey(api_key),
                SchemeKind::Custom(_) => KindPlan::Custom,
            },
        })
        .collect()
}

/// Whether some OAuth 2.0 scheme is as `test` says.
pub(crate) fn any_oauth2<'a>(
    plans: &[SchemePlan<'a>],
    test: impl Fn(&OAuth2Plan<'a>) -> bool,
) -> bool {
    plans.iter().filter_map(SchemePlan::oauth2).any(test)
}

impl<'a> SchemePlan<'a> {
    /// What it does as an OAuth 2.0 scheme, if it is one.
    pub(crate) fn oauth2(&self) -> Option<&OAuth2Plan<'a>> {
        match &self.kind {
            KindPlan::OAuth2(oauth2) => Some(oauth2),
            _ => None,
        }
    }

    /// The field that holds what `kind` says, if the scheme has it.
    pub(crate) fn field(&self, kind: FieldKind) -> Option<&FieldPlan<'a>> {
        self.fields.iter().find(|field| field.kind == kind)
    }

    /// The name of that field.
    pub(crate) fn field_name(&self, kind: FieldKind) -> Option<Leaf<&'a Ident>> {
        self.field(kind).map(|field| Leaf(field.name))
    }

    /// The fields without which credentials are of no use.
    pub(crate) fn required(&self) -> impl Iterator<Item = &FieldPlan<'a>> {
        self.fields.iter().filter(|field| field.required)
    }

    /// Whether credentials have a constructor that takes the required fields: not where their order
    /// would be hard to tell.
    pub(crate) fn has_constructor(&self) -> bool {
        /// More values than these are told apart by the builder's names alone.
        const MOST: usize = 4;
        self.required().count() <= MOST
    }

    /// The scheme's name as code, for comments.
    pub(crate) fn span(&self) -> Leaf<CodeSpan> {
        CodeSpan::new(self.name)
    }

    /// The scheme's description as a doc comment.
    pub(crate) fn doc(&self) -> Option<Leaf<DocText>> {
        self.description.map(|text| DocText::new(text, ""))
    }
}
