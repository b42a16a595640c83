//! Names of what one scheme generates.

use credsmith_spec::model::{OAuth2, Scheme, SchemeKind, Sdk};

use super::endpoints::{self, EndpointKind, EndpointName};
use super::fields::{self, Field};
use super::ident::{Ident, Named};
use super::scopes::{self, ScopesNames};
use super::words::{Splitter, Words};
use super::{Pass, sdk};

/// Names of what one scheme generates.
#[derive(Debug)]
pub(crate) struct SchemeNames {
    /// The credentials' type.
    pub(crate) credentials: Ident,
    /// Its builder.
    pub(crate) credentials_builder: Ident,
    /// The manager's type.
    pub(crate) manager: Ident,
    /// The client's parameter for the credentials.
    pub(crate) parameter: Ident,
    /// The client's accessor of the manager.
    pub(crate) accessor: Ident,
    /// The type of its endpoints, where they are more than a token URL.
    pub(crate) endpoints_type: Option<Ident>,
    /// The endpoints that it has; none but for OAuth 2.0.
    pub(crate) endpoints: Vec<EndpointName>,
    /// The module, and the page.
    pub(crate) module: Ident,
    /// The scopes, if the scheme has any.
    pub(crate) scopes: Option<ScopesNames>,
    /// The fields of the credentials, in the order of the documentation.
    pub(crate) fields: Vec<Field>,
}

pub(super) fn decide(
    scheme: &Scheme,
    sdk: &Sdk,
    splitter: &Splitter,
    pass: &mut Pass,
) -> Option<SchemeNames> {
    let oauth2 = match &scheme.kind {
        SchemeKind::OAuth2(oauth2) => Some(&**oauth2),
        _ => None,
    };
    let words = splitter.split(&scheme.name);
    let by_hand = &scheme.names;
    let choose = |by_hand, derived: &dyn Fn() -> String, what, setting| {
        Named::choose(by_hand, derived, scheme.name.span, what, setting)
    };
    let credentials = choose(
        by_hand.credentials.as_ref(),
        &|| words.class() + "Credentials",
        "the credentials' type",
        "names.credentials",
    );
    let manager = choose(
        by_hand.manager.as_ref(),
        &|| words.class() + "Manager",
        "the manager's type",
        "names.manager",
    );
    let parameter = choose(
        by_hand.parameter.as_ref(),
        &|| match &by_hand.credentials {
            Some(name) => splitter.split(name).snake(),
            None => words.clone().and("credentials").snake(),
        },
        "the parameter",
        "names.parameter",
    );
    let accessor = choose(
        by_hand.accessor.as_ref(),
        &|| words.snake(),
        "the accessor",
        "names.accessor",
    );
    let module = choose(
        by_hand.module.as_ref(),
        &|| words.snake(),
        "the module",
        "names.module",
    );
    let credentials = pass.type_name(&credentials, &["Builder"]);
    let manager_type = pass.type_name(&manager, &[]);
    let parameter = pass.client_member(&parameter);
    let accessor_ident = pass.client_member(&accessor);
    let endpoints = match oauth2 {
        Some(oauth2) => {
            let has_accessor = accessor_ident.is_some();
            endpoints::decide(oauth2, by_hand, &accessor, has_accessor, pass)
        }
        None => Some(Vec::new()),
    };
    let endpoints_type = match &endpoints {
        Some(endpoints) if has_endpoints_type(oauth2, endpoints) => {
            endpoints_type(&manager, pass).map(Some)
        }
        _ => Some(None),
    };
    let module = pass.module(&module);
    let scopes = match oauth2.and_then(|oauth2| oauth2.scopes.as_ref()) {
        Some(scopes) => scopes::decide(scopes, scheme, &words, splitter, pass).map(Some),
        None => Some(None),
    };
    let prefix = env_prefix(scheme, sdk, &words, splitter);
    let fields = fields::decide(scheme, &prefix, splitter, pass);
    Some(SchemeNames {
        credentials_builder: credentials.as_ref()?.with_suffix("Builder"),
        credentials: credentials?,
        manager: manager_type?,
        parameter: parameter?,
        accessor: accessor_ident?,
        endpoints_type: endpoints_type?,
        endpoints: endpoints?,
        module: module?,
        scopes: scopes?,
        fields: fields?,
    })
}

/// Whether the manager takes its endpoints as a type of their own. One that has a token URL alone
/// takes that.
fn has_endpoints_type(oauth2: Option<&OAuth2>, endpoints: &[EndpointName]) -> bool {
    let only_token = matches!(endpoints, [only] if only.kind == EndpointKind::Token);
    oauth2.is_some() && !only_token
}

/// It follows the manager's type, so that is what has to be set if it does not fit.
fn endpoints_type(manager: &Named, pass: &mut Pass) -> Option<Ident> {
    let stem = manager.name.strip_suffix("Manager");
    let stem = stem.unwrap_or(&manager.name);
    let named = Named {
        name: format!("{stem}Endpoints"),
        ..manager.clone()
    };
    pass.type_name(&named, &[])
}

fn env_prefix(scheme: &Scheme, sdk: &Sdk, words: &Words, splitter: &Splitter) -> Named {
    let by_hand = scheme.names.env_prefix.as_ref();
    let derived = || format!("{}_{}", sdk::env_prefix(sdk, splitter), words.screaming());
    let what = "the prefix of environment variables";
    Named::choose(by_hand, derived, scheme.name.span, what, "names.env_prefix")
}
