//! How a manager is built from credentials and endpoints.

use askama::Template;
use credsmith_spec::facts::{Endpoint as EndpointKind, Field as FieldKind};
use credsmith_spec::model::Grant;

use super::grant;
use crate::error::Error;
use crate::leaf::{Code, Leaf, literal};
use crate::names::Ident;
use crate::targets::rust::{FieldPlan, OAuth2Plan, SchemePlan};

#[derive(Template)]
#[template(path = "rust/oauth2/constructor.rs")]
struct Constructor<'a> {
    credentials: Leaf<&'a Ident>,
    endpoints: Option<Leaf<&'a Ident>>,
    usual_url: Leaf<Code>,
    scheme_literal: Leaf<Code>,
    head: Vec<Leaf<Code>>,
    calls: Vec<Leaf<Code>>,
    values: Vec<Value<'a>>,
    private_key: Option<PrivateKey<'a>>,
    grant: Option<Leaf<Code>>,
    scopes: Option<Scopes<'a>>,
    token_provider: Option<Leaf<&'a Ident>>,
    on_token_update: Option<Leaf<&'a Ident>>,
    user_sign_in: Option<Leaf<&'a Ident>>,
    clock_skew: Option<Leaf<&'a Ident>>,
}

/// A field that is handed to the engine as it is.
struct Value<'a> {
    local: Leaf<Code>,
    field: Leaf<&'a Ident>,
    call: Leaf<Code>,
}

/// The private key: whether it authenticates the client, and whether it signs the grant's assertion.
struct PrivateKey<'a> {
    field: Leaf<&'a Ident>,
    id_field: Leaf<&'a Ident>,
    authenticates: bool,
    asserts: bool,
}

struct Scopes<'a> {
    field: Leaf<&'a Ident>,
    separator: Leaf<Code>,
}

/// Renders the constructor.
pub(super) fn render(
    scheme: &SchemePlan<'_>,
    oauth2: &OAuth2Plan<'_>,
) -> Result<Leaf<Code>, Error> {
    let token_url = oauth2.endpoint(EndpointKind::Token);
    let usual = token_url.map_or_else(String::new, |endpoint| {
        format!("[`{0}`](Self::{0})", endpoint.item())
    });
    let constructor = Constructor {
        credentials: Leaf(&scheme.credentials),
        endpoints: scheme.endpoints_type().map(Leaf),
        usual_url: Code::rendered(usual),
        scheme_literal: literal(scheme.title),
        head: head(scheme, oauth2)
            .into_iter()
            .map(Code::rendered)
            .collect(),
        calls: oauth2.calls(),
        values: values(scheme),
        private_key: private_key(scheme, oauth2),
        grant: grant::render(scheme, oauth2)?,
        scopes: scopes(scheme),
        token_provider: scheme.field_name(FieldKind::TokenProvider),
        on_token_update: scheme.field_name(FieldKind::OnTokenUpdate),
        user_sign_in: scheme.field_name(FieldKind::UserSignIn),
        clock_skew: scheme.field_name(FieldKind::ClockSkew),
    };
    let text = constructor.render()?;
    Ok(Code::block(&text))
}

/// The calls that begin the builder's chain.
fn head(scheme: &SchemePlan<'_>, oauth2: &OAuth2Plan<'_>) -> Vec<String> {
    let mut calls = Vec::new();
    // Grants that hold something of the credentials are set afterwards.
    match oauth2.grant() {
        Grant::AuthorizationCode => calls.push(".grant(Grant::AuthorizationCode)".to_owned()),
        Grant::Implicit => calls.push(".grant(Grant::Implicit)".to_owned()),
        Grant::DeviceCode => calls.push(".grant(Grant::DeviceCode)".to_owned()),
        _ => {}
    }
    if scheme.endpoints_type().is_none() {
        calls.push(".token_url(token_url)".to_owned());
    } else {
        let names = oauth2.endpoints.iter().map(|endpoint| endpoint.kind.key());
        calls.extend(names.map(|name| format!(".{name}(&endpoints.{name})")));
    }
    let authentication = oauth2.authentication();
    calls.push(format!(
        ".client_authentication(ClientAuthentication::{authentication})"
    ));
    if let Some(client_id) = scheme.field_name(FieldKind::ClientId) {
        let secret = scheme.field_name(FieldKind::ClientSecret);
        let secret = secret.map_or("client_secret", |name| name.0.as_str());
        let (client_id, secret) = (literal(client_id.0.as_str()), literal(secret));
        calls.push(format!(".credential_names({client_id}, {secret})"));
    }
    if scheme.required().any(is_named) {
        calls.push(".field_names(Self::FIELD_NAMES)".to_owned());
    }
    calls
}

/// Whether the engine is told the field's name, for its errors.
pub(super) fn is_named(field: &FieldPlan<'_>) -> bool {
    matches!(
        field.kind,
        FieldKind::Username
            | FieldKind::Password
            | FieldKind::Issuer
            | FieldKind::PrivateKey
            | FieldKind::SubjectToken
    )
}

fn values<'a>(scheme: &'a SchemePlan<'a>) -> Vec<Value<'a>> {
    let fields = scheme.fields.iter();
    fields
        .filter_map(|field| {
            let local = field.local();
            let call = match field.kind {
                FieldKind::ClientId | FieldKind::RedirectUri => format!("{local}({local})"),
                FieldKind::ClientSecret | FieldKind::Token => format!("{local}({local}.clone())"),
                _ => return None,
            };
            Some(Value {
                local: Code::rendered(local),
                field: Leaf(&field.name),
                call: Code::rendered(call),
            })
        })
        .collect()
}

fn private_key<'a>(scheme: &'a SchemePlan<'a>, oauth2: &OAuth2Plan<'_>) -> Option<PrivateKey<'a>> {
    Some(PrivateKey {
        field: scheme.field_name(FieldKind::PrivateKey)?,
        id_field: scheme.field_name(FieldKind::PrivateKeyId)?,
        authenticates: oauth2.authenticates_by_key(),
        asserts: oauth2.grant() == Grant::JwtBearer,
    })
}

fn scopes<'a>(scheme: &'a SchemePlan<'a>) -> Option<Scopes<'a>> {
    Some(Scopes {
        field: scheme.field_name(FieldKind::Scopes)?,
        separator: literal(scheme.scopes()?.separator),
    })
}
