//! Schemes as Rust sees them: types of fields, and the runtime's words for what a scheme does.

use credsmith_spec::facts::Field as Kind;
use credsmith_spec::model::{BasicEncoding, ClientAuthentication, Grant, Pkce, TokenLifetime};

use crate::leaf::{Code, CodeSpan, DocText, Leaf, literal};
use crate::names::Ident;
use crate::plan;

/// A plan with Rust's names.
pub(crate) type Plan<'a> = plan::Plan<'a, Ident>;
/// A scheme with Rust's names.
pub(crate) type SchemePlan<'a> = plan::Scheme<'a, Ident>;
/// What a scheme of OAuth 2.0 does, with Rust's names.
pub(crate) type OAuth2Plan<'a> = plan::OAuth2<'a, Ident>;
/// A field with Rust's names.
pub(crate) type FieldPlan<'a> = plan::Field<'a, Ident>;
/// An endpoint with Rust's names.
pub(crate) type EndpointPlan<'a> = plan::Endpoint<'a, Ident>;

/// How a field is given and read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `impl Into<String>`, and `&str`.
    Text,
    /// `impl Into<SecretString>`, and `&SecretString`.
    Secret,
    /// The token.
    Token,
    /// A list of scopes.
    Scopes,
    /// The token provider, from a closure.
    TokenProvider,
    /// The update callback, from a closure.
    OnTokenUpdate,
    /// The function that asks the user, from a closure.
    UserSignIn,
    /// `impl Into<SubjectToken>`.
    SubjectToken,
    /// A `Duration`.
    Duration,
}

impl FieldPlan<'_> {
    /// How it is given and read.
    pub(crate) fn form(&self) -> Form {
        match self.kind {
            _ if self.secret => Form::Secret,
            Kind::SubjectToken => Form::SubjectToken,
            Kind::Token => Form::Token,
            Kind::Scopes => Form::Scopes,
            Kind::TokenProvider => Form::TokenProvider,
            Kind::OnTokenUpdate => Form::OnTokenUpdate,
            Kind::UserSignIn => Form::UserSignIn,
            Kind::ClockSkew => Form::Duration,
            _ => Form::Text,
        }
    }

    /// The type that it has in a scheme: `SecretString`.
    pub(crate) fn type_name(&self, scheme: &SchemePlan<'_>, plan: &Plan<'_>) -> String {
        match self.form() {
            Form::Text => "String".to_owned(),
            Form::Secret => "SecretString".to_owned(),
            Form::Token => plan.sdk.token.to_string(),
            Form::Scopes => {
                let scopes = scheme.scopes();
                let item = scopes.map_or("String", |scopes| scopes.name.as_str());
                format!("Vec<{item}>")
            }
            Form::TokenProvider => format!("TokenProvider<{}>", scheme.manager),
            Form::OnTokenUpdate => "TokenUpdateCallback".to_owned(),
            Form::UserSignIn => format!("UserSignIn<{}>", scheme.manager),
            Form::SubjectToken => "SubjectToken".to_owned(),
            Form::Duration => "Duration".to_owned(),
        }
    }

    /// Its name where the author's names do not count: as a parameter, and as a local.
    pub(crate) fn local(&self) -> &str {
        self.kind.key().unwrap_or(self.name.as_str())
    }
}

impl<'a> SchemePlan<'a> {
    /// The name of the field of a kind, if the scheme has it.
    pub(crate) fn field_name(&self, kind: Kind) -> Option<Leaf<&Ident>> {
        self.field(kind).map(|field| Leaf(&field.name))
    }

    /// Its scopes, if it has any.
    pub(crate) fn scopes(&self) -> Option<&plan::Scopes<'a, Ident>> {
        self.oauth2()?.scopes.as_ref()
    }

    /// The type of its endpoints, if they are more than a token URL.
    pub(crate) fn endpoints_type(&self) -> Option<&Ident> {
        self.oauth2()?.endpoints_type.as_ref()
    }

    /// The type of the builder of its credentials.
    pub(crate) fn credentials_builder(&self) -> Ident {
        self.credentials.with_suffix("Builder")
    }

    /// Whether credentials have a constructor that takes the required fields: not if their order would be hard to
    /// tell.
    pub(crate) fn has_constructor(&self) -> bool {
        /// More values than these are told apart by the builder's names alone.
        const MOST: usize = 4;
        self.required().count() <= MOST
    }

    /// The scheme's name as code, for comments.
    pub(crate) fn span(&self) -> Leaf<CodeSpan> {
        CodeSpan::new(self.title)
    }

    /// The scheme's description as a doc comment.
    pub(crate) fn doc(&self) -> Option<Leaf<DocText>> {
        self.description.map(|text| DocText::new(text, ""))
    }
}

