use std::fmt;
use std::str::FromStr;

use credsmith_runtime::serde::de::Error as _;
use credsmith_runtime::serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Scopes that can be requested with the scheme {{ scheme }}.
///
/// They are written, parsed and serialized as they go over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
{%- if prose_like_code %}
#[allow(clippy::doc_markdown, reason = "descriptions are the API's own words")]
{%- endif %}
pub enum {{ name }} {
{%- for member in members %}
{%- if let Some(doc) = member.doc %}
    {{ doc }}
    ///
{%- endif %}
    /// On the wire: {{ member.wire }}.
    {{ member.variant }},
{%- endfor %}
}

impl {{ name }} {
    const NAME: &str = {{ name_literal }};

    /// All scopes, in the order of the API's documentation.
    pub const ALL: &[Self] = {{ all }};

    /// The scope as it goes over the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
{%- for member in members %}
            Self::{{ member.variant }} => {{ member.value }},
{%- endfor %}
        }
    }
}

impl AsRef<str> for {{ name }} {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for {{ name }} {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for {{ name }} {
    type Err = credsmith_runtime::UnknownScope;

    fn from_str(value: &str) -> Result<Self, Self::Err> {
        let scope = Self::ALL.iter().find(|scope| scope.as_str() == value);
        let unknown = || Self::Err::new(Self::NAME, value);
        scope.copied().ok_or_else(unknown)
    }
}

impl Serialize for {{ name }} {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for {{ name }} {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = String::deserialize(deserializer)?;
        value.parse().map_err(D::Error::custom)
    }
}
