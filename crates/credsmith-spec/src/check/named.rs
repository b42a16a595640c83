//! Names that are set by hand for what the scheme does not have: without effect, so an error.

use super::{flag, parsed};
use crate::diagnostic::Problems;
use crate::located::Located;
use crate::model::{ClientAuthentication, Grant, SchemeType, TokenFetch};
use crate::raw::{RawFieldNames, RawScheme, RawSchemeNames, applicable};
use crate::rules::contradiction;
use crate::source::Span;

/// Checks that everything named exists; `at` is the scheme's name.
pub(super) fn check(
    raw: &RawScheme,
    at: Span,
    scheme_type: &Located<SchemeType>,
    problems: &mut Problems,
) {
    let Some(names) = &raw.names else { return };
    let scheme = Facts::gather(raw, at, scheme_type);
    let absent = |key: &'static str| scheme.lacks_parameter(key).map(|reason| (key, reason));
    for key in PARAMETERS.iter().copied() {
        if let (Some(name), Some((key, reason))) = (parameter(names, key), absent(key)) {
            note(key, "names", name, reason, problems);
        }
    }
    for (key, name) in names.fields.as_ref().map(fields).into_iter().flatten() {
        if let (Some(name), Some(reason)) = (name, scheme.lacks_field(key)) {
            note(key, "names.fields", name, reason, problems);
        }
    }
}

fn note(key: &str, names: &str, name: Span, reason: Span, problems: &mut Problems) {
    let message = format!("the scheme has no `{key}` that could be named");
    let help = format!("remove `{key}` from `{names}`");
    problems.push(contradiction::between(message, name, reason, help));
}

/// Parameters of the client for endpoints.
const PARAMETERS: &[&str] = &[
    "token_url",
    "authorization_url",
    "device_authorization_url",
    "revocation_url",
    "introspection_url",
    "issuer",
];

fn parameter(names: &RawSchemeNames, key: &str) -> Option<Span> {
    let name = match key {
        "token_url" => &names.token_url,
        "authorization_url" => &names.authorization_url,
        "device_authorization_url" => &names.device_authorization_url,
        "revocation_url" => &names.revocation_url,
        "introspection_url" => &names.introspection_url,
        "issuer" => &names.issuer,
        _ => &None,
    };
    name.as_ref().map(|name| name.span)
}

/// All fields, and where they are named.
fn fields(names: &RawFieldNames) -> [(&'static str, Option<Span>); 17] {
    [
        ("client_id", &names.client_id),
        ("client_secret", &names.client_secret),
        ("token", &names.token),
        ("scopes", &names.scopes),
        ("token_provider", &names.token_provider),
        ("on_token_update", &names.on_token_update),
        ("clock_skew", &names.clock_skew),
        ("redirect_uri", &names.redirect_uri),
        ("username", &names.username),
        ("password", &names.password),
        ("access_token", &names.access_token),
        ("private_key", &names.private_key),
        ("private_key_id", &names.private_key_id),
        ("issuer", &names.issuer),
        ("subject", &names.subject),
        ("subject_token", &names.subject_token),
        ("user_sign_in", &names.user_sign_in),
    ]
    .map(|(key, name)| (key, name.as_ref().map(|name| name.span)))
}

/// What decides which fields a scheme has.
struct Facts<'a> {
    raw: &'a RawScheme,
    at: Span,
    scheme_type: &'a Located<SchemeType>,
    grant: Option<Located<Grant>>,
    authentication: Option<Located<ClientAuthentication>>,
    fetch: Option<Located<TokenFetch>>,
}

impl<'a> Facts<'a> {
    fn gather(raw: &'a RawScheme, at: Span, scheme_type: &'a Located<SchemeType>) -> Self {
        // What is wrong with the words is noted where they count.
        let unheard = &mut Problems::default();
        Self {
            raw,
            at,
            scheme_type,
            grant: parsed(raw.grant.as_ref(), unheard),
            authentication: parsed(raw.client_authentication.as_ref(), unheard),
            fetch: parsed(raw.token_fetch.as_ref(), unheard),
        }
    }

