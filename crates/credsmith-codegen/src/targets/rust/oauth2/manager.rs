//! The manager of an OAuth 2.0 scheme: what its grant has, and nothing else.

use askama::Template;
use credsmith_spec::model::Grant;

use super::{constructor, endpoints};
use crate::error::Error;
use crate::leaf::{Code, CodeSpan, Leaf, literal};
use crate::names::Ident;
use crate::targets::rust::{OAuth2Plan, Plan, SchemePlan, values};

#[derive(Template)]
#[template(path = "rust/oauth2/manager.rs")]
struct Manager<'a> {
    scheme: Leaf<CodeSpan>,
    name: Leaf<&'a Ident>,
    manual: bool,
    urls: Vec<Leaf<Code>>,
    field_names: Option<Leaf<Code>>,
    constructor: Leaf<Code>,
    methods: Vec<Leaf<Code>>,
}

/// What every grant has.
#[derive(Template)]
#[template(path = "rust/oauth2/methods/tokens.rs")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a capability of the grant"
)]
struct Tokens<'a> {
    token: Leaf<&'a Ident>,
    provider_error: Leaf<&'a Ident>,
    manual: bool,
    asks_user: bool,
    asks_endpoint: bool,
    may_refresh: bool,
}

/// The way by the browser.
#[derive(Template)]
#[template(path = "rust/oauth2/methods/callback.rs")]
struct Callback<'a> {
    token: Leaf<&'a Ident>,
    provider_error: Leaf<&'a Ident>,
    pkce: bool,
    implicit: bool,
}

/// The way by a code on another device.
#[derive(Template)]
#[template(path = "rust/oauth2/methods/device.rs")]
struct Device<'a> {
    token: Leaf<&'a Ident>,
    provider_error: Leaf<&'a Ident>,
}

#[derive(Template)]
#[template(path = "rust/oauth2/methods/revoke.rs")]
struct Revoke<'a> {
    provider_error: Leaf<&'a Ident>,
}

#[derive(Template)]
#[template(path = "rust/oauth2/methods/introspect.rs")]
struct Introspect<'a> {
    token: Leaf<&'a Ident>,
    provider_error: Leaf<&'a Ident>,
}

#[derive(Template)]
#[template(path = "rust/oauth2/methods/metadata.rs")]
struct Metadata<'a> {
    provider_error: Leaf<&'a Ident>,
}

/// Renders the manager.
pub(super) fn render(
    plan: &Plan<'_>,
    scheme: &SchemePlan<'_>,
    oauth2: &OAuth2Plan<'_>,
) -> Result<Leaf<Code>, Error> {
    let urls = oauth2.endpoints.iter();
    let urls = urls.filter_map(|endpoint| endpoints::item(endpoint, plan).transpose());
    let manager = Manager {
        scheme: scheme.span(),
        name: Leaf(&scheme.manager),
        manual: oauth2.manual(),
        urls: urls.collect::<Result<_, _>>()?,
        field_names: field_names(scheme),
        constructor: constructor::render(scheme, oauth2)?,
        methods: methods(plan, oauth2)?,
    };
    Ok(Code::block(&manager.render()?))
}

fn methods(plan: &Plan<'_>, oauth2: &OAuth2Plan<'_>) -> Result<Vec<Leaf<Code>>, Error> {
    let token = || Leaf(&plan.sdk.token);
    let provider_error = || Leaf(&plan.sdk.token_error);
    let tokens = Tokens {
        token: token(),
        provider_error: provider_error(),
        manual: oauth2.manual(),
        asks_user: oauth2.asks_user(),
        asks_endpoint: oauth2.asks_endpoint(),
        may_refresh: oauth2.grant() != Grant::ClientCredentials,
    };
    let mut methods = vec![tokens.render()?];
    if oauth2.has_callback() {
        let callback = Callback {
            token: token(),
            provider_error: provider_error(),
            pkce: oauth2.has_pkce(),
            implicit: oauth2.grant() == Grant::Implicit,
        };
        methods.push(callback.render()?);
    }
    if oauth2.has_device() {
        let device = Device {
            token: token(),
            provider_error: provider_error(),
        };
        methods.push(device.render()?);
    }
    if oauth2.can_revoke() {
        let revoke = Revoke {
            provider_error: provider_error(),
        };
        methods.push(revoke.render()?);
    }
    if oauth2.can_introspect() {
        let introspect = Introspect {
            token: token(),
            provider_error: provider_error(),
        };
        methods.push(introspect.render()?);
    }
    if oauth2.can_discover() {
        let metadata = Metadata {
            provider_error: provider_error(),
        };
        methods.push(metadata.render()?);
    }
    Ok(methods.iter().map(|text| Code::block(text)).collect())
}

/// What errors call the fields that are needed besides client id and secret.
fn field_names(scheme: &SchemePlan<'_>) -> Option<Leaf<Code>> {
    let fields = scheme
        .required()
        .filter(|field| constructor::is_named(field));
    let pairs: Vec<_> = fields
        .map(|field| {
            let (what, name) = (literal(field.local()), literal(field.name.as_str()));
            format!("({what}, {name})")
        })
        .collect();
    let prefix = "    const FIELD_NAMES: &[(&str, &str)] = ".len();
    (!pairs.is_empty()).then(|| Code::rendered(values::assigned_array(prefix, "    ", &pairs)))
}
