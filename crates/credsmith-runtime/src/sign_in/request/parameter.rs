//! Additional parameters of a single sign-in request.

use std::error::Error;
use std::fmt;

use super::SignInRequest;
use crate::protocol::request::check_authorization_parameters;

/// The error of a parameter that cannot be added to an authorization request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterError {
    problem: String,
}

impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl Error for ParameterError {}

impl SignInRequest {
    /// Adds a parameter to this request only, for example `login_hint` or `prompt` (`OpenID` Connect Core 1.0 section
    /// 3.1.2.1). An empty value is left out.
    ///
    /// # Errors
    ///
    /// Returns an error if the request sets the parameter itself or already has it (RFC 6749 section 3.1).
    ///
    /// ```
    /// # fn sign_in(request: credsmith_runtime::SignInRequest) -> Result<(), Box<dyn std::error::Error>> {
    /// let request = request.with_parameter("login_hint", "kim@example.com")?;
    /// println!("open {}", request.url());
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_parameter(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Result<Self, ParameterError> {
        let added = (name.into(), value.into());
        let others = self.parameters().filter(|(name, _)| *name == added.0);
        let all: Vec<_> = others.chain([added.clone()]).collect();
        check_authorization_parameters(&all).map_err(|problem| ParameterError { problem })?;
        if !added.1.is_empty() {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.append_pair(&added.0, &added.1);
            // The query is never empty: it contains the client id.
            self.url.push('&');
            self.url.push_str(&query.finish());
        }
        Ok(self)
    }

    /// Returns the parameters of the query.
    pub(super) fn parameters(&self) -> impl Iterator<Item = (String, String)> {
        let query = self.url.split_once('?').map_or("", |(_, query)| query);
        form_urlencoded::parse(query.as_bytes()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::draft;
    use super::*;

    fn request() -> SignInRequest {
        let extra_parameters = [
            ("access_type".to_owned(), "offline".to_owned()),
            ("resource".to_owned(), "https://one.example".to_owned()),
        ];
        let endpoint = "https://a.example/authorize?tenant=1".parse().unwrap();
        draft(&endpoint, &extra_parameters).finish().unwrap()
    }

    #[test]
    fn parameters_of_one_request_follow_those_of_all() {
        let all = request();
        let one = all
            .clone()
            .with_parameter("login_hint", "kim & co")
            .unwrap();
        let one = one.with_parameter("prompt", "").unwrap();
        let expected = format!("{}&login_hint=kim+%26+co", all.url());
        assert_eq!(one.url(), expected);
        assert_eq!(one.state(), all.state());
        // RFC 8707 section 2: a request may be for several resources.
        let two = one.with_parameter("resource", "https://two.example");
        assert!(two.is_ok());
    }

    #[test]
    fn what_the_request_says_already_cannot_be_said_again() {
        for name in [
            "state",
            "scope",
            "code_challenge",
            "access_type",
            "tenant",
            "",
        ] {
            let error = request().with_parameter(name, "x").unwrap_err().to_string();
            assert!(error.contains(name), "{name}: {error}");
        }
    }
}
