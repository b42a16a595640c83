//! The OAuth 2.0 grants, and the values that each of them needs.
//!
//! Three of the grants begin with the user's sign-in: the application sends the user to the server, or a
//! [`UserSignIn`](crate::UserSignIn) does. After that the engine refreshes the token. The other grants need no user.

mod exchange;
#[cfg(feature = "jwt")]
mod jwt;
mod password;

pub use self::exchange::{SubjectToken, TokenExchange};
#[cfg(feature = "jwt")]
pub use self::jwt::JwtBearer;
pub use self::password::PasswordGrant;

/// The grant of a manager, which decides how it obtains its first token.
///
/// Each variant has an example, which runs against a token server on this machine.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Grant {
    /// The client acts for itself (RFC 6749 section 4.4). Refresh tokens are ignored: the grant is run again.
    ///
    #[cfg_attr(feature = "reqwest", doc = "```")]
    #[cfg_attr(not(feature = "reqwest"), doc = "```ignore")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = credsmith_token_server::TokenServer::start_blocking();
    /// # server.register_client("my-client", "my secret");
    /// use credsmith_runtime::{Grant, TokenManager};
    ///
    /// let manager = TokenManager::builder("acme")
    ///     .grant(Grant::ClientCredentials)
    ///     .token_url(server.token_url())
    ///     .client_id("my-client")
    ///     .client_secret("my secret".into())
    ///     .build()?;
    /// let token = manager.token().await?;
    /// assert_eq!(token.token_type(), "Bearer");
    /// # Ok(())
    /// # }
    /// ```
    #[default]
    ClientCredentials,
    /// The user signs in with a browser (RFC 6749 section 4.1). PKCE (RFC 7636) is used unless it is turned off.
    ///
    /// See [`start_sign_in`](crate::TokenManager::start_sign_in).
    ///
    #[cfg_attr(feature = "reqwest", doc = "```")]
    #[cfg_attr(not(feature = "reqwest"), doc = "```ignore")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = credsmith_token_server::TokenServer::start_blocking();
    /// # use credsmith_runtime::{ReqwestTransport, Transport, bytes::Bytes, http};
    /// # async fn open_browser(url: &str) -> Result<String, Box<dyn std::error::Error>> {
    /// #     let request = http::Request::get(url).body(Bytes::new())?;
    /// #     let response = ReqwestTransport::new()?.send(request).await?;
    /// #     Ok(response.headers()["location"].to_str()?.to_owned())
    /// # }
    /// # server.register_public_client("my-client");
    /// use credsmith_runtime::{ClientAuthentication, Grant, TokenManager};
    ///
    /// let manager = TokenManager::builder("acme")
    ///     .grant(Grant::AuthorizationCode)
    ///     .authorization_url(server.authorization_url())
    ///     .token_url(server.token_url())
    ///     .redirect_uri("http://127.0.0.1:8080/callback")
    ///     .client_id("my-client")
    ///     .client_authentication(ClientAuthentication::None)
    ///     .build()?;
    /// let request = manager.start_sign_in().await?;
    /// // The browser comes back to the redirect URI with a code.
    /// let callback_url = open_browser(request.url()).await?;
    /// manager.complete_sign_in(&request, &callback_url).await?;
    /// assert!(manager.token().await.is_ok());
    /// # Ok(())
    /// # }
    /// ```
    AuthorizationCode,
    /// The server puts the token into the callback URL (RFC 6749 section 4.2). It cannot be refreshed without the
    /// user.
    ///
    /// RFC 9700 section 2.1.2 advises against this grant. It is for APIs that offer no other.
    ///
    #[cfg_attr(feature = "reqwest", doc = "```")]
    #[cfg_attr(not(feature = "reqwest"), doc = "```ignore")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = credsmith_token_server::TokenServer::start_blocking();
    /// # use credsmith_runtime::{ReqwestTransport, Transport, bytes::Bytes, http};
    /// # async fn open_browser(url: &str) -> Result<String, Box<dyn std::error::Error>> {
    /// #     let request = http::Request::get(url).body(Bytes::new())?;
    /// #     let response = ReqwestTransport::new()?.send(request).await?;
    /// #     Ok(response.headers()["location"].to_str()?.to_owned())
    /// # }
    /// # server.register_public_client("my-client");
    /// use credsmith_runtime::{ClientAuthentication, Grant, TokenManager};
    ///
    /// let manager = TokenManager::builder("acme")
    ///     .grant(Grant::Implicit)
    ///     .authorization_url(server.authorization_url())
    ///     .redirect_uri("http://127.0.0.1:8080/callback")
    ///     .client_id("my-client")
    ///     .client_authentication(ClientAuthentication::None)
    ///     .build()?;
    /// let request = manager.start_sign_in().await?;
    /// // The token is in the fragment, after the `#`.
    /// let callback_url = open_browser(request.url()).await?;
    /// let token = manager.complete_sign_in(&request, &callback_url).await?;
    /// assert!(token.refresh_token().is_none());
    /// # Ok(())
    /// # }
    /// ```
    Implicit,
    /// The user enters a code on another device (RFC 8628).
    ///
    /// See [`start_device_sign_in`](crate::TokenManager::start_device_sign_in).
    ///
    #[cfg_attr(feature = "reqwest", doc = "```")]
    #[cfg_attr(not(feature = "reqwest"), doc = "```ignore")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = credsmith_token_server::TokenServer::start_blocking();
    /// # server.register_public_client("my-client");
    /// # server.set_device_interval(1);
    /// use credsmith_runtime::{ClientAuthentication, Grant, TokenManager};
    ///
    /// let manager = TokenManager::builder("acme")
    ///     .grant(Grant::DeviceCode)
    ///     .device_authorization_url(server.device_authorization_url())
    ///     .token_url(server.token_url())
    ///     .client_id("my-client")
    ///     .client_authentication(ClientAuthentication::None)
    ///     .build()?;
    /// let codes = manager.start_device_sign_in().await?;
    /// println!("Open {} and enter {}", codes.verification_uri(), codes.user_code());
    /// # server.decide_for_device(codes.user_code(), true);
    /// // Polls until the user has entered the code.
    /// manager.complete_device_sign_in(&codes).await?;
    /// assert!(manager.token().await.is_ok());
    /// # Ok(())
    /// # }
    /// ```
    DeviceCode,
    /// The application knows the user's password (RFC 6749 section 4.3).
    ///
    /// RFC 9700 section 2.4 forbids this grant. It is for APIs that offer no other.
    ///
    #[cfg_attr(feature = "reqwest", doc = "```")]
    #[cfg_attr(not(feature = "reqwest"), doc = "```ignore")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = credsmith_token_server::TokenServer::start_blocking();
    /// # server.register_client("my-client", "my secret");
    /// # server.register_user("grace", "correct horse");
    /// use credsmith_runtime::{Grant, PasswordGrant, TokenManager};
    ///
    /// let manager = TokenManager::builder("acme")
    ///     .grant(Grant::Password(PasswordGrant::new("grace", "correct horse".into())))
    ///     .token_url(server.token_url())
    ///     .client_id("my-client")
    ///     .client_secret("my secret".into())
    ///     .build()?;
    /// assert!(manager.token().await.is_ok());
    /// # Ok(())
    /// # }
    /// ```
    Password(PasswordGrant),
    /// The client presents a signed assertion about the user or the service (RFC 7523 section 2.1). Each request has a new assertion.
    /// Refresh tokens are ignored.
    ///
    #[cfg_attr(feature = "reqwest", doc = "```")]
    #[cfg_attr(not(feature = "reqwest"), doc = "```ignore")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = credsmith_token_server::TokenServer::start_blocking();
    /// # let private_key = credsmith_token_server::keys::P256;
    /// # server.register_assertion_issuer("service@acme.example");
    /// use credsmith_runtime::{ClientAuthentication, Grant, JwtBearer, SigningKey, TokenManager};
    ///
    /// let key = SigningKey::from_pem(&private_key.into())?;
    /// let manager = TokenManager::builder("acme")
    ///     .grant(Grant::JwtBearer(JwtBearer::new("service@acme.example").signing_key(key)))
    ///     .token_url(server.token_url())
    ///     .client_authentication(ClientAuthentication::None)
    ///     .build()?;
    /// assert!(manager.token().await.is_ok());
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "jwt")]
    JwtBearer(JwtBearer),
    /// A token that another server issued is exchanged (RFC 8693).
    ///
    #[cfg_attr(feature = "reqwest", doc = "```")]
    #[cfg_attr(not(feature = "reqwest"), doc = "```ignore")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = credsmith_token_server::TokenServer::start_blocking();
    /// # server.register_client("my-client", "my secret");
    /// # server.register_subject_token("their-token");
    /// use credsmith_runtime::{Grant, TokenExchange, TokenManager};
    ///
    /// let manager = TokenManager::builder("acme")
    ///     .grant(Grant::TokenExchange(TokenExchange::new("their-token")))
    ///     .token_url(server.token_url())
    ///     .client_id("my-client")
    ///     .client_secret("my secret".into())
    ///     .build()?;
    /// assert!(manager.token().await.is_ok());
    /// # Ok(())
    /// # }
    /// ```
    TokenExchange(TokenExchange),
}

