//! The manager: what generated code and applications hold. All it does is call the engine.

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

/// Gives every request a valid `Authorization` value, and fetches tokens as rarely as it can.
///
/// Clones share everything: the token, the refresh in flight, the failure before it. A manager is
/// not tied to the async runtime it was built in, or to any.
#[derive(Clone)]
pub struct TokenManager {
    engine: Arc<Engine>,
    holder: Holder,
}

/// Who has a manager.
#[derive(Clone)]
enum Holder {
    /// The application; its clones are counted.
    Application { _owner: Arc<Owner> },
    /// A hook that a refresh calls, which began in this generation.
    Hook {
        generation: u64,
        calls: Arc<InnerCalls>,
    },
}

/// Ends with the application's last clone. A refresh holds its engine, and the engine its refresh, so
/// one that nobody drives would keep both for ever.
struct Owner(Arc<Engine>);

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

impl TokenManager {
    /// Starts a manager for the scheme of this name, which errors and events will show.
    pub fn builder(scheme: &'static str) -> TokenManagerBuilder {
        TokenManagerBuilder::new(scheme)
    }

    fn new(engine: Arc<Engine>) -> Self {
        let owner = Arc::new(Owner(Arc::clone(&engine)));
        Self {
            engine,
            holder: Holder::Application { _owner: owner },
        }
    }

    /// The manager that a refresh hands to a hook.
    pub(crate) fn for_hook(engine: Arc<Engine>, calls: Arc<InnerCalls>) -> Self {
        let generation = engine.generation();
        Self {
            engine,
            holder: Holder::Hook { generation, calls },
        }
    }

    fn is_hook(&self) -> bool {
        matches!(self.holder, Holder::Hook { .. })
    }

    /// Runs a call of this manager. What it takes inside of a hook is not the hook's time.
    async fn call<T>(&self, call: impl Future<Output = T>) -> T {
        let _inner = match &self.holder {
            Holder::Application { .. } => None,
            Holder::Hook { calls, .. } => Some(calls.begin(self.engine.settings.clock.as_ref())),
        };
        call.await
    }

    /// Waits until what is under way has ended: a refresh, the store's writer, and the update callbacks. Call
    /// this before a program ends, so that no new refresh token is lost. Inside of a hook it does not wait for
    /// the refresh, which waits for the hook.
    ///
    /// # Errors
    ///
    /// Returns an error if the token store does not hold the latest token.
    pub async fn flush(&self) -> Result<(), TokenError> {
        self.call(self.engine.flush(self.is_hook())).await
    }

    /// Fetches a token from the endpoint and returns it, without installing it. The provider is not
    /// asked, and a cool-down is ended; calls at the same time share one request.
    ///
    /// With a refresh token, that is what is used, and the new token **is** installed, saved to the
    /// store and given to the update callback: the server may have put the old refresh token out of
    /// use. If processes share a store and another one has refreshed meanwhile, its token is taken from
    /// the store and the endpoint is not asked. Where only the user can help, the error says so
    /// ([`TokenError::is_user_authorization_needed`]); the user authorization is not called.
    pub async fn fetch_token(&self) -> Result<Token, TokenError> {
        self.call(self.engine.fetch_token(self.is_hook())).await
    }

    /// The installed token while it is usable, else a new one. In the manual flow nothing is
    /// fetched: the error says that a token has to be handed in.
    pub async fn token(&self) -> Result<Token, TokenError> {
        Ok(self.cached().await?.token())
    }

    /// The value of the `Authorization` header, marked sensitive. Where it is sent is up to the caller:
    /// send it only over https. [`authorize`](Self::authorize) checks that.
    ///
    /// With a valid token this is ready at once, usually without a lock or an allocation.
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

    /// The value of the `Authorization` header, if it can be had without waiting. Starts a refresh
    /// that is due.
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
    /// Returns an error if there is no token, or if `request` would send it over plain http to another
    /// machine ([`TokenError::is_insecure_url`]); in this case no token is fetched. A URL without a host,
    /// as `/things`, does not say how the request travels, and is refused as well. See
    /// [`allow_insecure_http`](TokenManagerBuilder::allow_insecure_http).
    pub async fn authorize<B>(&self, request: &mut Request<B>) -> Result<(), TokenError> {
        self.check_url(request.uri())?;
        let value = self.authorization().await?;
        request.headers_mut().insert(AUTHORIZATION, value);
        Ok(())
    }

    /// The installed token, even if it has expired.
    pub fn current_token(&self) -> Option<Token> {
        self.engine.current()
    }

    /// Installs a token, and ends what is in flight or cooling down. The update callback is not
    /// called: it tells of tokens that the caller does not have yet.
    ///
    /// The store gets the token in place of the one that it has, in the background: call [`flush`](Self::flush) to wait for
    /// that. To restore a token from an earlier run, use [`TokenManagerBuilder::token`]; a newer token in the store
    /// takes precedence over it.
    pub fn set_token(&self, token: Token) {
        self.engine.set(token);
    }

    /// Forgets the token. A refresh or a sign-in under way does not bring it back, nor does the store, which
    /// forgets it too, in the background: call [`flush`](Self::flush) to wait for that, or
    /// [`revoke_token`](Self::revoke_token) to have the server end the authorization as well.
    pub fn clear_token(&self) {
        self.engine.clear();
    }

    /// Drops exactly this token, because the API did not accept it; a newer one stays.
    ///
    /// Where the API has refused three tokens in a row, something else is wrong than the token: from
    /// then on one that was fetched because of a refusal is kept for a while, 1 s at first and 60 s
    /// in the end, so that an API which refuses everything does not cost a fetch per request. Ten
    /// minutes without a refusal, [`TokenManager::set_token`] and [`TokenManager::clear_token`]
    /// start anew.
    pub fn invalidate(&self, token: &Token) {
        self.engine.invalidate(token);
    }

    /// Whether `token` counts as expired: `expiry - skew <= now`. A token without expiry does not.
    /// The skew is capped against the life of the token, where that is known.
    pub fn is_expired(&self, token: &Token) -> bool {
        self.engine.is_expired(token)
    }

    /// Whether there is anything to authorize with: a client id or what the grant has instead, a
    /// token, a provider or a user authorization. Sends nothing.
    pub fn is_configured(&self) -> bool {
        self.engine.settings.is_configured() || self.engine.current().is_some()
    }

    /// The name of the scheme.
    pub fn scheme(&self) -> &str {
        self.engine.settings.scheme
    }

    /// The address of the token endpoint, as it was configured; empty where it is discovered, and
    /// where the grant has none.
    pub fn token_url(&self) -> &str {
        let token = self.engine.settings.endpoints.token.as_ref();
        token.map_or("", |address| &address.given)
    }

    /// What this manager has done so far.
    pub fn statistics(&self) -> Statistics {
        self.engine.counters.read()
    }

    /// The API refused the token of `cached`. False where that very token stays installed.
    pub(crate) fn refuse(&self, cached: &CachedToken) -> bool {
        self.engine.invalidate(&cached.token())
    }

    pub(crate) fn allows_insecure_http(&self) -> bool {
        self.engine.settings.endpoints.allow_insecure_http
    }

    /// Refuses a request that would send the token in the clear.
    pub(crate) fn check_url(&self, uri: &Uri) -> Result<(), TokenError> {
        self.check_url_parts(uri.scheme_str(), uri.host())
    }

    /// The same for a URL of another library.
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
