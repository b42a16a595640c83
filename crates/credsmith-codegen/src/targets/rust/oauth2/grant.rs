//! The grants that hold something of the credentials.

use askama::Template;
use credsmith_spec::facts::Field as FieldKind;
use credsmith_spec::model::Grant;

use crate::error::Error;
use crate::leaf::{Code, Leaf, literal};
use crate::names::Ident;
use crate::targets::rust::{OAuth2Plan, SchemePlan, grouped};

#[derive(Template)]
#[template(path = "rust/oauth2/grant/password.rs")]
struct Password<'a> {
    username: Leaf<&'a Ident>,
    password: Leaf<&'a Ident>,
}

#[derive(Template)]
#[template(path = "rust/oauth2/grant/jwt_bearer.rs")]
struct JwtBearer<'a> {
    issuer: Leaf<&'a Ident>,
    subject: Leaf<&'a Ident>,
    lifetime: Leaf<Code>,
    audience: Option<Leaf<Code>>,
    scope_claim: bool,
}

#[derive(Template)]
#[template(path = "rust/oauth2/grant/token_exchange.rs")]
struct TokenExchange<'a> {
    subject_token: Leaf<&'a Ident>,
    subject_token_type: Leaf<Code>,
    requested_token_type: Option<Leaf<Code>>,
}

/// Renders what builds the grant, if it holds something of the credentials.
pub(super) fn render(
    scheme: &SchemePlan<'_>,
    oauth2: &OAuth2Plan<'_>,
) -> Result<Option<Leaf<Code>>, Error> {
    let text = match oauth2.grant() {
        Grant::Password => password(scheme).map(|grant| grant.render()),
        Grant::JwtBearer => jwt_bearer(scheme, oauth2).map(|grant| grant.render()),
        Grant::TokenExchange => token_exchange(scheme, oauth2).map(|grant| grant.render()),
        Grant::ClientCredentials
        | Grant::AuthorizationCode
        | Grant::Implicit
        | Grant::DeviceCode => None,
    };
    let text = text.transpose()?;
    Ok(text.map(|text| Code::block(&text)))
}

fn password<'a>(scheme: &'a SchemePlan<'a>) -> Option<Password<'a>> {
    Some(Password {
        username: scheme.field_name(FieldKind::Username)?,
        password: scheme.field_name(FieldKind::Password)?,
    })
}

fn jwt_bearer<'a>(scheme: &'a SchemePlan<'a>, oauth2: &OAuth2Plan<'_>) -> Option<JwtBearer<'a>> {
    let assertion = oauth2.model.assertion.as_ref()?;
    Some(JwtBearer {
        issuer: scheme.field_name(FieldKind::Issuer)?,
        subject: scheme.field_name(FieldKind::Subject)?,
        lifetime: Code::rendered(grouped(assertion.lifetime)),
        audience: assertion.audience.as_deref().map(literal),
        scope_claim: assertion.scope_claim,
    })
}

fn token_exchange<'a>(
    scheme: &'a SchemePlan<'a>,
    oauth2: &OAuth2Plan<'_>,
) -> Option<TokenExchange<'a>> {
    let exchange = oauth2.model.exchange.as_ref()?;
    Some(TokenExchange {
        subject_token: scheme.field_name(FieldKind::SubjectToken)?,
        subject_token_type: literal(&exchange.subject_token_type),
        requested_token_type: exchange.requested_token_type.as_deref().map(literal),
    })
}
