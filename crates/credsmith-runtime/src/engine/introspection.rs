//! Introspection of a token (RFC 7662).

use std::sync::Arc;

use super::Engine;
use super::existing_token::ACCESS_TOKEN;
use crate::error::{Endpoint, TokenError};
use crate::protocol::introspection::{self, TokenIntrospection};
use crate::token::Token;

impl Engine {
    /// Asks the server about the access token of `token`. Changes nothing in the manager.
    pub(crate) async fn introspect_token(
        self: &Arc<Self>,
        token: &Token,
    ) -> Result<TokenIntrospection, TokenError> {
        let engine = Arc::clone(self);
        let token = (ACCESS_TOKEN, token.access_token().clone());
        let work = async move {
            let destination = engine.destination(Endpoint::Introspection).await?;
            let said = engine.send_token(&destination, &token, |answer, now| {
                introspection::read(&answer.response, now, &answer.secrets)
            });
            said.await
        };
        self.spawn(work).await
    }
}
