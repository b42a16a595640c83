//! Names that are set for what the scheme does not have: without effect, so an error.

use super::{flag, parsed};
use crate::diagnostic::Problems;
use crate::facts::{Because, Endpoint, Field, Settings};
use crate::located::Located;
use crate::model::{ClientAuthentication, Grant, SchemeType, TokenFetch};
use crate::raw::{Names as _, RawScheme};
use crate::rules::contradiction;
use crate::source::Span;

/// Checks that everything named exists; `at` is the scheme's name.
pub(super) fn check(
    raw: &RawScheme,
    at: Span,
    scheme_type: &Located<SchemeType>,
    problems: &mut Problems,
) {
    let mut names = Vec::new();
    raw.names.collect("names", &mut names);
    let places = Places::gather(raw, at, scheme_type);
    let settings = places.settings();
    for (path, name) in names {
        let Some((section, key)) = path.rsplit_once('.') else {
            continue;
        };
        let because = if section == "names" {
            let endpoint = Endpoint::ALL.into_iter().find(|it| it.key() == key);
            endpoint.and_then(|it| settings.lacks_endpoint(it))
        } else {
            let field = Field::ALL.into_iter().find(|it| it.key() == Some(key));
            field.and_then(|it| settings.lacks_field(it))
        };
        if let Some(because) = because {
            let message = format!("the scheme has no `{key}` that could be named");
            let help = format!("remove `{key}` from `{section}`");
            let reason = places.of(because);
            problems.push(contradiction::between(message, name.span, reason, help));
        }
    }
}

/// Keys that turn a field of the credentials off; `token_fetch: manual` does the same.
const SWITCHES: &[&str] = &[
    "token_provider",
    "on_token_update",
    "clock_skew",
    "user_sign_in",
];

/// What decides which fields and endpoints a scheme has, and where it is written.
struct Places<'a> {
    raw: &'a RawScheme,
    at: Span,
    scheme_type: &'a Located<SchemeType>,
    grant: Option<Located<Grant>>,
    authentication: Option<Located<ClientAuthentication>>,
    fetch: Option<Located<TokenFetch>>,
}

impl<'a> Places<'a> {
    fn gather(raw: &'a RawScheme, at: Span, scheme_type: &'a Located<SchemeType>) -> Self {
        // What is wrong with the words is noted where they count.
        let unheard = &mut Problems::default();
        Self {
            raw,
            at,
            scheme_type,
            grant: parsed(raw.grant.as_ref(), unheard),
            authentication: parsed(raw.client_authentication.as_ref(), unheard),
            fetch: parsed(raw.token_fetch.as_ref(), unheard),
        }
    }

    fn settings(&self) -> Settings<impl Fn(&str) -> bool> {
        let grant = self.grant.as_ref().map(|grant| grant.value);
        let written = self.authentication.as_ref().map(|way| way.value);
        // What cannot be read may mean anything.
        let usual = || grant.map(ClientAuthentication::usual);
        let usual = usual().filter(|_| self.place("client_authentication").is_none());
        Settings {
            scheme_type: self.scheme_type.value,
            grant,
            authentication: written.or(usual),
            has: |key: &str| {
                if SWITCHES.contains(&key) {
                    flag(self.switch(key), !self.is_manual())
                } else {
                    self.place(key).is_some() || self.place(&format!("{key}s")).is_some()
                }
            },
        }
    }

    /// The switch of this name, if it is written.
    fn switch(&self, key: &str) -> Option<&'a Located<bool>> {
        match key {
            "token_provider" => self.raw.token_provider.as_ref(),
            "on_token_update" => self.raw.on_token_update.as_ref(),
            "clock_skew" => self.raw.clock_skew.as_ref(),
            "user_sign_in" => self.raw.user_sign_in.as_ref(),
            _ => None,
        }
    }

    fn is_manual(&self) -> bool {
        let fetch = self.fetch.as_ref();
        fetch.is_some_and(|fetch| fetch.value == TokenFetch::Manual)
    }

    fn place(&self, key: &str) -> Option<Span> {
        self.raw.given.place_of(key)
    }

    fn of(&self, because: Because) -> Span {
        let grant = || self.grant.as_ref().map(|grant| grant.span);
        let authentication = || self.authentication.as_ref().map(|way| way.span);
        let place = match because {
            Because::Type => Some(self.scheme_type.span),
            Because::Grant => grant(),
            Because::ClientAuthentication => authentication().or_else(grant),
            Because::Key(key) if SWITCHES.contains(&key) => {
                let fetch = || self.fetch.as_ref().map(|fetch| fetch.span);
                self.switch(key).map(|switch| switch.span).or_else(fetch)
            }
            Because::Key(_) => None,
        };
        place.unwrap_or(self.at)
    }
}
