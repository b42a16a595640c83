//! The fields of credentials: what they hold, and how that reads.

use credsmith_spec::model::{Place, SchemeKind};

use crate::leaf::CodeSpan;
use crate::naming::{Field, FieldKind, Ident, SchemeNames, SdkNames};

/// One field.
pub(crate) struct FieldPlan<'a> {
    /// What it holds.
    pub(crate) kind: FieldKind,
    /// Its name in tables: plain text.
    pub(crate) title: &'a str,
    /// Getter, setter and parameter.
    pub(crate) name: &'a Ident,
    /// The environment variable it can be read from.
    pub(crate) variable: Option<&'a str>,
    /// Whether credentials are of no use without it.
    pub(crate) required: bool,
    /// How it is given and read.
    pub(crate) form: Form,
    /// The type it has, as code: `SecretString`.
    pub(crate) type_name: String,
    /// What the spec says of it.
    pub(crate) description: Option<&'a str>,
    /// What it holds, as the rest of a sentence: Markdown.
    noun: Noun<'a>,
}

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
    /// What asks the user, from a closure.
    UserSignIn,
    /// `impl Into<SubjectToken>`.
    SubjectToken,
    /// A `Duration`.
    Duration,
}

#[derive(Clone, Copy)]
enum Noun<'a> {
    Fixed(&'static str),
    Key(Place, &'a str),
    Custom(&'a str),
}

/// The fields of a scheme, in the order of the documentation.
pub(super) fn plans<'a>(
    kind: &'a SchemeKind,
    names: &'a SchemeNames,
    sdk: &SdkNames,
) -> Vec<FieldPlan<'a>> {
    let fields = names.fields.iter();
    fields
        .map(|field| {
            let form = form(field.kind, kind);
            FieldPlan {
                kind: field.kind,
                title: &field.title,
                name: &field.name,
                variable: field.variable.as_deref(),
                required: field.required,
                form,
                type_name: type_name(form, names, sdk),
                description: description(field.kind, kind),
                noun: noun(field, kind),
            }
        })
        .collect()
}

impl FieldPlan<'_> {
    /// What it holds, as the rest of a sentence: "the client id". Markdown, with code spans for a
    /// table if need be.
    pub(crate) fn noun(&self, in_table: bool) -> String {
        let span = |text: &str| {
            let new = if in_table {
                CodeSpan::in_table
            } else {
                CodeSpan::new
            };
            new(text).0.to_string()
        };
        match self.noun {
            Noun::Fixed(noun) => noun.to_owned(),
            Noun::Key(Place::Header, name) => format!("the value of the header {}", span(name)),
            Noun::Key(Place::Query, name) => {
                format!("the value of the query parameter {}", span(name))
            }
            Noun::Key(Place::Cookie, name) => format!("the value of the cookie {}", span(name)),
            Noun::Custom(name) => format!("what requests are signed with as {}", span(name)),
        }
    }

    /// What its environment variable holds, for tables: "the clock skew in seconds (optional)".
    pub(crate) fn variable_note(&self) -> String {
        match self.kind {
            FieldKind::Scopes => "scopes, separated by spaces (optional)".to_owned(),
            FieldKind::ClockSkew => "the clock skew in seconds (optional)".to_owned(),
            _ if self.required => self.noun(true),
            _ => format!("{} (optional)", self.noun(true)),
        }
    }

    /// Its name where names set by hand do not count: as a parameter, and as a local.
    pub(crate) fn local(&self) -> &str {
        self.kind.canonical().unwrap_or(self.name.as_str())
    }
}

fn form(field: FieldKind, kind: &SchemeKind) -> Form {
    match field {
        FieldKind::ClientSecret
        | FieldKind::PrivateKey
        | FieldKind::Password
        | FieldKind::AccessToken
        | FieldKind::Key(_) => Form::Secret,
        FieldKind::Custom(index) => match kind {
            SchemeKind::Custom(custom)
                if custom.fields.get(index).is_some_and(|field| !field.secret) =>
            {
                Form::Text
            }
            _ => Form::Secret,
        },
        FieldKind::Username => match kind {
            SchemeKind::Basic(basic) if basic.secret_username => Form::Secret,
            _ => Form::Text,
        },
        FieldKind::ClientId
        | FieldKind::PrivateKeyId
        | FieldKind::RedirectUri
        | FieldKind::Issuer
        | FieldKind::Subject => Form::Text,
        FieldKind::SubjectToken => Form::SubjectToken,
        FieldKind::Token => Form::Token,
        FieldKind::Scopes => Form::Scopes,
        FieldKind::TokenProvider => Form::TokenProvider,
        FieldKind::OnTokenUpdate => Form::OnTokenUpdate,
        FieldKind::UserSignIn => Form::UserSignIn,
        FieldKind::ClockSkew => Form::Duration,
    }
}

fn type_name(form: Form, names: &SchemeNames, sdk: &SdkNames) -> String {
    let scopes = names.scopes.as_ref();
    match form {
        Form::Text => "String".to_owned(),
        Form::Secret => "SecretString".to_owned(),
        Form::Token => sdk.token.to_string(),
        Form::Scopes => {
            let item = scopes.map_or("String", |scopes| scopes.enumeration.as_str());
            format!("Vec<{item}>")
        }
        Form::TokenProvider => format!("TokenProvider<{}>", names.manager),
        Form::OnTokenUpdate => "TokenUpdateCallback".to_owned(),
        Form::UserSignIn => format!("UserSignIn<{}>", names.manager),
        Form::SubjectToken => "SubjectToken".to_owned(),
        Form::Duration => "Duration".to_owned(),
    }
}

fn description(field: FieldKind, kind: &SchemeKind) -> Option<&str> {
    match (field, kind) {
        (FieldKind::Key(index), SchemeKind::ApiKey(api_key)) => {
            api_key.keys.get(index)?.description.as_deref()
        }
        (FieldKind::Custom(index), SchemeKind::Custom(custom)) => {
            custom.fields.get(index)?.description.as_deref()
        }
        _ => None,
    }
}

fn noun<'a>(field: &'a Field, kind: &'a SchemeKind) -> Noun<'a> {
    Noun::Fixed(match field.kind {
        FieldKind::ClientId => "the client id",
        FieldKind::ClientSecret => "the client secret",
        FieldKind::PrivateKey => "the private key, in PEM",
        FieldKind::PrivateKeyId => "the id of the private key",
        FieldKind::RedirectUri => "the redirect URI",
        FieldKind::Username => "the user name",
        FieldKind::Password => "the password",
        FieldKind::Issuer => "the issuer of assertions",
        FieldKind::Subject => "the subject of assertions",
        FieldKind::SubjectToken => "the token to exchange",
        FieldKind::Token => "the stored token",
        FieldKind::Scopes => "the scopes",
        FieldKind::TokenProvider => "the token provider",
        FieldKind::OnTokenUpdate => "the update callback",
        FieldKind::UserSignIn => "what asks the user",
        FieldKind::ClockSkew => "the clock skew",
        FieldKind::AccessToken => "the access token",
        FieldKind::Custom(_) => return Noun::Custom(&field.title),
        FieldKind::Key(index) => match kind {
            SchemeKind::ApiKey(api_key) if index < api_key.keys.len() => {
                return Noun::Key(api_key.keys[index].place, &field.title);
            }
            _ => "the key",
        },
    })
}
