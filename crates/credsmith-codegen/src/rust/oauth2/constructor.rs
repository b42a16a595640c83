//! How a manager is built from credentials and endpoints.

use askama::Template;
use credsmith_spec::model::{ClientAuthentication, Grant};

use super::grant;
use crate::error::Error;
use crate::leaf::{Code, Leaf, literal};
use crate::naming::{EndpointKind, FieldKind, Ident};
use crate::rust::plan::{FieldPlan, OAuth2Plan, SchemePlan};

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
pub(super) fn render(plan: &SchemePlan<'_>, oauth2: &OAuth2Plan<'_>) -> Result<Leaf<Code>, Error> {
    let token_url = oauth2.endpoint(EndpointKind::Token);
    let usual = token_url.map_or_else(String::new, |endpoint| {
        format!("[`{0}`](Self::{0})", endpoint.item())
    });
    let constructor = Constructor {
        credentials: Leaf(&plan.names.credentials),
        endpoints: plan.names.endpoints_type.as_ref().map(Leaf),
        usual_url: Code::rendered(usual),
        scheme_literal: literal(plan.name),
        head: head(plan, oauth2).into_iter().map(Code::rendered).collect(),
        calls: oauth2.calls(),
        values: values(plan),
        private_key: private_key(plan, oauth2),
        grant: grant::render(plan, oauth2)?,
        scopes: scopes(plan, oauth2),
        token_provider: plan.field_name(FieldKind::TokenProvider),
        on_token_update: plan.field_name(FieldKind::OnTokenUpdate),
        user_sign_in: plan.field_name(FieldKind::UserSignIn),
        clock_skew: plan.field_name(FieldKind::ClockSkew),
    };
    let text = constructor.render()?;
    Ok(Code::block(&text))
}

/// The calls that begin the builder's chain.
fn head(plan: &SchemePlan<'_>, oauth2: &OAuth2Plan<'_>) -> Vec<String> {
    let mut calls = Vec::new();
    // Grants that hold something of the credentials are set afterwards.
    match oauth2.grant() {
        Grant::AuthorizationCode => calls.push(".grant(Grant::AuthorizationCode)".to_owned()),
        Grant::Implicit => calls.push(".grant(Grant::Implicit)".to_owned()),
        Grant::DeviceCode => calls.push(".grant(Grant::DeviceCode)".to_owned()),
        _ => {}
    }
    if plan.names.endpoints_type.is_none() {
        calls.push(".token_url(token_url)".to_owned());
    } else {
        let names = oauth2.endpoints.iter().map(|endpoint| endpoint.kind.name());
        calls.extend(names.map(|name| format!(".{name}(&endpoints.{name})")));
    }
    let authentication = oauth2.authentication();
    calls.push(format!(
        ".client_authentication(ClientAuthentication::{authentication})"
    ));
    if let Some(client_id) = plan.field_name(FieldKind::ClientId) {
        let secret = plan.field_name(FieldKind::ClientSecret);
        let secret = secret.map_or("client_secret", |name| name.0.as_str());
        let (client_id, secret) = (literal(client_id.0.as_str()), literal(secret));
        calls.push(format!(".credential_names({client_id}, {secret})"));
    }
    if plan.required().any(is_named) {
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

fn values<'a>(plan: &SchemePlan<'a>) -> Vec<Value<'a>> {
    let fields = plan.fields.iter();
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
                field: Leaf(field.name),
                call: Code::rendered(call),
            })
        })
        .collect()
}

fn private_key<'a>(plan: &SchemePlan<'a>, oauth2: &OAuth2Plan<'_>) -> Option<PrivateKey<'a>> {
    let authentication = oauth2.model.client_authentication;
    Some(PrivateKey {
        field: plan.field_name(FieldKind::PrivateKey)?,
        id_field: plan.field_name(FieldKind::PrivateKeyId)?,
        authenticates: authentication == ClientAuthentication::PrivateKeyJwt,
        asserts: oauth2.grant() == Grant::JwtBearer,
    })
}

fn scopes<'a>(plan: &SchemePlan<'a>, oauth2: &OAuth2Plan<'_>) -> Option<Scopes<'a>> {
    Some(Scopes {
        field: plan.field_name(FieldKind::Scopes)?,
        separator: literal(&oauth2.model.scopes.as_ref()?.separator),
    })
}
