/// Endpoints of the scheme {{ scheme }}: the usual ones, unless others are set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    clippy::struct_field_names,
    reason = "fields are named as specifications name the endpoints"
)]
pub struct {{ name }} {
{%- for endpoint in endpoints %}
    /// The {{ endpoint.noun }}{% if endpoint.discovered %}; discovered where it is empty{% endif %}.
    pub {{ endpoint.field }}: String,
{%- endfor %}
}
{%- if let Some(environment) = environment %}

impl From<{{ environment }}> for {{ name }} {
    fn from(environment: {{ environment }}) -> Self {
        Self {
{%- for endpoint in endpoints %}
            {{ endpoint.field }}: {{ endpoint.usual }},
{%- endfor %}
        }
    }
}

impl Default for {{ name }} {
    fn default() -> Self {
        Self::from({{ environment }}::default())
    }
}
{%- else %}

impl Default for {{ name }} {
    fn default() -> Self {
        Self {
{%- for endpoint in endpoints %}
            {{ endpoint.field }}: {{ endpoint.usual }},
{%- endfor %}
        }
    }
}
{%- endif %}
