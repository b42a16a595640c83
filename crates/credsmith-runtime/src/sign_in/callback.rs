//! The response to a sign-in request: the parameters that the server appended to the redirect URI (RFC 6749 sections
//! 4.1.2 and 4.2.2), checked before any of them is used.

mod error;

pub use self::error::CallbackError;
use self::error::{Given, Problem};
use crate::protocol::issuer;
use crate::text;

/// Parameters that must not be repeated.
const SINGLE: [&str; 8] = [
    "code",
    "iss",
    "error",
    "access_token",
    "token_type",
    "expires_in",
    "scope",
    "error_description",
];

/// The parameters of a callback.
pub(crate) struct Callback {
    pairs: Vec<(String, String)>,
    given: Given,
}

impl Callback {
    /// Reads the query of `url`, which contains a code.
    pub(super) fn query(url: &str) -> Self {
        let without_fragment = url.split('#').next().unwrap_or_default();
        match without_fragment.split_once('?') {
            Some((_, query)) => Self::parse(query),
            None if url.trim().is_empty() => Self::without_parameters(Given::Nothing),
            None => Self::without_parameters(Given::NoParameters),
        }
    }

    /// Reads the fragment of `url`, which contains a token. Some servers put errors into the query even then.
    pub(super) fn fragment(url: &str) -> Self {
        match url.split_once('#') {
            Some((_, fragment)) => Self::parse(fragment),
            None => Self::query(url),
        }
    }

    fn parse(form: &str) -> Self {
        let pairs = form_urlencoded::parse(form.as_bytes());
        Self {
            pairs: pairs.into_owned().collect(),
            given: Given::Parameters,
        }
    }

    fn without_parameters(given: Given) -> Self {
        Self {
            pairs: Vec::new(),
            given,
        }
    }

    fn count(&self, name: &str) -> usize {
        self.pairs.iter().filter(|(other, _)| other == name).count()
    }

