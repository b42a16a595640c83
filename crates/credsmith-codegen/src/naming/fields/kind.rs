//! What the fields of credentials hold.

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldKind {
    /// The client id.
    ClientId,
    /// The client secret.
    ClientSecret,
    /// The private key that signs assertions.
    PrivateKey,
    /// The name under which the server knows the private key.
    PrivateKeyId,
    /// Where the server sends the browser back to.
    RedirectUri,
    /// The user's name.
    Username,
    /// The user's password.
    Password,
    /// Who issues assertions.
    Issuer,
    /// Whom assertions are about.
    Subject,
    /// The token to exchange.
    SubjectToken,
    /// A stored token.
    Token,
    /// The scopes to request.
    Scopes,
    /// The token provider.
    TokenProvider,
    /// The update callback.
    OnTokenUpdate,
    /// What asks the user.
    UserSignIn,
    /// The clock skew.
    ClockSkew,
    /// The token of a bearer scheme.
    AccessToken,
    /// An API key, by its place in the spec.
    Key(usize),
    /// A field of a custom scheme, by its place in the spec.
    Custom(usize),
}

impl FieldKind {
    /// The kinds of OAuth 2.0, in the order of the documentation.
    pub(super) const OAUTH2: [Self; 16] = [
        Self::ClientId,
        Self::ClientSecret,
        Self::PrivateKey,
        Self::PrivateKeyId,
        Self::RedirectUri,
        Self::Username,
        Self::Password,
        Self::Issuer,
        Self::Subject,
        Self::SubjectToken,
        Self::Token,
        Self::Scopes,
        Self::TokenProvider,
        Self::OnTokenUpdate,
        Self::UserSignIn,
        Self::ClockSkew,
    ];

    /// The name in tables, whatever the style. Those of keys and custom fields stand in the spec.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::ClientId => "OAuthClientId",
            Self::ClientSecret => "OAuthClientSecret",
            Self::PrivateKey => "OAuthPrivateKey",
            Self::PrivateKeyId => "OAuthPrivateKeyId",
            Self::RedirectUri => "OAuthRedirectUri",
            Self::Username => "OAuthUsername",
            Self::Password => "OAuthPassword",
            Self::Issuer => "OAuthIssuer",
            Self::Subject => "OAuthSubject",
            Self::SubjectToken => "OAuthSubjectToken",
            Self::Token => "OAuthToken",
            Self::Scopes => "OAuthScopes",
            Self::TokenProvider => "OAuthTokenProvider",
            Self::OnTokenUpdate => "OAuthOnTokenUpdate",
            Self::UserSignIn => "OAuthUserSignIn",
            Self::ClockSkew => "OAuthClockSkew",
            Self::AccessToken => "AccessToken",
            Self::Key(_) | Self::Custom(_) => "the field",
        }
    }

    /// The title where the scheme is no OAuth 2.0.
    pub(super) fn plain_title(self) -> &'static str {
        let title = self.title();
        title.strip_prefix("OAuth").unwrap_or(title)
    }

    /// The name that it has where names set by hand do not count: as a parameter, and in `names.fields`.
    pub(crate) fn canonical(self) -> Option<&'static str> {
        Some(match self {
            Self::ClientId => "client_id",
            Self::ClientSecret => "client_secret",
            Self::PrivateKey => "private_key",
            Self::PrivateKeyId => "private_key_id",
            Self::RedirectUri => "redirect_uri",
            Self::Username => "username",
            Self::Password => "password",
            Self::Issuer => "issuer",
            Self::Subject => "subject",
            Self::SubjectToken => "subject_token",
            Self::Token => "token",
            Self::Scopes => "scopes",
            Self::TokenProvider => "token_provider",
            Self::OnTokenUpdate => "on_token_update",
            Self::UserSignIn => "user_sign_in",
            Self::ClockSkew => "clock_skew",
            Self::AccessToken => "access_token",
            Self::Key(_) | Self::Custom(_) => return None,
        })
    }

    /// Whether the environment can hold it: what is text, and no token of the SDK's own (that belongs
    /// into a store).
    pub(super) fn has_variable(self) -> bool {
        !matches!(
            self,
            Self::Token | Self::TokenProvider | Self::OnTokenUpdate | Self::UserSignIn
        )
    }

    /// Whether credentials of OAuth 2.0 that have the field are of no use without it.
    pub(super) fn is_required(self) -> bool {
        matches!(
            self,
            Self::ClientId
                | Self::ClientSecret
                | Self::PrivateKey
                | Self::RedirectUri
                | Self::Username
                | Self::Password
                | Self::Issuer
                | Self::SubjectToken
        )
    }
}
