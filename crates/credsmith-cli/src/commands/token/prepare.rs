//! From a spec and the environment to a token manager: what generated code does, without generating it.

use std::sync::Arc;
use std::time::Duration;

use credsmith_codegen::Variables;
use credsmith_runtime::codegen::Variables as Environment;
use credsmith_runtime::{
    ClientAuthentication, Grant, JwtBearer, PasswordGrant, SigningKey, TokenExchange, TokenManager,
    TokenManagerBuilder, TokenRequestFormat, UreqTransport,
};
use credsmith_spec::model::{self, OAuth2, Pkce, SchemeKind, Spec, Urls};
use credsmith_spec::{Keyword as _, closest};

use crate::args;

/// A scheme, and the manager of it before it is built.
pub(super) struct Prepared<'s> {
    pub(super) oauth2: &'s OAuth2,
    pub(super) builder: TokenManagerBuilder,
    /// Where the browser is to come back to, if the environment says.
    pub(super) redirect_uri: Option<String>,
}

/// The scheme, and the manager of it with credentials from the environment; or what is wrong with the
/// call.
pub(super) fn prepare<'s>(
    args: &args::Token,
    spec: &'s Spec,
    variables: &[Variables],
) -> Result<Prepared<'s>, String> {
    let names = || spec.schemes.iter().map(|scheme| scheme.name.as_str());
    let found = names().position(|name| name == args.scheme);
    let at = found.ok_or_else(|| unknown("scheme", &args.scheme, names()))?;
    let oauth2 = with_tokens(&args.scheme, &spec.schemes[at].kind)?;
    let mut builder = TokenManager::builder(leaked(&args.scheme))
        .allow_insecure_http(oauth2.endpoints.allow_insecure)
        .client_authentication(authentication(oauth2))
        .token_request_format(token_request_format(oauth2))
        .pkce(oauth2.pkce == Pkce::S256)
        .transport(Arc::new(UreqTransport::new()));
    for (name, value) in &oauth2.parameters {
        builder = builder.parameter(name, value);
    }
    for (name, value) in &oauth2.authorization_parameters {
        builder = builder.authorization_parameter(name, value);
    }
    for (name, value) in &oauth2.endpoint_headers {
        builder = builder.endpoint_header(name, value);
    }
    for token_type in &oauth2.bearer_token_types {
        builder = builder.bearer_token_type(token_type);
    }
    for code in &oauth2.refresh_token_error_codes {
        builder = builder.refresh_token_error_code(code);
    }
    let builder = with_endpoints(builder, args, spec, oauth2)?;
    let redirect_uri = variables[at]
        .of("redirect_uri")
        .and_then(|name| Environment::process().optional(leaked(name)));
    Ok(Prepared {
        oauth2,
        builder: with_credentials(builder, oauth2, &variables[at])?,
        redirect_uri,
    })
}

/// The scheme if it is one whose tokens can be fetched here.
fn with_tokens<'s>(name: &str, kind: &'s SchemeKind) -> Result<&'s OAuth2, String> {
    let reason = match kind {
        SchemeKind::OAuth2(oauth2) if oauth2.grant == model::Grant::Implicit => {
            "its tokens go to a browser page; an authorization code is what RFC 9700 section 2.1.2 puts in its place"
        }
        SchemeKind::OAuth2(oauth2) => return Ok(oauth2),
        SchemeKind::Basic(_) => "a user name and a password are sent as they are",
        SchemeKind::Bearer => "the application has its token from elsewhere",
        SchemeKind::ApiKey(_) => "API keys are sent as they are",
        SchemeKind::Custom(_) => "its requests are signed by code of the SDK",
    };
    Err(format!("there is no token to fetch for `{name}`: {reason}"))
}

