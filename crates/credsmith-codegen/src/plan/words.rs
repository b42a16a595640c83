//! Splitting names into words, and joining words into names.
//!
//! The getter style decides whether `OAuth` is one word or two; the rest is the same for all SDKs.

use std::fmt;

use credsmith_spec::model::{GetterStyle, Sdk};
use heck::ToSnakeCase as _;

/// The words of a name, in the spelling they are joined in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words(Vec<String>);

/// Splits names as one SDK wants it.
#[derive(Debug)]
pub(crate) struct Splitter {
    /// In lower case.
    unsplit: Vec<String>,
}

impl Splitter {
    /// The splitter of an SDK: its getter style, and the words it never splits.
    pub(crate) fn new(sdk: &Sdk) -> Self {
        Self::with_words(sdk.getter_style, &sdk.unsplit_words)
    }

    fn with_words(style: GetterStyle, words: &[String]) -> Self {
        let by_style = match style {
            GetterStyle::Oauth => Some("oauth".to_owned()),
            GetterStyle::OAuth => None,
        };
        let words = words.iter().map(|word| word.to_lowercase());
        Self {
            unsplit: words.chain(by_style).collect(),
        }
    }

    /// Splits `name` at every character that is no letter or digit, keeps unsplit words whole, and
    /// splits the rest where capitals, small letters and digits meet. Unsplit words come out in lower case.
    pub(crate) fn split(&self, name: &str) -> Words {
        self.divide(name, |word, _| word.to_owned())
    }

    /// Splits a name that an author chose: unsplit words keep its capitals.
    pub(crate) fn split_chosen(&self, name: &str) -> Words {
        self.divide(name, |_, chosen| chosen.to_owned())
    }

    fn divide(&self, name: &str, unsplit: impl Fn(&str, &str) -> String) -> Words {
        let mut words = Vec::new();
        for piece in name.split(|c: char| !c.is_alphanumeric()) {
            let mut rest = piece;
            while !rest.is_empty() {
                let (word, length) = match self.unsplit_at(rest) {
                    Some(word) => (unsplit(word, &rest[..word.len()]), word.len()),
                    None => (rest[..word_end(rest)].to_owned(), word_end(rest)),
                };
                words.push(word);
                rest = &rest[length..];
            }
        }
        Words(words)
    }

    /// The unsplit word that `text` begins with; `oauthor` does not begin with `oauth`.
    fn unsplit_at(&self, text: &str) -> Option<&str> {
        let begins = |word: &&String| {
            text.get(..word.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(word))
                && !text[word.len()..].starts_with(char::is_lowercase)
        };
        self.unsplit
            .iter()
            .filter(begins)
            .max_by_key(|word| word.len())
            .map(String::as_str)
    }
}

/// Where the first word of `text` ends: a capitalised or small word, capitals, or digits.
fn word_end(text: &str) -> usize {
    let run = |test: fn(char) -> bool, from: usize| {
        text[from..]
            .find(|c| !test(c))
            .map_or(text.len(), |length| from + length)
    };
    let Some(first) = text.chars().next() else {
        return 0;
    };
    if first.is_numeric() {
        return run(char::is_numeric, 0);
    }
    if !first.is_uppercase() {
        return run(is_small, 0);
    }
    let capitals = run(char::is_uppercase, 0);
    let last = text[..capitals]
        .char_indices()
        .next_back()
        .map_or(0, |(start, _)| start);
    match text[capitals..].starts_with(is_small) {
        true if last == 0 => run(is_small, capitals),
        true => last,
        false => capitals,
    }
}

fn is_small(c: char) -> bool {
    !c.is_uppercase() && !c.is_numeric()
}

impl Words {
    /// The words of a name in snake case.
    pub(crate) fn of(name: &str) -> Self {
        Self(name.split('_').map(str::to_owned).collect())
    }

    /// The words of a constant's name, as heck divides them: digits do not begin a word.
    pub(crate) fn of_constant(name: &str) -> Self {
        Self::of(&name.to_snake_case())
    }

    /// These words without the last one, if it is `word`.
    pub(crate) fn without(mut self, word: &str) -> Self {
        if self.0.last().is_some_and(|last| last == word) {
            self.0.pop();
        }
        self
    }

    /// These words and one more.
    pub(crate) fn and(mut self, word: &str) -> Self {
        self.0.push(word.to_owned());
        self
    }

    /// These words, and others behind them.
    pub(crate) fn followed_by(mut self, others: &Self) -> Self {
        self.0.extend_from_slice(&others.0);
        self
    }

    /// `o_auth_ccg`
    pub(crate) fn snake(&self) -> String {
        self.0
            .iter()
            .map(|word| word.to_lowercase())
            .collect::<Vec<_>>()
            .join("_")
    }

    /// `O_AUTH_CCG`
    pub(crate) fn screaming(&self) -> String {
        self.snake().to_uppercase()
    }

    /// `OAuthCCG`: first letters capitalised, the rest kept.
    pub(crate) fn class(&self) -> String {
        self.0.iter().map(|word| capitalised(word)).collect()
    }
}

/// The words with spaces between them, for people.
impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters
        .next()
        .map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, style: GetterStyle, class: &str, snake: &str) {
        let words = Splitter::with_words(style, &[]).split(source);
        assert_eq!(
            (words.class().as_str(), words.snake().as_str()),
            (class, snake)
        );
    }

    #[test]
    fn names_of_the_seeds() {
        use GetterStyle::{OAuth, Oauth};
        check("OAuthCCG", OAuth, "OAuthCCG", "o_auth_ccg");
        check(
            "thingspace_oauth1",
            Oauth,
            "ThingspaceOauth1",
            "thingspace_oauth_1",
        );
        check("oAuth2", Oauth, "Oauth2", "oauth_2");
        check("Oauth2", OAuth, "Oauth2", "oauth_2");
        check("OAuth2-sandbox", OAuth, "OAuth2Sandbox", "o_auth_2_sandbox");
        check(
            "client-authorization-token",
            Oauth,
            "ClientAuthorizationToken",
            "client_authorization_token",
        );
    }

    #[test]
    fn unsplit_words_count_only_where_a_word_begins() {
        use GetterStyle::Oauth;
        check(
            "VideoAuthToken",
            Oauth,
            "VideoAuthToken",
            "video_auth_token",
        );
        check("OAUTHToken", Oauth, "OauthToken", "oauth_token");
        check("oauthor", Oauth, "Oauthor", "oauthor");
        let splitter = Splitter::with_words(Oauth, &["PayPal".to_owned()]);
        assert_eq!(splitter.split("myPayPalOAuth").snake(), "my_paypal_oauth");
    }

    #[test]
    fn letters_without_case_are_small() {
        check("日本API", GetterStyle::Oauth, "日本API", "日本_api");
        check("ÄÖÜber", GetterStyle::Oauth, "ÄÖÜber", "äö_über");
    }
}
