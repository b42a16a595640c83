//! What the module of an OAuth 2.0 scheme imports.

use askama::Template;
use credsmith_spec::facts::Field as FieldKind;
use credsmith_spec::model::Grant;

use crate::error::Error;
use crate::leaf::{Code, Leaf};
use crate::targets::rust::{Form, OAuth2Plan, Plan, SchemePlan};

#[derive(Template)]
#[template(path = "rust/oauth2/imports.rs")]
struct Imports {
    duration: bool,
    lines: Vec<Leaf<Code>>,
}

/// Renders the imports.
pub(super) fn render(
    plan: &Plan<'_>,
    scheme: &SchemePlan<'_>,
    oauth2: &OAuth2Plan<'_>,
) -> Result<Leaf<Code>, Error> {
    let lines = [
        "use credsmith_runtime::codegen::{EnvError, Variables};".to_owned(),
        "use credsmith_runtime::http::Request;".to_owned(),
        format!(
            "use credsmith_runtime::{{{}}};",
            runtime(scheme, oauth2).join(", ")
        ),
        String::new(),
        format!(
            "use super::{{{}}};",
            siblings(plan, scheme, oauth2).join(", ")
        ),
    ];
    let imports = Imports {
        duration: oauth2.uses_duration(),
        lines: lines.into_iter().map(Code::rendered).collect(),
    };
    Ok(Code::block(&imports.render()?))
}

fn runtime(scheme: &SchemePlan<'_>, oauth2: &OAuth2Plan<'_>) -> Vec<&'static str> {
    let has = |kind| scheme.field(kind).is_some();
    let has_form = |form| scheme.fields.iter().any(|field| field.form() == form);
    let (provider, hook) = (has(FieldKind::TokenProvider), has(FieldKind::UserSignIn));
    let callback = has(FieldKind::OnTokenUpdate);
    let grant = oauth2.grant();
    let mut used = vec![
        "ClientAuthentication",
        "ConfigError",
        "SecurityGroup",
        "TokenManager",
        "Transport",
    ];
    let optional = [
        ("SignInRequest", oauth2.has_callback()),
        ("CallbackReply", callback),
        ("DeviceSignIn", oauth2.has_device()),
        ("Grant", grant != Grant::ClientCredentials),
        ("JwtBearer", grant == Grant::JwtBearer),
        ("PasswordGrant", grant == Grant::Password),
        ("ProviderReply", provider || hook),
        ("SecretString", has_form(Form::Secret)),
        ("ServerMetadata", oauth2.can_discover()),
        ("TokenIntrospection", oauth2.can_introspect()),
        ("SigningKey", oauth2.has_private_key()),
        ("SubjectToken", has_form(Form::SubjectToken)),
        ("TokenExchange", grant == Grant::TokenExchange),
        ("TokenFetch", oauth2.manual()),
        ("TokenProvider", provider),
        ("TokenRequestFormat", oauth2.asks_in_json()),
        ("TokenUpdateCallback", callback),
        ("UserSignIn", hook),
    ];
    let optional = optional.into_iter().filter(|(_, is_used)| *is_used);
    used.extend(optional.map(|(name, _)| name));
    used.sort_unstable();
    used
}

fn siblings<'a>(
    plan: &'a Plan<'a>,
    scheme: &'a SchemePlan<'a>,
    oauth2: &OAuth2Plan<'_>,
) -> Vec<&'a str> {
    let mut used = vec![plan.sdk.token.as_str(), plan.sdk.token_error.as_str()];
    let scopes = scheme.scopes();
    used.extend(scopes.map(|scopes| scopes.name.as_str()));
    if oauth2.per_environment() {
        used.push(plan.sdk.environment.as_str());
    }
    used.sort_unstable();
    used
}
