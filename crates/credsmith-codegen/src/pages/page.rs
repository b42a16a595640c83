//! What the sections of a page share: one scheme, as its examples name things.

use credsmith_spec::facts::Field as FieldKind;
use credsmith_spec::model::ClientSource;

use super::construct::{self, Companion};
use super::fields::{self, Row, Setting, Variable};
use super::imports;
use super::security::{Link, Security};
use crate::leaf::{Code, CodeSpan, Leaf};
use crate::names::Ident;
use crate::targets::rust::{Plan, SchemePlan};

/// One scheme, as its examples name things.
pub(super) struct Page<'a> {
    pub(super) scheme: &'a SchemePlan<'a>,
    pub(super) plan: &'a Plan<'a>,
    /// The methods that send requests with this scheme, and what goes with it.
    pub(super) security: Security<'a>,
    /// Whether there is a client, or the SDK has its own.
    pub(super) client_generated: bool,
    pub(super) blocking: bool,
    /// The lines that build the client, or the manager, from `credentials`; the companions' are
    /// written out.
    pub(super) construct_first: Leaf<Code>,
    /// The same, with those of companions from the environment.
    pub(super) construct: Leaf<Code>,
    /// The same inside a function.
    pub(super) construct_indented: Leaf<Code>,
    /// The same without companions, for what sends no request.
    pub(super) construct_alone: Leaf<Code>,
    /// The expression for the manager then.
    pub(super) manager: Leaf<Code>,
}

impl<'a> Page<'a> {
    pub(super) fn new(
        plan: &'a Plan<'a>,
        scheme: &'a SchemePlan<'a>,
        security: Security<'a>,
    ) -> Self {
        let client_generated = plan.spec.sdk.rust.client == ClientSource::Generated;
        let built = |companion: Option<Companion>| {
            if client_generated {
                let companions = companion.map_or(String::new(), |companion| {
                    let links = security.companions.iter();
                    links.map(|link| companion(link.scheme)).collect()
                });
                construct::client(plan, scheme, &companions)
            } else {
                construct::manager(plan, scheme)
            }
        };
        let construct_first = built(Some(construct::companion_written_out));
        let construct_alone = built(None);
        let construct = built(Some(construct::companion_from_env));
        let manager = if client_generated {
            format!("client.{}()", scheme.accessor)
        } else {
            "manager".to_owned()
        };
        Self {
            scheme,
            plan,
            security,
            client_generated,
            blocking: plan.spec.sdk.rust.blocking && client_generated,
            construct_first: Code::rendered(construct_first),
            construct_alone: Code::rendered(construct_alone),
            construct_indented: Code::rendered(construct.replace('\n', "\n    ")),
            construct: Code::rendered(construct),
            manager: Code::rendered(manager),
        }
    }

    pub(super) fn crate_path(&self) -> Leaf<Code> {
        Code::rendered(super::crate_path(self.plan))
    }

