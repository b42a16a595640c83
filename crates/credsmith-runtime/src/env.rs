//! Credentials from environment variables. All problems are reported in one error.

use std::error::Error;
use std::ffi::OsString;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use secrecy::SecretString;

use crate::text;

/// Reads variables, and collects their problems until [`Variables::finish`].
///
/// ```
/// use credsmith_runtime::codegen::Variables;
///
/// let lookup = |name: &str| (name == "ACME_CLIENT_ID").then(|| "id".into());
/// let mut variables = Variables::new(&lookup);
/// assert_eq!(variables.required("ACME_CLIENT_ID"), "id");
/// variables.required_secret("ACME_CLIENT_SECRET");
/// assert_eq!(variables.finish().unwrap_err().to_string(), "environment variable ACME_CLIENT_SECRET is not set");
/// ```
pub struct Variables<'a> {
    lookup: &'a dyn Fn(&str) -> Option<OsString>,
    problems: Vec<Problem>,
}

impl Variables<'static> {
    /// Reads the environment of the process.
    pub fn process() -> Self {
        Self::new(&|name| std::env::var_os(name))
    }
}

impl<'a> Variables<'a> {
    /// Reads from `lookup`.
    pub fn new(lookup: &'a dyn Fn(&str) -> Option<OsString>) -> Self {
        Self {
            lookup,
            problems: Vec::new(),
        }
    }

    /// Reads a variable that must be set and not empty. Returns an empty text if it is not.
    pub fn required(&mut self, name: &'static str) -> String {
        match self.read(name) {
            Some(value) if !value.is_empty() => return value,
            Some(_) => self.report(name, "is empty".into()),
            None if self.problems.iter().any(|problem| problem.name == name) => {}
            None => self.report(name, "is not set".into()),
        }
        String::new()
    }

    /// Reads a secret that must be set and not empty. Returns an empty secret if it is not.
    pub fn required_secret(&mut self, name: &'static str) -> SecretString {
        self.required(name).into()
    }

    /// Reads a variable that may be absent. An empty value counts as absent.
    pub fn optional(&mut self, name: &'static str) -> Option<String> {
        self.read(name).filter(|value| !value.is_empty())
    }

    /// Reads a secret that may be absent. An empty value counts as absent.
    pub fn optional_secret(&mut self, name: &'static str) -> Option<SecretString> {
        self.optional(name).map(SecretString::from)
    }

    /// Reads an optional number of seconds: whole or decimal, and not negative.
    pub fn optional_seconds(&mut self, name: &'static str) -> Option<Duration> {
        let value = self.optional(name)?;
        let seconds = value.trim().parse::<f64>().ok();
        let duration = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        if duration.is_none() {
            let shown = text::clean(&value, 40, &[]);
            self.report(
                name,
                format!("is `{shown}`, but must be a number of seconds, 0 or more"),
            );
        }
        duration
    }

    /// Reads an optional list of values, separated by white space.
    pub fn optional_list<T>(&mut self, name: &'static str) -> Option<Vec<T>>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        let value = self.optional(name)?;
        let mut list = Vec::new();
        for item in value.split_whitespace() {
            match item.parse::<T>() {
                Ok(parsed) => list.push(parsed),
                Err(error) => {
                    let reason = text::clean(&error.to_string(), 160, &[]);
                    self.report(name, format!("contains an invalid value: {reason}"));
                }
            }
        }
        Some(list)
    }

    /// Finishes reading.
    ///
    /// # Errors
    ///
    /// Returns an error if a variable is missing or malformed. It names all of them.
    pub fn finish(self) -> Result<(), EnvError> {
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(EnvError {
                problems: self.problems,
            })
        }
    }

    fn read(&mut self, name: &'static str) -> Option<String> {
        let value = (self.lookup)(name)?;
        value
            .into_string()
            .map_err(|_| self.report(name, "is not valid UTF-8".into()))
            .ok()
    }

    fn report(&mut self, name: &'static str, what: String) {
        self.problems.push(Problem { name, what });
    }
}

impl fmt::Debug for Variables<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Variables")
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}

/// All problems of the environment variables. It contains no values of secrets.
#[derive(Clone, Debug)]
pub struct EnvError {
    problems: Vec<Problem>,
}

#[derive(Clone, Debug)]
struct Problem {
    name: &'static str,
    what: String,
}

impl EnvError {
    /// Returns the names of the variables that are missing or malformed, in the order in which they were read.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.problems.iter().map(|problem| problem.name)
    }
}

impl fmt::Display for EnvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            let lead = if index == 0 {
                "environment variable"
            } else {
                "; environment variable"
            };
            write!(f, "{lead} {} {}", problem.name, problem.what)?;
        }
        Ok(())
    }
}

impl Error for EnvError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pairs: &[(&str, &str)], read: impl FnOnce(&mut Variables<'_>)) -> Result<(), String> {
        let lookup = |name: &str| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| OsString::from(value))
        };
        let mut variables = Variables::new(&lookup);
        read(&mut variables);
        variables.finish().map_err(|error| error.to_string())
    }

    #[test]
    fn peer_defect_04_clock_skew_is_typed_and_checked_when_read() {
        check(&[("S", "2.5")], |v| {
            assert_eq!(v.optional_seconds("S"), Some(Duration::from_millis(2_500)));
        })
        .unwrap();
        for wrong in ["-1", "abc", "NaN", "inf", "1e400"] {
            let error = check(&[("S", wrong)], |v| {
                assert_eq!(v.optional_seconds("S"), None);
            })
            .unwrap_err();
            assert!(error.contains("environment variable S is"), "{error}");
        }
    }

    #[test]
    fn every_problem_is_reported_in_one_go() {
        let error = check(&[("EMPTY", ""), ("L", "1 x 3 y")], |v| {
            v.required("ABSENT");
            v.required_secret("EMPTY");
            assert_eq!(v.optional_list::<u8>("L"), Some(vec![1, 3]));
            assert_eq!(v.optional("EMPTY"), None);
        })
        .unwrap_err();
        assert_eq!(
            error,
            "environment variable ABSENT is not set; environment variable EMPTY is empty; \
             environment variable L contains an invalid value: invalid digit found in string; \
             environment variable L contains an invalid value: invalid digit found in string"
        );
    }
}
