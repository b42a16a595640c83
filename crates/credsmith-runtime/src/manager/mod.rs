//! The manager: the handle that generated code and applications use. It calls the engine.

mod builder;
mod header;
mod sign_in;
#[cfg(test)]
mod tests;

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Uri};

pub use self::builder::{TokenFetch, TokenManagerBuilder};
use self::header::Header;
use crate::destination;
use crate::engine::{CachedToken, Engine, InnerCalls, header_of};
use crate::error::{Reason, TokenError};
use crate::protocol::url;
use crate::statistics::Statistics;
use crate::token::Token;

/// Keeps a token valid, and gives requests its `Authorization` header.
///
/// Clones share everything: the token, the refresh in flight, the last error. A manager can be used from any async
/// runtime, from several at a time, and without one.
#[derive(Clone)]
pub struct TokenManager {
    engine: Arc<Engine>,
    handle: Handle,
}

/// The owner of a manager handle.
#[derive(Clone)]
enum Handle {
    /// The application; its clones are counted.
    Application { _owner: Arc<Owner> },
    /// A hook that a refresh calls. The hook began in this generation.
    Hook {
        generation: u64,
        calls: Arc<InnerCalls>,
    },
}

/// Dropped with the application's last clone. A refresh references its engine, and the engine its refresh, so a
/// refresh that nobody polls would keep both alive forever.
struct Owner(Arc<Engine>);

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.drop_tasks();
    }
}

impl TokenManager {
    /// Returns a builder. Errors and events name `scheme`.
    pub fn builder(scheme: &'static str) -> TokenManagerBuilder {
        TokenManagerBuilder::new(scheme)
    }

    fn new(engine: Arc<Engine>) -> Self {
        let owner = Arc::new(Owner(Arc::clone(&engine)));
        Self {
            engine,
            handle: Handle::Application { _owner: owner },
        }
    }

    /// Makes the manager that a refresh passes to a hook.
    pub(crate) fn for_hook(engine: Arc<Engine>, calls: Arc<InnerCalls>) -> Self {
        let generation = engine.generation();
        Self {
            engine,
            handle: Handle::Hook { generation, calls },
        }
    }

    fn is_hook(&self) -> bool {
        matches!(self.handle, Handle::Hook { .. })
    }

    /// Runs a call of this manager. Within a hook, its time does not count as the hook's.
    async fn call<T>(&self, call: impl Future<Output = T>) -> T {
        let _inner = match &self.handle {
            Handle::Application { .. } => None,
            Handle::Hook { calls, .. } => Some(calls.begin(self.engine.settings.clock.as_ref())),
        };
        call.await
    }

    /// Waits until all work in progress has ended: a refresh, writes to the store, and update callbacks. Call this
    /// before a program ends, so that no new refresh token is lost. Within a hook it does not wait for the refresh,
    /// since the refresh waits for the hook.
    ///
    /// # Errors
    ///
    /// Returns an error if the token store does not hold the latest token.
    pub async fn flush(&self) -> Result<(), TokenError> {
        self.call(self.engine.flush(self.is_hook())).await
    }

    /// Requests a token from the token endpoint and returns it, without setting it. The provider is not called, and a
    /// cool-down ends. Concurrent calls share one request.
    ///
    /// If there is a refresh token, it is used, and the new token **is** set, saved to the store and passed to the
    /// update callback, because the server may have invalidated the old refresh token. If processes share a store and
    /// another one has just refreshed, its token is loaded from the store instead of a request.
    ///
    /// # Errors
    ///
    /// Returns an error if the token endpoint refuses the request or cannot be reached, if credentials are missing,
    /// or if the user has to sign in ([`TokenError::is_sign_in_needed`]). The user sign-in is not called.
    pub async fn fetch_token(&self) -> Result<Token, TokenError> {
        self.call(self.engine.fetch_token(self.is_hook())).await
    }

    /// Returns the current token if it is valid, otherwise a new one.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no valid token and none can be obtained: the provider fails, the token endpoint
    /// refuses the request or cannot be reached, credentials are missing, or the user has to sign in. With
    /// [`TokenFetch::Manual`], nothing is requested, and the error says that a token has to be set.
    pub async fn token(&self) -> Result<Token, TokenError> {
        Ok(self.cached().await?.token())
    }

