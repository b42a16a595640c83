/// {% if manual %}Fetches and keeps{% else %}Fetches, keeps and renews{% endif %} the tokens of the scheme {{ scheme }}.
///
/// Copies share one token.
#[derive(Clone, Debug)]
pub struct {{ name }} {
    engine: TokenManager,
}

impl {{ name }} {
{%- for url in urls %}
{{ url }}
{% endfor %}
{%- if let Some(field_names) = field_names %}
    const FIELD_NAMES: &[(&str, &str)] = {{ field_names }};
{% endif %}
{{ constructor }}
{%- for methods in methods %}

{{ methods }}
{%- endfor %}
}

impl From<{{ name }}> for SecurityGroup {
    fn from(manager: {{ name }}) -> Self {
        Self::from(manager.engine)
    }
}

impl From<TokenManager> for {{ name }} {
    fn from(engine: TokenManager) -> Self {
        Self { engine }
    }
}