    pub(super) fn module(&self) -> Leaf<&'a Ident> {
        Leaf(&self.scheme.module)
    }

    /// The schemes whose credentials examples set beside this one's. An SDK with a client of its own
    /// says itself how.
    pub(super) fn companions(&self) -> &[Link<'a>] {
        if self.client_generated {
            &self.security.companions
        } else {
            &[]
        }
    }

    pub(super) fn client(&self) -> Leaf<&'a Ident> {
        Leaf(&self.plan.sdk.client)
    }

    pub(super) fn token(&self) -> Leaf<&'a Ident> {
        Leaf(&self.plan.sdk.token)
    }

    pub(super) fn provider_error_span(&self) -> Leaf<CodeSpan> {
        CodeSpan::new(&self.plan.sdk.token_error)
    }

    pub(super) fn credentials(&self) -> Leaf<&'a Ident> {
        Leaf(&self.scheme.credentials)
    }

    pub(super) fn credentials_span(&self) -> Leaf<CodeSpan> {
        CodeSpan::new(&self.scheme.credentials)
    }

    pub(super) fn parameter(&self) -> Leaf<&'a Ident> {
        Leaf(&self.scheme.parameter)
    }

    pub(super) fn parameter_span(&self) -> Leaf<CodeSpan> {
        CodeSpan::new(&self.scheme.parameter)
    }

    /// The rows of the table of credentials.
    pub(super) fn rows(&self) -> Vec<Row<'a>> {
        fields::rows(self.scheme, self.plan)
    }

    pub(super) fn variables(&self) -> Vec<Variable> {
        fields::variables(self.scheme)
    }

    /// What an example sets.
    pub(super) fn settings(&self) -> Vec<Setting<'a>> {
        fields::settings(self.scheme)
    }

    /// The field of a stored token.
    pub(super) fn token_field(&self) -> Option<Leaf<&'a Ident>> {
        self.scheme.field_name(FieldKind::Token)
    }

    pub(super) fn on_token_update(&self) -> Option<Leaf<&'a Ident>> {
        self.scheme.field_name(FieldKind::OnTokenUpdate)
    }

    pub(super) fn token_provider(&self) -> Option<Leaf<&'a Ident>> {
        self.scheme.field_name(FieldKind::TokenProvider)
    }

    pub(super) fn user_sign_in(&self) -> Option<Leaf<&'a Ident>> {
        self.scheme.field_name(FieldKind::UserSignIn)
    }

    pub(super) fn clock_skew(&self) -> Option<Leaf<&'a Ident>> {
        self.scheme.field_name(FieldKind::ClockSkew)
    }

    /// The imports of an example that builds the client, or the manager, from credentials.
    pub(super) fn use_client(&self) -> Leaf<Code> {
        imports(self.plan, self.entry())
    }

    /// The same, with the scopes.
    pub(super) fn use_scopes(&self) -> Leaf<Code> {
        let scopes = self.scheme.scopes().into_iter();
        let scopes = scopes.map(|scopes| scopes.name.as_str());
        imports(self.plan, self.entry().into_iter().chain(scopes).collect())
    }

    /// The same, with the token.
    pub(super) fn use_token(&self) -> Leaf<Code> {
        let mut types = self.entry();
        types.push(self.plan.sdk.token.as_str());
        imports(self.plan, types)
    }

    /// The same, with the scopes and the token.
    pub(super) fn use_complete(&self) -> Leaf<Code> {
        let mut types = self.entry();
        types.push(self.plan.sdk.token.as_str());
        let scopes = self.scheme.scopes().into_iter();
        types.extend(scopes.map(|scopes| scopes.name.as_str()));
        imports(self.plan, types)
    }

    /// The imports of an example without companions.
    pub(super) fn use_client_alone(&self) -> Leaf<Code> {
        imports(self.plan, self.entry_alone())
    }

    /// The same, with the token.
    pub(super) fn use_token_alone(&self) -> Leaf<Code> {
        let mut types = self.entry_alone();
        types.push(self.plan.sdk.token.as_str());
        imports(self.plan, types)
    }

    pub(super) fn use_token_only(&self) -> Leaf<Code> {
        imports(self.plan, vec![self.plan.sdk.token.as_str()])
    }

    /// The import of an example that branches on what went wrong.
    pub(super) fn use_error_kind(&self) -> Leaf<Code> {
        imports(self.plan, vec!["TokenErrorKind"])
    }

    fn entry(&self) -> Vec<&'a str> {
        let companions = self.companions().iter();
        let companions = companions.map(|link| link.scheme.credentials.as_str());
        self.entry_alone().into_iter().chain(companions).collect()
    }

    fn entry_alone(&self) -> Vec<&'a str> {
        let built = if self.client_generated {
            &self.plan.sdk.client
        } else {
            &self.scheme.manager
        };
        vec![self.scheme.credentials.as_str(), built.as_str()]
    }
}