impl Plan<'_> {
    /// The type of the client's builder.
    pub(crate) fn client_builder(&self) -> Ident {
        self.sdk.client.with_suffix("Builder")
    }
}

impl EndpointPlan<'_> {
    /// The manager's constant for it, `TOKEN_URL`, or its function of the environment, `token_url`.
    pub(crate) fn item(&self) -> String {
        let name = self.kind.key();
        if self.per_environment() {
            name.to_owned()
        } else {
            name.to_uppercase()
        }
    }
}

impl OAuth2Plan<'_> {
    /// The variant of the runtime's `ClientAuthentication`.
    pub(crate) fn authentication(&self) -> Leaf<Code> {
        let form = self.model.basic_encoding == BasicEncoding::Form;
        Code::rendered(match self.model.client_authentication {
            _ if !self.asks_endpoint() => "None",
            ClientAuthentication::ClientSecretBasic if form => "ClientSecretBasic",
            ClientAuthentication::ClientSecretBasic => "ClientSecretBasicRaw",
            ClientAuthentication::ClientSecretPost => "ClientSecretPost",
            ClientAuthentication::ClientSecretJwt => "ClientSecretJwt",
            ClientAuthentication::PrivateKeyJwt => "PrivateKeyJwt",
            ClientAuthentication::None => "None",
        })
    }

    /// Calls on the manager's builder that this scheme needs beyond the usual ones.
    pub(crate) fn calls(&self) -> Vec<Leaf<Code>> {
        let mut calls = Vec::new();
        if self.manual() {
            calls.push(".token_fetch(TokenFetch::Manual)".to_owned());
        }
        if self.asks_in_json() {
            calls.push(".token_request_format(TokenRequestFormat::Json)".to_owned());
        }
        if self.model.endpoints.allow_insecure {
            calls.push(".allow_insecure_http(true)".to_owned());
        }
        if self.grant() == Grant::AuthorizationCode && self.model.pkce == Pkce::None {
            calls.push(".pkce(false)".to_owned());
        }
        if let Some(lifetime) = self.model.default_token_lifetime {
            let lifetime = match lifetime {
                TokenLifetime::Seconds(seconds) => {
                    format!("Some(Duration::new({}, 0))", grouped(seconds))
                }
                TokenLifetime::Never => "None".to_owned(),
            };
            calls.push(format!(".default_lifetime({lifetime})"));
        }
        let types = self.model.bearer_token_types.iter();
        calls.extend(types.map(|text| format!(".bearer_token_type({})", literal(text).0)));
        let codes = self.model.refresh_token_error_codes.iter();
        calls.extend(codes.map(|code| format!(".refresh_token_error_code({})", literal(code).0)));
        calls.extend(pairs("parameter", &self.model.parameters));
        let authorization = &self.model.authorization_parameters;
        calls.extend(pairs("authorization_parameter", authorization));
        calls.extend(pairs("endpoint_header", &self.model.endpoint_headers));
        calls.into_iter().map(Code::rendered).collect()
    }

    /// Whether the module needs `Duration`.
    pub(crate) fn uses_duration(&self) -> bool {
        let lifetime = self.model.default_token_lifetime;
        self.model.clock_skew
            || matches!(lifetime, Some(TokenLifetime::Seconds(_)))
            || self.model.assertion.is_some()
    }
}

fn pairs(method: &str, pairs: &[(String, String)]) -> impl Iterator<Item = String> {
    pairs
        .iter()
        .map(move |(name, value)| format!(".{method}({}, {})", literal(name).0, literal(value).0))
}

/// A number literal as clippy wants it: `86_400`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) && digits.len() > 4 {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}
