//! Names that all schemes of a spec share.

use credsmith_spec::model::Sdk;

use super::ident::{Ident, Named, Shape};
use super::reserved::Reserved;
use super::words::{Splitter, Words};
use super::{Pass, rules};

/// Names that all schemes share.
#[derive(Debug)]
pub(crate) struct SdkNames {
    /// The client's type.
    pub(crate) client: Ident,
    /// Its builder.
    pub(crate) client_builder: Ident,
    /// Its configuration.
    pub(crate) config: Ident,
    /// The token's type.
    pub(crate) token: Ident,
    /// The error of the token endpoint.
    pub(crate) provider_error: Ident,
    /// The environments' type.
    pub(crate) environment: Ident,
    /// Its variants, the default one first.
    pub(crate) environments: Vec<Ident>,
    /// The crate or module that examples import from.
    pub(crate) crate_path: String,
}

pub(super) fn decide(sdk: &Sdk, splitter: &Splitter, pass: &mut Pass) -> Option<SdkNames> {
    let words = splitter.split(&sdk.name);
    let here = sdk.name.span;
    let client = Named::choose(
        sdk.client.as_ref(),
        || words.class() + "Client",
        here,
        "the client's type",
        "sdk.client",
    );
    let config = Named::choose(
        sdk.names.config.as_ref(),
        || format!("{}Config", client.name),
        client.span,
        "the client configuration's type",
        "sdk.names.config",
    );
    let shared = |by_hand, source: &str, what, setting| {
        Named::choose(
            by_hand,
            || splitter.split(source).class(),
            here,
            what,
            setting,
        )
    };
    let token = shared(
        sdk.names.token.as_ref(),
        "OAuthToken",
        "the token's type",
        "sdk.names.token",
    );
    let provider_error = shared(
        sdk.names.provider_error.as_ref(),
        "OAuthProviderException",
        "the provider error's type",
        "sdk.names.provider_error",
    );
    let environment = shared(
        sdk.names.environment.as_ref(),
        "Environment",
        "the environments' type",
        "sdk.names.environment",
    );
    let client = pass.type_name(&client, &["Builder"]);
    let config = pass.type_name(&config, &[]);
    let token = pass.type_name(&token, &[]);
    let provider_error = pass.type_name(&provider_error, &[]);
    let environment = pass.type_name(&environment, &[]);
    let environments = environments(sdk, splitter, pass);
    let crate_path = crate_path(sdk, &words, pass);
    Some(SdkNames {
        client_builder: client.as_ref()?.with_suffix("Builder"),
        client: client?,
        config: config?,
        token: token?,
        provider_error: provider_error?,
        environment: environment?,
        environments: environments?,
        crate_path: crate_path?,
    })
}

fn environments(sdk: &Sdk, splitter: &Splitter, pass: &mut Pass) -> Option<Vec<Ident>> {
    let mut variants = rules::collision::Namespace::default();
    let idents = sdk.environments.iter().map(|environment| {
        let named = Named::choose(
            environment.variant.as_ref(),
            || splitter.split(&environment.name).class(),
            environment.name.span,
            "the environment",
            "variant",
        );
        variants.take(&named, &mut pass.problems);
        pass.ident(&named, Shape::Type, Reserved::Scopes)
    });
    idents.collect::<Vec<_>>().into_iter().collect()
}

/// `verizon` or `acme_sdk::auth`: parsed, so that nothing else can stand in an example's `use`.
fn crate_path(sdk: &Sdk, words: &Words, pass: &mut Pass) -> Option<String> {
    let (path, span) = match &sdk.rust.crate_name {
        Some(path) => (path.value.clone(), path.span),
        None => (words.snake(), sdk.name.span),
    };
    let is_path = path.split("::").all(|part| {
        super::rules::shape::fits(part, Shape::Value) && !super::rules::keyword::is_keyword(part)
    });
    if !is_path {
        pass.problems.push(rules::module_path::misfit(&path, span));
    }
    is_path.then_some(path)
}

/// The beginning of environment variables that all schemes of an SDK share.
pub(super) fn env_prefix(sdk: &Sdk, splitter: &Splitter) -> String {
    match &sdk.names.env_prefix {
        Some(prefix) => prefix.value.clone(),
        None => splitter.split(&sdk.name).screaming(),
    }
}
