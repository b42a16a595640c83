//! Names of what one scheme generates.

use credsmith_spec::model::{Scheme, SchemeKind, Sdk};

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
    /// The client's parameter for another token URL.
    pub(crate) token_url: Ident,
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
    let SchemeKind::OAuth2(oauth2) = &scheme.kind;
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
    let manager = pass.type_name(&manager, &[]);
    let parameter = pass.client_member(&parameter);
    let token_url = match &by_hand.token_url {
        Some(_) => choose(
            by_hand.token_url.as_ref(),
            &String::new,
            "the parameter for token URLs",
            "names.token_url",
        ),
        // It follows the accessor, so that is what has to be set if it does not fit.
        None => Named {
            name: format!("{}_token_url", accessor.name),
            ..accessor.clone()
        },
    };
    let accessor = pass.client_member(&accessor);
    let token_url = accessor
        .as_ref()
        .and_then(|_| pass.client_member(&token_url));
    let module = pass.module(&module);
    let scopes = match &oauth2.scopes {
        Some(scopes) => scopes::decide(scopes, scheme, &words, splitter, pass).map(Some),
        None => Some(None),
    };
    let prefix = env_prefix(scheme, sdk, &words, splitter);
    let fields = fields::decide(scheme, oauth2, &prefix, splitter, pass);
    Some(SchemeNames {
        credentials_builder: credentials.as_ref()?.with_suffix("Builder"),
        credentials: credentials?,
        manager: manager?,
        parameter: parameter?,
        accessor: accessor?,
        token_url: token_url?,
        module: module?,
        scopes: scopes?,
        fields: fields?,
    })
}

fn env_prefix(scheme: &Scheme, sdk: &Sdk, words: &Words, splitter: &Splitter) -> Named {
    let by_hand = scheme.names.env_prefix.as_ref();
    let derived = || format!("{}_{}", sdk::env_prefix(sdk, splitter), words.screaming());
    let what = "the environment variables";
    Named::choose(by_hand, derived, scheme.name.span, what, "names.env_prefix")
}
