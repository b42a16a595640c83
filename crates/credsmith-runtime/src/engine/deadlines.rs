//! The deadlines of a token: its refresh-ahead time and its expiry.

use std::sync::Arc;
use std::time::Duration;

use super::token_request::Issued;
use super::{CachedToken, Engine};
use crate::clock::Moment;
use crate::policy::lifetime::{Margin, Schedule};
use crate::token::Token;
use crate::trace::event;

impl Engine {
    /// Makes a cached token from a token response. Its lifetime begins when the request was sent.
    pub(super) fn cached_token_of(&self, issued: Issued) -> Arc<CachedToken> {
        self.cached_token(issued.token, Some((issued.sent, issued.refresh_in)))
    }

    /// Makes a cached token. For a token response, `issued` has the time of the request and the server's
    /// `refresh_in`; otherwise the token itself has all data.
    pub(super) fn cached_token(
        &self,
        token: Token,
        issued: Option<(Moment, Option<Duration>)>,
    ) -> Arc<CachedToken> {
        let token = token.with_bearer_aliases(&self.settings.bearer_token_types);
        // A clock step during the request is detected like a later one.
        let begun = issued.map_or_else(|| self.now(), |(sent, _)| sent);
        let schedule = self.schedule(&token, begun, issued);
        let mut cached = CachedToken::new(token, schedule, begun);
        cached.is_requested = issued.is_some();
        Arc::new(cached)
    }

    fn schedule(
        &self,
        token: &Token,
        begun: Moment,
        issued: Option<(Moment, Option<Duration>)>,
    ) -> Schedule {
        let settings = &self.settings;
        let refresh_in = issued.and_then(|(_, refresh_in)| refresh_in);
        let margin = settings.margin(token);
        if margin.capped {
            self.warn_of_skew();
        }
        let life = match (token.expires_at(), token.lifetime()) {
            (Some(_), Some(life)) if issued.is_some() => life,
            (Some(expires_at), _) => expires_at.duration_since(begun.wall).unwrap_or_default(),
            // An assumed lifetime only ends a token that can be replaced by another one.
            (None, _) => match settings.default_lifetime {
                Some(assumed)
                    if settings.automatic
                        && settings.can_refresh(token.refresh_token().is_some()) =>
                {
                    let margin = Margin::new(settings.clock_skew, Some(assumed)).length;
                    return Schedule::new(begun, assumed, margin, refresh_in, fastrand::f64());
                }
                _ => return Schedule::ENDLESS,
            },
        };
        Schedule::new(begun, life, margin.length, refresh_in, fastrand::f64())
    }

    fn warn_of_skew(&self) {
        let warned = self.lock().warn_of_skew();
        if !warned {
            event!(
                warn,
                scheme = self.settings.scheme,
                "the clock skew is longer than half the life of the token; half the life is used instead"
            );
        }
    }
}