    /// Why the client has no parameter for the endpoint, as the place that decides it.
    fn lacks_parameter(&self, key: &str) -> Option<Span> {
        if self.scheme_type.value != SchemeType::OAuth2 {
            return Some(self.scheme_type.span);
        }
        let discovered = self.is_given("issuer");
        match key {
            "issuer" => (!discovered).then_some(self.at),
            "revocation_url" | "introspection_url" => {
                let given = self.is_given(key) || self.is_given(&format!("{key}s"));
                (!discovered && !given).then_some(self.at)
            }
            key => self.unless(|grant| applicable::goes_with(key, grant)),
        }
    }

    /// Why the credentials have no such field.
    fn lacks_field(&self, key: &str) -> Option<Span> {
        match self.scheme_type.value {
            SchemeType::OAuth2 => self.oauth2_lacks(key),
            SchemeType::Basic if ["username", "password"].contains(&key) => None,
            SchemeType::Bearer if key == "access_token" => None,
            _ => Some(self.scheme_type.span),
        }
    }

    fn oauth2_lacks(&self, key: &str) -> Option<Span> {
        let raw = self.raw;
        match key {
            "client_secret" => self.lacks_secret(),
            "scopes" => (!self.is_given("scopes")).then_some(self.at),
            "token_provider" => self.off(raw.token_provider.as_ref()),
            "on_token_update" => self.off(raw.on_token_update.as_ref()),
            "clock_skew" => self.off(raw.clock_skew.as_ref()),
            "user_sign_in" => self
                .unless(|grant| applicable::goes_with(key, grant))
                .or_else(|| self.off(raw.user_sign_in.as_ref())),
            "redirect_uri" => {
                self.unless(|grant| applicable::goes_with("authorization_url", grant))
            }
            "username" | "password" => self.unless(|grant| grant == Grant::Password),
            "issuer" | "subject" => self.unless(|grant| grant == Grant::JwtBearer),
            "subject_token" => self.unless(|grant| grant == Grant::TokenExchange),
            "private_key" | "private_key_id" => {
                let signs = |word: &Located<_>| word.value == ClientAuthentication::PrivateKeyJwt;
                let signs = self.authentication.as_ref().is_some_and(signs);
                let may_sign = signs || self.has_wrong_authentication();
                self.unless(|grant| may_sign || grant == Grant::JwtBearer)
            }
            "access_token" => Some(self.scheme_type.span),
            _ => None,
        }
    }

    fn lacks_secret(&self) -> Option<Span> {
        match &self.authentication {
            Some(word) => (!word.value.has_secret()).then_some(word.span),
            None if self.has_wrong_authentication() => None,
            None => self.unless(|grant| ClientAuthentication::usual(grant).has_secret()),
        }
    }

    /// Whether a key was given, read or not.
    fn is_given(&self, key: &str) -> bool {
        self.raw.given.place_of(key).is_some()
    }

    /// Whether what was given for `client_authentication` is wrong, so that anything may be meant.
    fn has_wrong_authentication(&self) -> bool {
        self.authentication.is_none() && self.is_given("client_authentication")
    }

    /// The grant's place, unless the grant has what is asked for.
    fn unless(&self, has: impl Fn(Grant) -> bool) -> Option<Span> {
        let grant = self.grant.as_ref()?;
        (!has(grant.value)).then_some(grant.span)
    }

    /// What turned a switch off: itself, or that tokens are fetched by hand.
    fn off(&self, switch: Option<&Located<bool>>) -> Option<Span> {
        let manual = self.fetch.as_ref();
        let manual = manual.filter(|fetch| fetch.value == TokenFetch::Manual);
        match (switch, manual) {
            (Some(switch), _) if !flag(Some(switch), true) => Some(switch.span),
            (None, Some(manual)) => Some(manual.span),
            _ => None,
        }
    }
}
