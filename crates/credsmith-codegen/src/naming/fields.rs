//! Names of the fields of credentials: getters, setters, parameters, environment variables.

use credsmith_spec::Located;
use credsmith_spec::model::{ClientAuthentication, FieldNames, OAuth2, Scheme};

use super::ident::{Ident, Named, Shape};
use super::reserved::Reserved;
use super::words::Splitter;
use super::{Pass, rules};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldKind {
    /// The client id.
    ClientId,
    /// The client secret.
    ClientSecret,
    /// A stored token.
    Token,
    /// The scopes to request.
    Scopes,
    /// The token provider.
    TokenProvider,
    /// The update callback.
    OnTokenUpdate,
    /// The clock skew.
    ClockSkew,
}

/// One field.
#[derive(Debug)]
pub(crate) struct Field {
    /// What it holds.
    pub(crate) kind: FieldKind,
    /// Getter, setter and parameter.
    pub(crate) name: Ident,
    /// The environment variable it can be read from.
    pub(crate) variable: Option<String>,
}

impl FieldKind {
    /// In the order of the documentation.
    const ALL: [Self; 7] = [
        Self::ClientId,
        Self::ClientSecret,
        Self::Token,
        Self::Scopes,
        Self::TokenProvider,
        Self::OnTokenUpdate,
        Self::ClockSkew,
    ];

    /// The name in tables, whatever the style.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::ClientId => "OAuthClientId",
            Self::ClientSecret => "OAuthClientSecret",
            Self::Token => "OAuthToken",
            Self::Scopes => "OAuthScopes",
            Self::TokenProvider => "OAuthTokenProvider",
            Self::OnTokenUpdate => "OAuthOnTokenUpdate",
            Self::ClockSkew => "OAuthClockSkew",
        }
    }

    fn exists(self, oauth2: &OAuth2) -> bool {
        match self {
            Self::ClientId | Self::Token => true,
            Self::ClientSecret => has_secret(oauth2),
            Self::Scopes => oauth2.scopes.is_some(),
            Self::TokenProvider => oauth2.token_provider,
            Self::OnTokenUpdate => oauth2.on_token_update,
            Self::ClockSkew => oauth2.clock_skew,
        }
    }

    /// Whether the environment can hold it: what is text, and no token (that belongs into a store).
    fn has_variable(self) -> bool {
        matches!(
            self,
            Self::ClientId | Self::ClientSecret | Self::Scopes | Self::ClockSkew
        )
    }

    fn by_hand(self, names: &FieldNames) -> (Option<&Located<String>>, &'static str) {
        match self {
            Self::ClientId => (names.client_id.as_ref(), "names.fields.client_id"),
            Self::ClientSecret => (names.client_secret.as_ref(), "names.fields.client_secret"),
            Self::Token => (names.token.as_ref(), "names.fields.token"),
            Self::Scopes => (names.scopes.as_ref(), "names.fields.scopes"),
            Self::TokenProvider => (names.token_provider.as_ref(), "names.fields.token_provider"),
            Self::OnTokenUpdate => (
                names.on_token_update.as_ref(),
                "names.fields.on_token_update",
            ),
            Self::ClockSkew => (names.clock_skew.as_ref(), "names.fields.clock_skew"),
        }
    }
}

pub(super) fn decide(
    scheme: &Scheme,
    oauth2: &OAuth2,
    prefix: &Named,
    splitter: &Splitter,
    pass: &mut Pass,
) -> Option<Vec<Field>> {
    let mut space = rules::collision::Namespace::default();
    let mut fields = Vec::new();
    for kind in FieldKind::ALL
        .into_iter()
        .filter(|kind| kind.exists(oauth2))
    {
        let (by_hand, setting) = kind.by_hand(&scheme.names.fields);
        let derived = || splitter.split(kind.title()).snake();
        let name = Named::choose(by_hand, derived, scheme.name.span, kind.title(), setting);
        space.take(&name, &mut pass.problems);
        let ident = pass.ident(&name, Shape::Value, Reserved::CredentialsMembers);
        let variable = kind.has_variable().then(|| variable(prefix, &name, pass));
        fields.push(ident.map(|name| Field {
            kind,
            name,
            variable: variable.flatten(),
        }));
    }
    fields.into_iter().collect()
}

/// The environment variable of a field; its name is portable (POSIX: capitals, digits, `_`).
fn variable(prefix: &Named, field: &Named, pass: &mut Pass) -> Option<String> {
    let name = format!("{}_{}", prefix.name, field.name.to_uppercase());
    let named = Named {
        name: name.to_lowercase(),
        ..prefix.clone()
    };
    if name != name.to_uppercase() || !rules::shape::fits(&named.name, Shape::Value) {
        let named = Named {
            name,
            ..prefix.clone()
        };
        let misfit = rules::shape::misfit_variable(&named);
        pass.problems.about(&named, misfit);
        return None;
    }
    pass.spaces.variables.take(
        &Named {
            name: name.clone(),
            ..prefix.clone()
        },
        &mut pass.problems,
    );
    Some(name)
}

/// Whether the scheme's fields hold a client secret.
fn has_secret(oauth2: &OAuth2) -> bool {
    oauth2.client_authentication != ClientAuthentication::None
}
