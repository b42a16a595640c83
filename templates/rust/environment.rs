/// Where tokens come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
{%- if prose_like_code %}
#[allow(clippy::doc_markdown, reason = "descriptions are the API's own words")]
{%- endif %}
pub enum {{ name }} {
{%- for variant in variants %}
    {{ variant.doc }}
{%- if loop.first %}
    #[default]
{%- endif %}
    {{ variant.name }},
{%- endfor %}
}
