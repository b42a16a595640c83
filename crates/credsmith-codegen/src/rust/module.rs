//! `mod.rs`: the modules, and what they give to the outside.

use askama::Template;
use credsmith_spec::model::{ClientSource, Spec};

use super::INTERFACE;
use super::plan::{Form, KindPlan, OAuth2Plan, SchemePlan, any_oauth2};
use crate::error::Error;
use crate::leaf::{Code, Leaf};
use crate::naming::{Ident, Names};

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
pub(super) fn render(
    spec: &Spec,
    names: &Names,
    plans: &[SchemePlan<'_>],
) -> Result<String, Error> {
    let sdk = &names.sdk;
    let generated = spec.sdk.rust.client == ClientSource::Generated;
    let mut exports = Vec::new();
    if generated {
        exports.push((
            "client",
            vec![&sdk.client, &sdk.client_builder, &sdk.config],
        ));
    }
    if !spec.sdk.environments.is_empty() {
        exports.push(("environment", vec![&sdk.environment]));
    }
    for scheme in &names.schemes {
        let mut types = vec![
            &scheme.credentials,
            &scheme.credentials_builder,
            &scheme.manager,
        ];
        types.extend(&scheme.endpoints_type);
        exports.push((scheme.module.as_str(), types));
        if let Some(scopes) = &scheme.scopes {
            exports.push((scopes.module.as_str(), vec![&scopes.enumeration]));
        }
    }
    exports.sort_unstable();
    let mut modules: Vec<_> = exports.iter().map(|(module, _)| *module).collect();
    if generated && spec.sdk.rust.blocking {
        modules.push(BLOCKING);
        modules.sort_unstable();
    }
    let exports = exports.iter_mut().map(|(module, types)| {
        types.sort_unstable();
        let types: Vec<_> = types.iter().map(|name| name.as_str()).collect();
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
        exports: exports
            .chain(shared(names, plans))
            .map(Code::rendered)
            .collect(),
    };
    Ok(module.render()?)
}

/// What comes from the runtime.
fn shared(names: &Names, plans: &[SchemePlan<'_>]) -> Vec<String> {
    let mut lines = vec![
        "pub use credsmith_runtime as runtime;".to_owned(),
        "pub use credsmith_runtime::bytes;".to_owned(),
        "pub use credsmith_runtime::default_transport;".to_owned(),
        "pub use credsmith_runtime::http;".to_owned(),
        format!(
            "pub use credsmith_runtime::{{{}}};",
            runtime(plans).join(", ")
        ),
    ];
    if any_oauth2(plans, |_| true) {
        lines.push(format!(
            "pub use credsmith_runtime::{{{}, {}}};",
            renamed("Token", &names.sdk.token),
            renamed("TokenError", &names.sdk.provider_error),
        ));
    }
    lines
}

/// Runtime types in the signatures of generated items, so that users of the SDK need no dependency
/// of their own to name them.
fn runtime(plans: &[SchemePlan<'_>]) -> Vec<&'static str> {
    let has_form = |form| {
        plans
            .iter()
            .any(|plan| plan.fields.iter().any(|field| field.form == form))
    };
    let custom = plans
        .iter()
        .any(|plan| matches!(plan.kind, KindPlan::Custom));
    let tokens = any_oauth2(plans, |_| true);
    let exported = [
        ("BoxError", custom),
        ("ConfigError", true),
        ("DeviceSignIn", any_oauth2(plans, OAuth2Plan::has_device)),
        ("EnvError", true),
        ("ExposeSecret", true),
        ("SecretString", true),
        ("SecurityGroup", true),
        ("SendError", true),
        ("SendErrorKind", true),
        (
            "ServerMetadata",
            any_oauth2(plans, OAuth2Plan::can_discover),
        ),
        ("SignInRequest", any_oauth2(plans, OAuth2Plan::has_callback)),
        ("SignRequest", custom),
        ("SubjectToken", has_form(Form::SubjectToken)),
        ("TokenErrorKind", tokens),
        (
            "TokenIntrospection",
            any_oauth2(plans, OAuth2Plan::can_introspect),
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
