//! Why an authorized request could not be sent.

use std::error::Error;
use std::fmt;

use super::{TokenError, TransportError};

/// An authorized request brought no response: there was no token for it, or it did not get through.
#[derive(Debug)]
pub struct SendError {
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    Token(TokenError),
    Transport(TransportError),
}

impl SendError {
    /// The token error, if there was no token for the request.
    pub fn as_token_error(&self) -> Option<&TokenError> {
        match &self.cause {
            Cause::Token(error) => Some(error),
            Cause::Transport(_) => None,
        }
    }

    /// Whether the request itself did not get through.
    pub fn is_transport(&self) -> bool {
        matches!(self.cause, Cause::Transport(_))
    }
}

impl From<TokenError> for SendError {
    fn from(error: TokenError) -> Self {
        Self {
            cause: Cause::Token(error),
        }
    }
}

impl From<TransportError> for SendError {
    fn from(error: TransportError) -> Self {
        Self {
            cause: Cause::Transport(error),
        }
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.cause {
            Cause::Token(_) => "no token for the request",
            Cause::Transport(_) => "the request did not get through",
        })
    }
}

impl Error for SendError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.cause {
            Cause::Token(error) => Some(error),
            Cause::Transport(error) => Some(error),
        }
    }
}
