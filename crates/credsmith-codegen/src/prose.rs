//! Sentences on fields that code comments and pages share, in English and Markdown.

use credsmith_spec::facts::Field as Kind;
use credsmith_spec::model::Place;

use crate::leaf::CodeSpan;
use crate::plan::Field;

/// What a field holds, as the rest of a sentence: "the client id". In a table, bars are escaped.
pub(crate) fn noun<N>(field: &Field<'_, N>, in_table: bool) -> String {
    let span = |text: &str| {
        let new = if in_table {
            CodeSpan::in_table
        } else {
            CodeSpan::new
        };
        new(text).0.to_string()
    };
    let fixed = match field.kind {
        Kind::ClientId => "the client id",
        Kind::ClientSecret => "the client secret",
        Kind::PrivateKey => "the private key, in PEM",
        Kind::PrivateKeyId => "the id of the private key",
        Kind::RedirectUri => "the redirect URI",
        Kind::Username => "the user name",
        Kind::Password => "the password",
        Kind::Issuer => "the issuer of assertions",
        Kind::Subject => "the subject of assertions",
        Kind::SubjectToken => "the token to exchange",
        Kind::Token => "the stored token",
        Kind::Scopes => "the scopes",
        Kind::TokenProvider => "the token provider",
        Kind::OnTokenUpdate => "the update callback",
        Kind::UserSignIn => "what asks the user",
        Kind::ClockSkew => "the clock skew",
        Kind::AccessToken => "the access token",
        Kind::Key(_) => {
            let place = match field.key.map(|key| key.place) {
                Some(Place::Query) => "query parameter",
                Some(Place::Cookie) => "cookie",
                _ => "header",
            };
            return format!("the value of the {place} {}", span(field.title));
        }
        Kind::Custom(_) => {
            return format!("what requests are signed with as {}", span(field.title));
        }
    };
    fixed.to_owned()
}

/// What the environment variable of a field holds, for tables: "the clock skew in seconds (optional)".
pub(crate) fn variable_note<N>(field: &Field<'_, N>) -> String {
    match field.kind {
        Kind::Scopes => "scopes, separated by spaces (optional)".to_owned(),
        Kind::ClockSkew => "the clock skew in seconds (optional)".to_owned(),
        _ if field.required => noun(field, true),
        _ => format!("{} (optional)", noun(field, true)),
    }
}
