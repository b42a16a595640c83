//! The error of a configuration.

use std::error::Error;
use std::fmt;

/// The error of a setting that is invalid or missing.
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

    /// Returns the name of the scheme.
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