fn with_endpoints(
    mut builder: TokenManagerBuilder,
    args: &args::Token,
    spec: &Spec,
    oauth2: &OAuth2,
) -> Result<TokenManagerBuilder, String> {
    check_endpoints(args, oauth2.grant)?;
    let at = environment(args, spec)?;
    let endpoints = &oauth2.endpoints;
    let url = |urls: &Option<Urls>| {
        urls.as_ref().map(|urls| match urls {
            Urls::Everywhere(url) => url.clone(),
            Urls::PerEnvironment(urls) => urls[at].clone(),
        })
    };
    let url = |other: &Option<String>, urls| other.clone().or_else(|| url(urls));
    if let Some(token_url) = url(&args.token_url, &endpoints.token) {
        builder = builder.token_url(token_url);
    }
    if let Some(authorization_url) = url(&args.authorization_url, &endpoints.authorization) {
        builder = builder.authorization_url(authorization_url);
    }
    let other = &args.device_authorization_url;
    if let Some(device_authorization_url) = url(other, &endpoints.device_authorization) {
        builder = builder.device_authorization_url(device_authorization_url);
    }
    if let Some(issuer) = &endpoints.issuer {
        builder = builder.issuer(issuer);
    }
    Ok(builder)
}

/// An endpoint that the grant does not have would be given in vain.
fn check_endpoints(args: &args::Token, grant: model::Grant) -> Result<(), String> {
    let device = &args.device_authorization_url;
    for (option, url, home) in [
        (
            "--authorization-url",
            &args.authorization_url,
            model::Grant::AuthorizationCode,
        ),
        (
            "--device-authorization-url",
            device,
            model::Grant::DeviceCode,
        ),
    ] {
        if url.is_some() && grant != home {
            return Err(format!(
                "{option} belongs to the grant `{}`, and `{}` has the grant `{}`",
                home.word(),
                args.scheme,
                grant.word()
            ));
        }
    }
    Ok(())
}

fn environment(args: &args::Token, spec: &Spec) -> Result<usize, String> {
    let environments = &spec.sdk.environments;
    let names = || {
        environments
            .iter()
            .map(|environment| environment.name.as_str())
    };
    match &args.environment {
        None => Ok(0),
        Some(name) => names()
            .position(|known| known == name)
            .ok_or_else(|| unknown("environment", name, names())),
    }
}

/// What the environment holds of a scheme's fields.
struct Held<'a> {
    variables: &'a Variables,
    environment: Environment<'a>,
}

impl Held<'_> {
    /// What a field needs, if the scheme has it.
    fn text(&mut self, field: &str) -> Option<String> {
        let name = self.variables.of(field)?;
        Some(self.environment.required(leaked(name)))
    }

    fn secret(&mut self, field: &str) -> Option<credsmith_runtime::SecretString> {
        let name = self.variables.of(field)?;
        Some(self.environment.required_secret(leaked(name)))
    }

    fn optional(&mut self, field: &str) -> Option<String> {
        let name = self.variables.of(field)?;
        self.environment.optional(leaked(name))
    }
}

fn with_credentials(
    mut builder: TokenManagerBuilder,
    oauth2: &OAuth2,
    variables: &Variables,
) -> Result<TokenManagerBuilder, String> {
    let mut held = Held {
        variables,
        environment: Environment::process(),
    };
    if let Some(client_id) = held.text("client_id") {
        builder = builder.client_id(client_id);
    }
    if let Some(client_secret) = held.secret("client_secret") {
        builder = builder.client_secret(client_secret);
    }
    let pem = held.secret("private_key");
    let key_id = held.optional("private_key_id");
    let grant = grant(oauth2, &mut held);
    let chosen = held.optional("scopes");
    held.environment
        .finish()
        .map_err(|error| error.to_string())?;
    let key = match pem {
        Some(pem) => Some(signing_key(&pem, key_id)?),
        None => None,
    };
    builder = match (grant, key) {
        (Grant::JwtBearer(bearer), Some(key)) => {
            builder.grant(Grant::JwtBearer(bearer.signing_key(key)))
        }
        (grant, Some(key)) => builder.grant(grant).signing_key(key),
        (grant, None) => builder.grant(grant),
    };
    Ok(builder.scope(scope(oauth2, chosen.as_deref())))
}

