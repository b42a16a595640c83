//! The members of a JSON object, or the parameters of a form, as the server wrote them.
//!
//! Values stay raw text until their type is known. A number that does not fit a float then affects only its own
//! member, and repeated keys are detected.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::policy::lifetime::MAX_LIFETIME;

/// The members in order, including repeated ones.
#[derive(Debug)]
pub(crate) struct Members(Vec<(String, Box<RawValue>)>);

impl Members {
    /// Reads a JSON object. A byte-order mark before it is skipped.
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        serde_json::from_slice(body).ok()
    }

    /// Reads a JSON object, or the first element of a list if that is an object.
    pub(crate) fn first_of(json: &str) -> Option<Self> {
        let first = || {
            let list = serde_json::from_str::<Vec<Box<RawValue>>>(json).ok()?;
            Self::parse(list.first()?.get().as_bytes())
        };
        Self::parse(json.as_bytes()).or_else(first)
    }

    /// Reads a form (RFC 6749 appendix B), whose values are all strings. Returns `None` if it is not form-encoded
    /// UTF-8, since a token has to be exact.
    pub(crate) fn parse_form(body: &[u8]) -> Option<Self> {
        let body = body.trim_ascii();
        if !body.iter().all(u8::is_ascii_graphic) {
            return None;
        }
        let pairs: Vec<_> = form_urlencoded::parse(body).into_owned().collect();
        let is_exact = |text: &str| !text.contains(char::REPLACEMENT_CHARACTER);
        let is_form = pairs
            .iter()
            .all(|(name, value)| is_exact(name) && is_exact(value));
        is_form.then(|| Self::of_pairs(pairs.iter()))
    }

    /// Makes members whose values are all strings.
    pub(crate) fn of_pairs<'a>(pairs: impl Iterator<Item = &'a (String, String)>) -> Self {
        let member = |(name, value): &(String, String)| {
            let value = Value::from(value.as_str()).to_string();
            Some((name.clone(), RawValue::from_string(value).ok()?))
        };
        Self(pairs.filter_map(member).collect())
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Returns names and values as the server wrote them.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.get()))
    }

    pub(crate) fn is_repeated(&self, name: &str) -> bool {
        self.names().filter(|other| *other == name).count() > 1
    }

    /// Returns a name that `matters` and occurs more than once.
    pub(crate) fn repeated(&self, matters: impl Fn(&str) -> bool) -> Option<&str> {
        let mut seen = BTreeSet::new();
        self.names()
            .find(|name| matters(name) && !seen.insert(*name))
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.raw(name).is_some_and(|raw| raw != "null")
    }

    /// Returns whether the member has a meaningful value: one that is not empty, false or zero.
    pub(super) fn says(&self, name: &str) -> bool {
        const NOTHING: [&str; 7] = ["null", "false", "0", "\"\"", "\"0\"", "[]", "{}"];
        self.raw(name).is_some_and(|raw| !NOTHING.contains(&raw))
    }

    fn raw(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.get())
    }

    /// Returns a member that is a string.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        serde_json::from_str(self.raw(name)?).ok()
    }

    /// Returns a member that is a string, or a number in its original notation.
    pub(super) fn scalar(&self, name: &str) -> Option<String> {
        scalar(self.raw(name)?)
    }

    /// Returns a member that is a string, or a list of strings joined with spaces.
    pub(crate) fn words(&self, name: &str) -> Option<String> {
        self.text(name).or_else(|| {
            Some(
                serde_json::from_str::<Vec<String>>(self.raw(name)?)
                    .ok()?
                    .join(" "),
            )
        })
    }

    /// Returns a member that is a number of seconds, or a string of one; `None` if it cannot be read.
    pub(crate) fn seconds(&self, name: &str) -> Option<Duration> {
        let raw = self.raw(name)?;
        let text = if raw.starts_with('"') {
            self.text(name)?
        } else {
            raw.to_owned()
        };
        seconds(text.trim())
    }

    /// Returns the members that `known` does not list. Of repeated ones it returns the last.
    pub(crate) fn others(&self, known: &[&str]) -> Map<String, Value> {
        let others = self
            .0
            .iter()
            .filter(|(name, _)| !known.contains(&name.as_str()));
        others
            .filter_map(|(name, raw)| Some((name.clone(), serde_json::from_str(raw.get()).ok()?)))
            .collect()
    }
}

/// Returns a string, or a number in its original notation.
pub(super) fn scalar(raw: &str) -> Option<String> {
    let is_number = raw.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    if is_number {
        return Some(raw.to_owned());
    }
    serde_json::from_str(raw).ok()
}

/// Returns a string, or all strings of a list.
pub(super) fn lines(raw: &str) -> Option<String> {
    let list = || serde_json::from_str::<Vec<String>>(raw).ok();
    let joined = || list().map(|lines| lines.join("; "));
    serde_json::from_str(raw).ok().or_else(joined)
}

/// Reads seconds from an integer or a decimal. Negative numbers count as zero; large ones saturate.
fn seconds(text: &str) -> Option<Duration> {
    let is_numeric = |b: u8| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E');
    if !text.bytes().all(is_numeric) {
        return None;
    }
    let seconds = text
        .parse::<f64>()
        .ok()?
        .clamp(0.0, MAX_LIFETIME.as_secs_f64());
    Duration::try_from_secs_f64(seconds).ok()
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peer_defect_30_expires_in_is_read_in_every_form_servers_send() {
        let century = Some(MAX_LIFETIME);
        for (written, expected) in [
            ("3600", Some(Duration::from_secs(3_600))),
            ("3600.5", Some(Duration::from_millis(3_600_500))),
            ("3.6e3", Some(Duration::from_secs(3_600))),
            (r#""3600""#, Some(Duration::from_secs(3_600))),
            (r#"" 3600.0 ""#, Some(Duration::from_secs(3_600))),
            ("0", Some(Duration::ZERO)),
            ("-1", Some(Duration::ZERO)),
            ("9223372036854775807", century),
            ("18446744073709551616", century),
            ("1e400", century),
            (r#""1e400""#, century),
            ("null", None),
            (r#""""#, None),
            (r#""NaN""#, None),
            (r#""inf""#, None),
            (r#""soon""#, None),
            ("true", None),
            ("[3600]", None),
            ("{}", None),
        ] {
            let members =
                Members::parse(format!(r#"{{"expires_in":{written}}}"#).as_bytes()).unwrap();
            assert_eq!(members.seconds("expires_in"), expected, "{written}");
        }
    }

    #[test]
    fn only_objects_are_members() {
        for body in ["", "[]", "null", "\"x\"", "{", "{}{}", "<html>"] {
            assert!(Members::parse(body.as_bytes()).is_none(), "{body}");
        }
        assert!(Members::parse(b"\xef\xbb\xbf {} ").is_some());
    }
}
