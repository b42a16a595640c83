//! The rules of the spec language, one file each: what is wrong, and how the message reads.
//!
//! Codes are grouped: `CS00` reading, `CS01` keys, `CS02` values, `CS03` keys together. `CS04` is
//! for names, which are derived (and clash) per target, beyond this crate.

pub(crate) mod api_key;
pub(crate) mod characters;
pub(crate) mod contradiction;
pub(crate) mod default_scope;
pub(crate) mod duplicate_api_key;
pub(crate) mod duplicate_key;
pub(crate) mod duplicate_scope;
pub(crate) mod endpoint_header;
pub(crate) mod endpoint_url;
pub(crate) mod environment;
pub(crate) mod foreign_document;
pub(crate) mod foreign_key;
pub(crate) mod glued_prefix;
pub(crate) mod header_clash;
mod http_field;
pub(crate) mod in_place;
pub(crate) mod insecure_url;
pub(crate) mod keyword;
pub(crate) mod limits;
pub(crate) mod lost_text;
pub(crate) mod missing_key;
mod near_url;
pub(crate) mod nothing;
pub(crate) mod number;
pub(crate) mod parameter;
pub(crate) mod refresh_token_code;
pub(crate) mod retired_grant;
pub(crate) mod scheme_twice;
pub(crate) mod scope_value;
pub(crate) mod secret;
pub(crate) mod text;
pub(crate) mod token_type;
pub(crate) mod unauthenticated_client;
pub(crate) mod unknown_key;
pub(crate) mod unknown_scheme;
pub(crate) mod unreadable;
pub(crate) mod unsplit_word;
pub(crate) mod unused_scheme;
pub(crate) mod vain_alternative;
pub(crate) mod version;
pub(crate) mod written;
pub(crate) mod wrong_type;
pub(crate) mod yaml;

/// The beginning of a text from the spec, so that a message stays a line.
fn excerpt(text: &str) -> String {
    const LONGEST: usize = 60;
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// "`a`, `b`, `c`", at most ten of them.
pub(crate) fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 10;
    let mut quoted: Vec<_> = words.map(|word| format!("`{}`", excerpt(word))).collect();
    if quoted.len() > MOST {
        quoted.truncate(MOST);
        quoted.push("…".to_owned());
    }
    quoted.join(", ")
}
