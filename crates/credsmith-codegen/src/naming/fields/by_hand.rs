//! Names of fields that the spec sets by hand.

use credsmith_spec::Located;
use credsmith_spec::model::FieldNames;

use super::FieldKind;

/// The name set by hand, and the key that sets it.
pub(super) fn name(
    kind: FieldKind,
    names: &FieldNames,
) -> (Option<&Located<String>>, &'static str) {
    use FieldKind as Kind;
    match kind {
        Kind::ClientId => (names.client_id.as_ref(), "names.fields.client_id"),
        Kind::ClientSecret => (names.client_secret.as_ref(), "names.fields.client_secret"),
        Kind::PrivateKey => (names.private_key.as_ref(), "names.fields.private_key"),
        Kind::PrivateKeyId => (names.private_key_id.as_ref(), "names.fields.private_key_id"),
        Kind::RedirectUri => (names.redirect_uri.as_ref(), "names.fields.redirect_uri"),
        Kind::Username => (names.username.as_ref(), "names.fields.username"),
        Kind::Password => (names.password.as_ref(), "names.fields.password"),
        Kind::Issuer => (names.issuer.as_ref(), "names.fields.issuer"),
        Kind::Subject => (names.subject.as_ref(), "names.fields.subject"),
        Kind::SubjectToken => (names.subject_token.as_ref(), "names.fields.subject_token"),
        Kind::Token => (names.token.as_ref(), "names.fields.token"),
        Kind::Scopes => (names.scopes.as_ref(), "names.fields.scopes"),
        Kind::TokenProvider => (names.token_provider.as_ref(), "names.fields.token_provider"),
        Kind::OnTokenUpdate => (
            names.on_token_update.as_ref(),
            "names.fields.on_token_update",
        ),
        Kind::UserSignIn => (names.user_sign_in.as_ref(), "names.fields.user_sign_in"),
        Kind::ClockSkew => (names.clock_skew.as_ref(), "names.fields.clock_skew"),
        Kind::AccessToken => (names.access_token.as_ref(), "names.fields.access_token"),
        Kind::Key(_) => (None, "field"),
        Kind::Custom(_) => (None, "name"),
    }
}