    /// Returns a parameter that has a value.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let pair = self.pairs.iter().find(|(other, _)| other == name)?;
        Some(pair.1.as_str()).filter(|value| !value.is_empty())
    }

    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// Checks that the callback belongs to the request with `state`, comes from `issuer`, and is not an error. The
    /// state is checked first: nothing else matters in a callback that somebody else made up.
    pub(super) fn check(
        &self,
        state: &str,
        issuer: Option<&str>,
        issuer_is_required: bool,
    ) -> Result<(), CallbackError> {
        self.check_state(state)?;
        if let Some(name) = SINGLE.into_iter().find(|name| self.count(name) > 1) {
            return Err(Problem::Repeated(name).into());
        }
        if let Some(expected) = issuer {
            self.check_issuer(expected, issuer_is_required)?;
        }
        match self.get("error") {
            Some(error) => Err(self.server_error(error).into()),
            None => Ok(()),
        }
    }

    /// Checks the state. An error without a state is accepted; otherwise the user would wait in vain.
    fn check_state(&self, state: &str) -> Result<(), Problem> {
        match self.get("state") {
            Some(found) if found == state && self.count("state") == 1 => Ok(()),
            Some(_) => Err(Problem::State),
            None if self.get("error").is_some() => Ok(()),
            None => Err(Problem::NoState(self.given)),
        }
    }

    fn check_issuer(&self, expected: &str, is_required: bool) -> Result<(), Problem> {
        let named = self.get("iss");
        let is_right = named.map_or(!is_required, |named| named == expected);
        if is_right {
            return Ok(());
        }
        Err(Problem::Issuer {
            expected: expected.to_owned(),
            named: named.map(issuer::shown),
        })
    }

    fn server_error(&self, error: &str) -> Problem {
        let field = |name, max| self.get(name).map(|value| text::clean(value, max, &[]));
        Problem::Server {
            error: text::clean(error, 100, &[]),
            description: field("error_description", 300),
            uri: field("error_uri", 200),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str) -> Result<(), CallbackError> {
        Callback::query(url).check("s", Some("https://a.example"), false)
    }

    #[test]
    fn state_and_issuer_come_before_everything_else() {
        assert!(check("https://app.example/cb?code=c&state=s").is_ok());
        assert!(check("/cb?code=c&state=s&iss=https%3A%2F%2Fa.example").is_ok());
        for forged in [
            "/cb?code=c",
            "/cb?code=c&state=",
            "/cb?code=c&state=S",
            "/cb?error=x&state=other",
            "/cb?code=1&code=2&state=other",
            "/cb?code=c&state=s&state=s",
            "",
        ] {
            assert!(check(forged).unwrap_err().is_state_mismatch(), "{forged}");
        }
        for other in ["https%3A%2F%2Fb.example", "https%3A%2F%2Fa.example%2F"] {
            let url = format!("/cb?code=c&state=s&iss={other}");
            assert!(check(&url).unwrap_err().is_issuer_mismatch(), "{url}");
        }
        let callback = Callback::query("/cb?code=c&state=s");
        let error = callback.check("s", Some("https://a.example"), true);
        assert!(error.unwrap_err().is_issuer_mismatch());
    }

    #[test]
    fn m01_an_issuer_mismatch_names_both_issuers() {
        let said = |iss: &str| check(&format!("/cb?code=c&state=s&iss={iss}")).unwrap_err();
        assert_eq!(
            said("https://b.example").to_string(),
            "the callback comes from the issuer https://b.example, but the authorization request went to \
             https://a.example: start again"
        );
        let slash = said("https://a.example/").to_string();
        let hint =
            "start again; they differ in a slash at the end: write the issuer as the server does";
        assert!(slash.ends_with(hint), "{slash}");
        let long = said(&format!("https://b.example/{}%0A", "x".repeat(5_000))).to_string();
        assert!(long.len() < 500 && !long.contains('\n'), "{long}");
        let none =
            Callback::query("/cb?code=c&state=s").check("s", Some("https://a.example"), true);
        assert_eq!(
            none.unwrap_err().to_string(),
            "the callback does not name its issuer, as https://a.example always does: start again"
        );
    }

    #[test]
    fn m04_an_error_without_a_state_is_the_servers_error() {
        let denied = check("/cb?error=access_denied&error_description=no").unwrap_err();
        assert!(denied.is_denied() && !denied.is_state_mismatch());
        let other = check("/cb?error=access_denied&state=other").unwrap_err();
        assert!(other.is_state_mismatch() && !other.is_denied());
        let elsewhere = check("/cb?error=access_denied&iss=https://b.example").unwrap_err();
        assert!(elsewhere.is_issuer_mismatch());
    }

    #[test]
    fn m05_a_callback_that_is_not_whole_says_what_is_missing() {
        for (given, missing) in [
            ("", "is empty"),
            (" \n", "is empty"),
            ("SplxlOBeZQQYbYS6WxSbIA", "has no parameters"),
            ("https://app.example/cb", "has no parameters"),
            ("https://app.example/cb?code=c", "has no `state`"),
            ("/cb?code=c&state=", "has no `state`"),
        ] {
            let wanted = format!(
                "the callback URL {missing}: pass the whole URL that the browser was sent to, not a part of it"
            );
            for callback in [Callback::query(given), Callback::fragment(given)] {
                let error = callback.check("s", None, false).unwrap_err();
                assert_eq!(error.to_string(), wanted);
                assert!(error.is_state_mismatch());
            }
        }
    }

    #[test]
    fn the_servers_error_is_shown_on_one_line() {
        let url = "/cb?state=s&error=access_denied&error_description=no%0Away&error_uri=https://a.example/e";
        let error = check(url).unwrap_err();
        assert!(error.is_denied());
        assert_eq!(error.error_description(), Some("no way"));
        assert_eq!(error.error_uri(), Some("https://a.example/e"));
        assert_eq!(
            error.to_string(),
            "the authorization server answered access_denied: no way"
        );
    }

    #[test]
    fn no_parameter_counts_twice() {
        let error = check("/cb?state=s&code=1&code=2").unwrap_err().to_string();
        assert_eq!(error, "the callback has the parameter `code` twice");
    }

    #[test]
    fn tokens_are_in_the_fragment_and_codes_in_the_query() {
        let url = "https://app.example/cb?code=q#access_token=f";
        assert_eq!(Callback::query(url).get("code"), Some("q"));
        assert_eq!(Callback::query(url).get("access_token"), None);
        let fragment = Callback::fragment(url);
        assert_eq!(
            (fragment.get("access_token"), fragment.get("code")),
            (Some("f"), None)
        );
    }
}