impl Grant {
    /// Returns the name that distinguishes the tokens of this grant in a store.
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

    /// Returns whether the first token requires the user.
    pub(crate) fn needs_user(&self) -> bool {
        matches!(
            self,
            Self::AuthorizationCode | Self::Implicit | Self::DeviceCode
        )
    }

    /// Returns whether tokens are refreshed with refresh tokens, if the server issues them.
    pub(crate) fn takes_refresh_tokens(&self) -> bool {
        matches!(
            self,
            Self::AuthorizationCode | Self::DeviceCode | Self::Password(_) | Self::TokenExchange(_)
        )
    }

    /// Returns whether a token request may have no client (RFC 7523 section 3.1, RFC 8693 section 2.1).
    pub(crate) fn may_be_anonymous(&self) -> bool {
        match self {
            #[cfg(feature = "jwt")]
            Self::JwtBearer(_) => true,
            Self::TokenExchange(_) => true,
            _ => false,
        }
    }

    /// Returns a hint for the application if there is no token and none can be requested.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::AuthorizationCode | Self::Implicit => {
                "send the user to the URL of start_sign_in(), and hand the callback to complete_sign_in()"
            }
            Self::DeviceCode => {
                "show the user the code of start_device_sign_in(), and await complete_device_sign_in()"
            }
            _ => "call fetch_token() and hand the token in",
        }
    }

    /// Returns the names of the grant's missing parameters.
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
