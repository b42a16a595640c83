/// Puts [`{{ credentials }}`] together.
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is built until `build` is called"]
pub struct {{ name }} {
    credentials: {{ credentials }},
}

impl From<{{ credentials }}> for {{ name }} {
    fn from(credentials: {{ credentials }}) -> Self {
        Self { credentials }
    }
}

impl {{ name }} {
    /// The credentials.
    #[must_use]
    pub fn build(self) -> {{ credentials }} {
        self.credentials
    }
{%- for setter in setters %}

{{ setter }}
{%- endfor %}
}