fn signing_key(
    pem: &credsmith_runtime::SecretString,
    key_id: Option<String>,
) -> Result<SigningKey, String> {
    let key = SigningKey::from_pem(pem).map_err(|error| error.to_string())?;
    Ok(match key_id {
        Some(key_id) => key.with_key_id(key_id),
        None => key,
    })
}

fn grant(oauth2: &OAuth2, held: &mut Held<'_>) -> Grant {
    match oauth2.grant {
        model::Grant::ClientCredentials => Grant::ClientCredentials,
        model::Grant::AuthorizationCode => Grant::AuthorizationCode,
        model::Grant::Implicit => Grant::Implicit,
        model::Grant::DeviceCode => Grant::DeviceCode,
        model::Grant::Password => {
            let username = held.text("username").unwrap_or_default();
            let password = held.secret("password").unwrap_or_default();
            Grant::Password(PasswordGrant::new(username, password))
        }
        model::Grant::JwtBearer => Grant::JwtBearer(assertion(oauth2, held)),
        model::Grant::TokenExchange => {
            let mut exchange = TokenExchange::new(held.secret("subject_token").unwrap_or_default());
            if let Some(types) = &oauth2.exchange {
                exchange = exchange.subject_token_type(&types.subject_token_type);
                if let Some(wanted) = &types.requested_token_type {
                    exchange = exchange.requested_token_type(wanted);
                }
            }
            Grant::TokenExchange(exchange)
        }
    }
}

fn assertion(oauth2: &OAuth2, held: &mut Held<'_>) -> JwtBearer {
    let mut bearer = JwtBearer::new(held.text("issuer").unwrap_or_default());
    if let Some(subject) = held.optional("subject") {
        bearer = bearer.subject(subject);
    }
    if let Some(assertion) = &oauth2.assertion {
        if let Some(audience) = &assertion.audience {
            bearer = bearer.audience(audience);
        }
        bearer = bearer
            .scope_claim(assertion.scope_claim)
            .lifetime(Duration::from_secs(assertion.lifetime));
    }
    bearer
}

/// The scopes from the environment, or else the spec's default ones, as they go over the wire.
fn scope(oauth2: &OAuth2, chosen: Option<&str>) -> String {
    let Some(scopes) = &oauth2.scopes else {
        return String::new();
    };
    let default = || {
        scopes
            .default
            .iter()
            .map(|index| scopes.values[*index].value.as_str())
    };
    let values: Vec<_> = match chosen {
        Some(chosen) => chosen.split_whitespace().collect(),
        None => default().collect(),
    };
    values.join(&scopes.separator)
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let meant = closest(name, known.clone()).map(|meant| format!("; did you mean `{meant}`?"));
    let all = || format!("; it has: {}", known.collect::<Vec<_>>().join(", "));
    format!(
        "the spec has no {what} `{name}`{}",
        meant.unwrap_or_else(all)
    )
}

fn authentication(oauth2: &OAuth2) -> ClientAuthentication {
    use model::{BasicEncoding, ClientAuthentication as Way};
    match (oauth2.client_authentication, oauth2.basic_encoding) {
        (Way::ClientSecretBasic, BasicEncoding::Form) => ClientAuthentication::ClientSecretBasic,
        (Way::ClientSecretBasic, BasicEncoding::Raw) => ClientAuthentication::ClientSecretBasicRaw,
        (Way::ClientSecretPost, _) => ClientAuthentication::ClientSecretPost,
        (Way::ClientSecretJwt, _) => ClientAuthentication::ClientSecretJwt,
        (Way::PrivateKeyJwt, _) => ClientAuthentication::PrivateKeyJwt,
        (Way::None, _) => ClientAuthentication::None,
    }
}

fn token_request_format(oauth2: &OAuth2) -> TokenRequestFormat {
    match oauth2.token_request_format {
        model::TokenRequestFormat::Form => TokenRequestFormat::Form,
        model::TokenRequestFormat::Json => TokenRequestFormat::Json,
    }
}

/// The engine takes names that live as long as the process; this one ends with the command.
fn leaked(name: &str) -> &'static str {
    Box::leak(name.to_owned().into_boxed_str())
}
