//! `mod.rs`: the modules, and what they give to the outside.

use askama::Template;
use credsmith_spec::model::{ClientSource, Spec};

use super::INTERFACE;
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

/// Runtime types in the signatures of generated items, so that users of the SDK need no dependency
/// of their own to name them.
const RUNTIME: &str = "ConfigError, ExposeSecret, SecretString, SendError, TokenProvider, \
                       TokenUpdateCallback, Transport, TransportError";

/// The module of the blocking client.
const BLOCKING: &str = "blocking";

/// Renders `mod.rs`.
pub(super) fn render(spec: &Spec, names: &Names) -> Result<String, Error> {
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
        let types = vec![
            &scheme.credentials,
            &scheme.credentials_builder,
            &scheme.manager,
        ];
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
    let shared = [
        "pub use credsmith_runtime::bytes;".to_owned(),
        "pub use credsmith_runtime::default_transport;".to_owned(),
        "pub use credsmith_runtime::env::EnvError;".to_owned(),
        "pub use credsmith_runtime::http;".to_owned(),
        format!("pub use credsmith_runtime::{{{RUNTIME}}};"),
        format!(
            "pub use credsmith_runtime::{{{}, {}}};",
            renamed("Token", &sdk.token),
            renamed("TokenError", &sdk.provider_error),
        ),
    ];
    let module = Module {
        interface: Code::rendered(INTERFACE.to_string()),
        modules: modules
            .into_iter()
            .map(|name| Submodule {
                name: Code::rendered(name),
                blocking: name == BLOCKING,
            })
            .collect(),
        exports: exports.chain(shared).map(Code::rendered).collect(),
    };
    Ok(module.render()?)
}

/// `Token as OauthToken`, or `Token` alone.
fn renamed(item: &str, name: &Ident) -> String {
    if name.as_str() == item {
        item.to_owned()
    } else {
        format!("{item} as {name}")
    }
}
