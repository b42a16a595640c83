//! Names that are set by hand for fields which the scheme does not have: without effect, so an
//! error.

use super::flag;
use crate::diagnostic::Problems;
use crate::located::Located;
use crate::model::{ClientAuthentication, TokenFetch};
use crate::raw::RawScheme;
use crate::rules::contradiction;
use crate::source::Span;

/// Checks that each named field exists; `at` is the scheme's name.
pub(super) fn check(
    raw: &RawScheme,
    at: Span,
    authentication: Option<&Located<ClientAuthentication>>,
    fetch: Option<&Located<TokenFetch>>,
    problems: &mut Problems,
) {
    let Some(names) = raw.names.as_ref().and_then(|names| names.fields.as_ref()) else {
        return;
    };
    let public = authentication.filter(|word| word.value == ClientAuthentication::None);
    let manual = fetch.filter(|word| word.value == TokenFetch::Manual);
    let off = |switch: &Option<Located<bool>>| match (switch, manual) {
        (Some(switch), _) if !flag(Some(switch), true) => Some(switch.span),
        (None, Some(manual)) => Some(manual.span),
        _ => None,
    };
    let fields = [
        (
            &names.client_secret,
            public.map(|word| word.span),
            "client_secret",
        ),
        (&names.scopes, raw.scopes.is_none().then_some(at), "scopes"),
        (
            &names.token_provider,
            off(&raw.token_provider),
            "token_provider",
        ),
        (
            &names.on_token_update,
            off(&raw.on_token_update),
            "on_token_update",
        ),
        (&names.clock_skew, off(&raw.clock_skew), "clock_skew"),
    ];
    for (name, absent, key) in fields {
        if let (Some(name), Some(reason)) = (name, absent) {
            let message = format!("the scheme has no `{key}` that could be named");
            let help = format!("remove `{key}` from `names.fields`");
            problems.push(contradiction::between(message, name.span, reason, help));
        }
    }
}
