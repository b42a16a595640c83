//! What is wrong with the configuration of a manager.

use std::error::Error;
use std::fmt;

/// A manager cannot be built from what it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    scheme: &'static str,
    problem: String,
}

impl ConfigError {
    pub(crate) fn new(scheme: &'static str, problem: impl Into<String>) -> Self {
        Self {
            scheme,
            problem: problem.into(),
        }
    }

    /// The scheme whose manager could not be built.
    pub fn scheme(&self) -> &str {
        self.scheme
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is not configured correctly: {}",
            self.scheme, self.problem
        )
    }
}

impl Error for ConfigError {}

impl From<super::TransportError> for ConfigError {
    fn from(error: super::TransportError) -> Self {
        Self::new("the transport", error.to_string())
    }
}
