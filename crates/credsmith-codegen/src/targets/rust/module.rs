//! `mod.rs`: the modules, and what they give to the outside.

use askama::Template;
use credsmith_spec::model::ClientSource;

use super::INTERFACE;
use super::{Form, OAuth2Plan, Plan};
use crate::error::Error;
use crate::leaf::{Code, Leaf};
use crate::names::Ident;
use crate::plan::Kind;

#[derive(Template)]
#[template(path = "rust/mod.rs")]
struct Module {
    interface: Leaf<Code>,
    modules: Vec<Submodule>,
    exports: Vec<Leaf<Code>>,
}

struct Submodule {
    name: Leaf<Code>,
    blocking: bool,
}

/// The module of the blocking client.
const BLOCKING: &str = "blocking";

/// Renders `mod.rs`.
pub(super) fn render(plan: &Plan<'_>) -> Result<String, Error> {
    let sdk = &plan.sdk;
    let generated = plan.spec.sdk.rust.client == ClientSource::Generated;
    let mut exports = Vec::new();
    if generated {
        let types = [
            sdk.client.clone(),
            plan.client_builder(),
            sdk.config.clone(),
        ];
        exports.push(("client", types.to_vec()));
    }
    if !sdk.environments.is_empty() {
        exports.push(("environment", vec![sdk.environment.clone()]));
    }
    for scheme in &plan.schemes {
        let mut types = vec![
            scheme.credentials.clone(),
            scheme.credentials_builder(),
            scheme.manager.clone(),
        ];
        types.extend(scheme.endpoints_type().cloned());
        exports.push((scheme.module.as_str(), types));
        if let Some(scopes) = scheme.scopes() {
            exports.push((scopes.module.as_str(), vec![scopes.name.clone()]));
        }
    }
    exports.sort_unstable();
    let mut modules: Vec<_> = exports.iter().map(|(module, _)| *module).collect();
    if generated && plan.spec.sdk.rust.blocking {
        modules.push(BLOCKING);
        modules.sort_unstable();
    }
    let exports = exports.iter_mut().map(|(module, types)| {
        types.sort_unstable();
        let types: Vec<_> = types.iter().map(Ident::as_str).collect();
        match types.as_slice() {
            [only] => format!("pub use self::{module}::{only};"),
            all => format!("pub use self::{module}::{{{}}};", all.join(", ")),
        }
    });
    let module = Module {
        interface: Code::rendered(INTERFACE.to_string()),
        modules: modules
            .into_iter()
            .map(|name| Submodule {
                name: Code::rendered(name),
                blocking: name == BLOCKING,
            })
            .collect(),
        exports: exports.chain(shared(plan)).map(Code::rendered).collect(),
    };
    Ok(module.render()?)
}

/// What comes from the runtime.
fn shared(plan: &Plan<'_>) -> Vec<String> {
    let mut lines = vec![
        "pub use credsmith_runtime as runtime;".to_owned(),
        "pub use credsmith_runtime::bytes;".to_owned(),
        "pub use credsmith_runtime::http;".to_owned(),
        format!(
            "pub use credsmith_runtime::{{{}}};",
            runtime(plan).join(", ")
        ),
    ];
    if plan.has_tokens() {
        lines.push(format!(
            "pub use credsmith_runtime::{{{}, {}}};",
            renamed("Token", &plan.sdk.token),
            renamed("TokenError", &plan.sdk.token_error),
        ));
    }
    lines
}

/// Runtime types in the signatures of generated items, so that users of the SDK need no dependency
/// of their own to name them.
fn runtime(plan: &Plan<'_>) -> Vec<&'static str> {
    let has_form = |form| {
        plan.schemes
            .iter()
            .any(|scheme| scheme.fields.iter().any(|field| field.form() == form))
    };
    let custom = plan
        .schemes
        .iter()
        .any(|scheme| matches!(scheme.kind, Kind::Custom));
    let tokens = plan.has_tokens();
    let exported = [
        ("BoxError", custom),
        ("ConfigError", true),
        ("DeviceSignIn", plan.oauth2s().any(OAuth2Plan::has_device)),
        ("EnvError", true),
        ("ExposeSecret", true),
        ("SecretString", true),
        ("SecurityGroup", true),
        ("SendError", true),
        ("SendErrorKind", true),
        (
            "ServerMetadata",
            plan.oauth2s().any(OAuth2Plan::can_discover),
        ),
        (
            "SignInRequest",
            plan.oauth2s().any(OAuth2Plan::has_callback),
        ),
        ("SignRequest", custom),
        ("SubjectToken", has_form(Form::SubjectToken)),
        ("TokenErrorKind", tokens),
        (
            "TokenIntrospection",
            plan.oauth2s().any(OAuth2Plan::can_introspect),
        ),
        ("TokenProvider", tokens),
        ("TokenUpdateCallback", tokens),
        ("Transport", true),
        ("TransportError", true),
        ("UserSignIn", has_form(Form::UserSignIn)),
    ];
    let exported = exported.into_iter().filter(|(_, is_used)| *is_used);
    exported.map(|(name, _)| name).collect()
}

/// `Token as OauthToken`, or `Token` alone.
fn renamed(item: &str, name: &Ident) -> String {
    if name.as_str() == item {
        item.to_owned()
    } else {
        format!("{item} as {name}")
    }
}
