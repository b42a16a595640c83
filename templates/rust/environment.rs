/// Where the API is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum {{ name }} {
{%- for variant in variants %}
    {{ variant.doc }}
{%- if loop.first %}
    #[default]
{%- endif %}
    {{ variant.name }},
{%- endfor %}
}
