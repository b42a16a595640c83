//! The error of generated scope enums for an unknown value.

use std::error::Error;
use std::fmt;

use crate::text;

/// A scope value that a generated enum does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownScope {
    enum_name: &'static str,
    value: String,
}

impl UnknownScope {
    /// Makes the error for `value`, which the enum `enum_name` does not have.
    pub fn new(enum_name: &'static str, value: &str) -> Self {
        Self {
            enum_name,
            value: text::clean(value, 80, &[]),
        }
    }

    /// Returns the name of the enum.
    pub fn enum_name(&self) -> &'static str {
        self.enum_name
    }

    /// Returns the value, on one line and truncated to 80 characters.
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl fmt::Display for UnknownScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a value of {}", self.value, self.enum_name)
    }
}

impl Error for UnknownScope {}
