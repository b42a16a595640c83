//! Which fields the credentials of a scheme have.

use credsmith_spec::model::{
    ApiKey, ClientAuthentication, Custom, Grant, OAuth2, Presence, Scheme, SchemeKind,
};
use credsmith_spec::{Located, Span};

use super::{FieldKind, by_hand};
use crate::naming::ident::Named;
use crate::naming::words::Splitter;

/// A field before it has its name.
pub(super) struct Present<'a> {
    pub(super) kind: FieldKind,
    /// The name in tables.
    pub(super) title: String,
    /// What diagnostics call it.
    what: &'static str,
    pub(super) required: bool,
    /// What it is named after, where the spec says so.
    source: Option<Source<'a>>,
}

/// A name in the spec that a field is named after.
#[derive(Clone, Copy)]
struct Source<'a> {
    name: &'a str,
    span: Span,
    by_hand: Option<&'a Located<String>>,
    /// Whether the name itself is what the author chooses.
    is_chosen: bool,
}

/// The fields of a scheme, in the order of the documentation.
pub(super) fn fields(scheme: &Scheme) -> Vec<Present<'_>> {
    match &scheme.kind {
        SchemeKind::OAuth2(oauth2) => FieldKind::OAUTH2
            .into_iter()
            .filter(|kind| exists(*kind, oauth2))
            .map(|kind| Present {
                kind,
                title: kind.title().to_owned(),
                what: kind.title(),
                required: kind.is_required(),
                source: None,
            })
            .collect(),
        SchemeKind::Basic(basic) => vec![
            plain(FieldKind::Username),
            Present {
                required: basic.password == Presence::Required,
                ..plain(FieldKind::Password)
            },
        ],
        SchemeKind::Bearer => vec![plain(FieldKind::AccessToken)],
        SchemeKind::ApiKey(api_key) => keys(api_key),
        SchemeKind::Custom(custom) => custom_fields(custom),
    }
}

fn plain(kind: FieldKind) -> Present<'static> {
    Present {
        kind,
        title: kind.plain_title().to_owned(),
        what: kind.plain_title(),
        required: true,
        source: None,
    }
}

fn keys(api_key: &ApiKey) -> Vec<Present<'_>> {
    let keys = api_key.keys.iter().enumerate();
    keys.map(|(index, key)| Present {
        kind: FieldKind::Key(index),
        title: key.wire_name.value.clone(),
        what: "the field",
        required: true,
        source: Some(Source {
            name: &key.wire_name,
            span: key.wire_name.span,
            by_hand: key.field.as_ref(),
            is_chosen: false,
        }),
    })
    .collect()
}

fn custom_fields(custom: &Custom) -> Vec<Present<'_>> {
    let fields = custom.fields.iter().enumerate();
    fields
        .map(|(index, field)| Present {
            kind: FieldKind::Custom(index),
            title: field.name.value.clone(),
            what: "the field",
            required: !field.optional,
            source: Some(Source {
                name: &field.name,
                span: field.name.span,
                by_hand: None,
                is_chosen: true,
            }),
        })
        .collect()
}

impl Present<'_> {
    /// The name of the field in generated code.
    pub(super) fn named(&self, scheme: &Scheme, splitter: &Splitter) -> Named {
        let (by_hand, setting) = by_hand::name(self.kind, &scheme.names.fields);
        let what = self.what;
        let Some(source) = self.source else {
            let derived = || splitter.split(&self.title).snake();
            return Named::choose(by_hand, derived, scheme.name.span, what, setting);
        };
        let derived = || splitter.split(source.name).snake();
        let mut named = Named::choose(source.by_hand, derived, source.span, what, setting);
        named.by_hand |= source.is_chosen;
        named
    }
}

/// Whether the credentials of a grant have a field of this kind.
fn exists(kind: FieldKind, oauth2: &OAuth2) -> bool {
    use FieldKind as Kind;
    let grant = oauth2.grant;
    let is_private_key_jwt =
        oauth2.client_authentication == ClientAuthentication::PrivateKeyJwt && asks_token(oauth2);
    match kind {
        // A bearer of assertions need not be a client that the server knows (RFC 7521 section 4.1).
        Kind::ClientId => {
            grant != Grant::JwtBearer || oauth2.client_authentication != ClientAuthentication::None
        }
        Kind::ClientSecret => has_secret(oauth2),
        Kind::PrivateKey | Kind::PrivateKeyId => is_private_key_jwt || grant == Grant::JwtBearer,
        Kind::RedirectUri => matches!(grant, Grant::AuthorizationCode | Grant::Implicit),
        Kind::Username | Kind::Password => grant == Grant::Password,
        Kind::Issuer | Kind::Subject => grant == Grant::JwtBearer,
        Kind::SubjectToken => grant == Grant::TokenExchange,
        Kind::Token => true,
        Kind::Scopes => oauth2.scopes.is_some(),
        Kind::TokenProvider => oauth2.token_provider,
        Kind::OnTokenUpdate => oauth2.on_token_update,
        Kind::UserSignIn => oauth2.user_sign_in,
        Kind::ClockSkew => oauth2.clock_skew,
        Kind::AccessToken | Kind::Key(_) | Kind::Custom(_) => false,
    }
}

/// Whether the scheme's fields hold a client secret.
fn has_secret(oauth2: &OAuth2) -> bool {
    let with_secret = matches!(
        oauth2.client_authentication,
        ClientAuthentication::ClientSecretBasic
            | ClientAuthentication::ClientSecretPost
            | ClientAuthentication::ClientSecretJwt
    );
    with_secret && asks_token(oauth2)
}

/// Whether the grant asks a token endpoint: an implicit one gets its tokens by way of the browser.
fn asks_token(oauth2: &OAuth2) -> bool {
    oauth2.grant != Grant::Implicit
}
