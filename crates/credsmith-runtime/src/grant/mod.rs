//! By what right a client asks for tokens: the grants, and what each needs to be told.
//!
//! Three of them need the user's consent first: the engine cannot get it, but says so, asks the
//! application's [`UserAuthorization`](crate::UserAuthorization), and keeps what came of it alive
//! with refresh tokens. The others it runs by itself.

mod exchange;
#[cfg(feature = "jwt")]
mod jwt;
mod password;

pub use self::exchange::{SubjectToken, TokenExchange};
#[cfg(feature = "jwt")]
pub use self::jwt::JwtBearer;
pub use self::password::PasswordGrant;

/// The grant of a manager: how it comes to its first token.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Grant {
    /// The client asks for itself (RFC 6749 section 4.4). Refresh tokens are ignored: the grant is
    /// run again.
    #[default]
    ClientCredentials,
    /// The user signs in with a browser (RFC 6749 section 4.1), with PKCE (RFC 7636) unless it is
    /// switched off: see [`authorization_request`](crate::TokenManager::authorization_request).
    AuthorizationCode,
    /// The token comes in the callback itself (RFC 6749 section 4.2), and is never renewed without
    /// the user. For APIs that offer nothing else: RFC 9700 section 2.1.2 advises against it.
    Implicit,
    /// The user enters a code on another device (RFC 8628): see
    /// [`start_device_authorization`](crate::TokenManager::start_device_authorization).
    DeviceCode,
    /// The application knows the user's password (RFC 6749 section 4.3). For APIs that offer nothing
    /// else: RFC 9700 section 2.4 forbids it.
    Password(PasswordGrant),
    /// A signed assertion stands for the user or the service (RFC 7523 section 2.1). It is made anew
    /// for each request; refresh tokens are ignored.
    #[cfg(feature = "jwt")]
    JwtBearer(JwtBearer),
    /// Another token is exchanged (RFC 8693).
    TokenExchange(TokenExchange),
}

impl Grant {
    /// What tells the tokens of two grants apart in a store.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::ClientCredentials => "client_credentials",
            Self::AuthorizationCode => "authorization_code",
            Self::Implicit => "implicit",
            Self::DeviceCode => "device_code",
            Self::Password(_) => "password",
            #[cfg(feature = "jwt")]
            Self::JwtBearer(_) => "jwt_bearer",
            Self::TokenExchange(_) => "token_exchange",
        }
    }

    /// Whether only the user can bring a first token about.
    pub(crate) fn needs_user(&self) -> bool {
        matches!(
            self,
            Self::AuthorizationCode | Self::Implicit | Self::DeviceCode
        )
    }

    /// Whether tokens are renewed with refresh tokens, where the server gives some.
    pub(crate) fn takes_refresh_tokens(&self) -> bool {
        matches!(
            self,
            Self::AuthorizationCode | Self::DeviceCode | Self::Password(_) | Self::TokenExchange(_)
        )
    }

    /// Whether the server may be asked without naming a client (RFC 7523 section 3.1, RFC 8693
    /// section 2.1).
    pub(crate) fn may_be_anonymous(&self) -> bool {
        match self {
            #[cfg(feature = "jwt")]
            Self::JwtBearer(_) => true,
            Self::TokenExchange(_) => true,
            _ => false,
        }
    }

    /// What the application is to do where there is no token and none can be fetched.
    pub(crate) fn remedy(&self) -> &'static str {
        match self {
            Self::AuthorizationCode | Self::Implicit => {
                "send the user to the URL of authorization_request(), and hand the callback to complete_authorization()"
            }
            Self::DeviceCode => {
                "show the user the code of start_device_authorization(), and await complete_device_authorization()"
            }
            _ => "call fetch_token() and hand the token in",
        }
    }

    /// The parts of the grant's own that were never given, by what they are called.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        match self {
            Self::Password(password) => password.missing(),
            #[cfg(feature = "jwt")]
            Self::JwtBearer(assertion) => assertion.missing(),
            Self::TokenExchange(exchange) => exchange.missing(),
            _ => Vec::new(),
        }
    }
}