    /// Returns the value of the `Authorization` header, which is marked sensitive. Send it only over https:
    /// [`authorize`](Self::authorize) checks that.
    ///
    /// With a valid token the future is ready at once, usually without a lock or an allocation.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`token`](Self::token), and an error if the token cannot be sent in a header.
    #[inline]
    pub fn authorization(
        &self,
    ) -> impl Future<Output = Result<HeaderValue, TokenError>> + Send + '_ {
        Header::of(self)
    }

    async fn awaited_header(&self) -> Result<HeaderValue, TokenError> {
        let cached = self.cached().await?;
        self.header(&cached)
    }

    /// Returns the value of the `Authorization` header if the current token is valid. Never waits. Starts a refresh
    /// if one is due.
    pub fn try_authorization(&self) -> Option<HeaderValue> {
        match self.engine.snapshot() {
            Some(found) => Some(header_of(found)),
            None => self.engine.try_get()?.header().ok(),
        }
    }

    /// Sets the `Authorization` header of `request`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`authorization`](Self::authorization). Also returns an error, before any request, if
    /// `request` would send the token over plain http to another machine
    /// ([`TokenErrorKind::InsecureUrl`](crate::TokenErrorKind::InsecureUrl)), or if its URL has no host, such as
    /// `/things`, so that this cannot be checked. See
    /// [`allow_insecure_http`](TokenManagerBuilder::allow_insecure_http).
    pub async fn authorize<B>(&self, request: &mut Request<B>) -> Result<(), TokenError> {
        self.check_url(request.uri())?;
        let value = self.authorization().await?;
        request.headers_mut().insert(AUTHORIZATION, value);
        Ok(())
    }

    /// Returns the current token, even if it has expired.
    pub fn current_token(&self) -> Option<Token> {
        self.engine.current()
    }

    /// Sets the token. It takes precedence over a refresh in flight, and a cool-down ends. The update callback is not
    /// called, since the caller has the token.
    ///
    /// The token is saved to the store in the background; [`flush`](Self::flush) waits for that. To restore a token
    /// from an earlier run, use [`TokenManagerBuilder::token`]: a newer token in the store takes precedence over
    /// that.
    pub fn set_token(&self, token: Token) {
        self.engine.set(token);
    }

    /// Removes the token, also from the store. Tokens of a refresh or a sign-in in flight are not set. The store is
    /// updated in the background; [`flush`](Self::flush) waits for that. [`revoke_token`](Self::revoke_token) also
    /// revokes the token at the server.
    pub fn clear_token(&self) {
        self.engine.clear();
    }

    /// Drops the current token if it is `token`, because the API refused it.
    ///
    /// If the API has refused three tokens in a row, the token is not the cause. From then on, a token that replaced
    /// a refused one is kept for a while, at first for 1 s and finally for 60 s, so that an API which refuses
    /// everything does not cause a token request for each request. This ends after ten minutes without a refused
    /// token, and with [`set_token`](Self::set_token) and [`clear_token`](Self::clear_token).
    pub fn invalidate(&self, token: &Token) {
        self.engine.invalidate(token);
    }

    /// Returns whether `token` counts as expired: `expiry - skew <= now`. A token without an expiry never expires.
    /// The skew is limited to a part of the token's lifetime, if that is known: see
    /// [`clock_skew`](TokenManagerBuilder::clock_skew).
    pub fn is_expired(&self, token: &Token) -> bool {
        self.engine.is_expired(token)
    }

    /// Returns whether there are credentials: a client id or the credentials of the grant, a token, a provider or a
    /// user sign-in. Sends nothing.
    pub fn is_configured(&self) -> bool {
        self.engine.settings.is_configured() || self.engine.current().is_some()
    }

    /// Returns the name of the scheme.
    pub fn scheme(&self) -> &str {
        self.engine.settings.scheme
    }

    /// Returns the URL of the token endpoint as it was configured. It is empty if the URL is discovered, or if the
    /// grant has no token endpoint.
    pub fn token_url(&self) -> &str {
        let token = self.engine.settings.endpoints.token.as_ref();
        token.map_or("", |address| &address.given)
    }

    /// Returns the counters of this manager.
    pub fn statistics(&self) -> Statistics {
        self.engine.counters.read()
    }

    /// Drops the token of `cached`, because the API refused it. Returns false if the token is kept.
    pub(crate) fn refuse(&self, cached: &CachedToken) -> bool {
        self.engine.invalidate(&cached.token())
    }

    pub(crate) fn allows_insecure_http(&self) -> bool {
        self.engine.settings.endpoints.allow_insecure_http
    }

    /// Returns an error if a request would send the token in the clear.
    pub(crate) fn check_url(&self, uri: &Uri) -> Result<(), TokenError> {
        self.check_url_parts(uri.scheme_str(), uri.host())
    }

    /// Does the same for a URL of another library.
    pub(crate) fn check_url_parts(
        &self,
        url_scheme: Option<&str>,
        host: Option<&str>,
    ) -> Result<(), TokenError> {
        destination::check_parts(self.scheme(), url_scheme, host, self.allows_insecure_http())
            .map_err(|problem| self.engine.error(Reason::InsecureUrl(problem)))
    }

    pub(crate) fn is_automatic(&self) -> bool {
        self.engine.settings.automatic
    }

    pub(crate) async fn cached(&self) -> Result<Arc<CachedToken>, TokenError> {
        self.engine.get(self.is_hook()).await
    }

    pub(crate) fn header(&self, cached: &CachedToken) -> Result<HeaderValue, TokenError> {
        cached.header().map_err(|reason| self.engine.error(reason))
    }
}

impl fmt::Debug for TokenManager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = &self.engine.settings;
        let token = settings.endpoints.token.as_ref();
        let shown_url = token.map(|address| url::shown(&address.uri));
        f.debug_struct("TokenManager")
            .field("scheme", &settings.scheme)
            .field("token_url", &shown_url)
            .field("issuer", &settings.endpoints.issuer)
            .field("grant", &settings.grant)
            .field("client_id", &settings.client_id)
            .field("is_hook", &self.is_hook())
            .field("token", &self.engine.current())
            .finish_non_exhaustive()
    }
}
