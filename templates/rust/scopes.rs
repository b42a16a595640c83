use std::fmt;
use std::str::FromStr;

use credsmith_runtime::UnknownScope;

/// Scopes that can be requested with the scheme {{ scheme }}.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
{%- if prose_like_code %}
#[allow(
    clippy::doc_markdown,
    reason = "descriptions are the API's own words"
)]
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
    type Err = UnknownScope;

    fn from_str(value: &str) -> Result<Self, Self::Err> {
        let scope = Self::ALL.iter().find(|scope| scope.as_str() == value);
        scope
            .copied()
            .ok_or_else(|| UnknownScope::new(Self::NAME, value))
    }
}
