//! What came back, with the token masked.

use std::time::SystemTime;

use credsmith_runtime::{ExposeSecret as _, Token};

use crate::terminal;

pub(super) fn token(token: &Token) -> String {
    let remaining = token
        .expires_at()
        .map(|at| at.duration_since(SystemTime::now()));
    let expires = match remaining {
        None => "not told".to_owned(),
        Some(Ok(left)) => format!("in {} s", left.as_secs()),
        Some(Err(_)) => "has expired already".to_owned(),
    };
    let scopes: Vec<_> = token.scopes().collect();
    let scopes = if scopes.is_empty() {
        "as requested".to_owned()
    } else {
        scopes.join(" ")
    };
    let mut lines = vec![
        format!("type     {}", token.token_type()),
        format!("expires  {expires}"),
        format!("scopes   {scopes}"),
        format!("token    {}", masked(token.access_token().expose_secret())),
    ];
    if token.refresh_token().is_some() {
        lines.push("refresh  there is a refresh token".to_owned());
    }
    let extra: Vec<_> = token.extra().keys().map(String::as_str).collect();
    if !extra.is_empty() {
        lines.push(format!("also     {}", extra.join(", ")));
    }
    let lines = lines.iter().map(|line| terminal::clean(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// Enough to tell one token from another, of those that are long enough to spare it.
fn masked(token: &str) -> String {
    let length = token.chars().count();
    let shown: String = if length >= 24 {
        token.chars().take(4).collect()
    } else {
        String::new()
    };
    format!("{shown}… ({length} characters; --raw prints it to a pipe)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_cannot_move_the_cursor() {
        let hostile = Token::new("0123456789abcdefghijklmnopqrstuv")
            .with_token_type("Bearer\u{1b}[2J")
            .with_scope("one\u{7} two\u{9b}1m");
        let told = super::token(&hostile);
        assert!(
            !told.contains(|c: char| c.is_control() && c != '\n'),
            "{told:?}"
        );
        assert!(
            told.contains("Bearer?[2J") && told.contains("one? two?1m"),
            "{told}"
        );
        assert!(
            told.contains("0123… (32 characters") && !told.contains("0123456789"),
            "{told}"
        );
    }

    #[test]
    fn short_tokens_are_not_shown_at_all() {
        assert!(masked("0123456789").starts_with('…'));
    }
}
