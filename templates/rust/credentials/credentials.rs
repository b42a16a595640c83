/// Credentials of the scheme {{ scheme }}.
///
{%- if let Some(description) = description %}
{{ description }}
///
{%- endif %}
/// What is shown of them in logs holds no secret.
#[derive(Clone, Debug, Default)]
{%- if prose_like_code %}
#[allow(clippy::doc_markdown, reason = "descriptions are the API's own words")]
{%- endif %}
#[allow(
    clippy::struct_field_names,
    reason = "fields are named as the API's documentation names them"
)]
pub struct {{ name }} {
{%- for field in fields %}
    {{ field.name }}: Option<{{ field.type_name }}>,
{%- endfor %}
}

impl {{ name }} {
{%- if let Some(constructor) = constructor %}
{{ constructor }}
{% endif %}
    /// Credentials put together step by step.{% if stored_token %} A stored token alone is enough until it has to be
    /// renewed.{% endif %}
    pub fn builder() -> {{ builder }} {
        {{ builder }}::default()
    }

{{ environment }}

    /// A builder that begins with a copy: what is set on it replaces what is here, all else stays.
    pub fn to_builder(&self) -> {{ builder }} {
        {{ builder }}::from(self.clone())
    }
{%- for getter in getters %}

{{ getter }}
{%- endfor %}
}
