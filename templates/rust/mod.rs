credsmith_runtime::assert_interface!({{ interface }});
{% if blocking %}
#[cfg(feature = "blocking")]
pub mod blocking;
{%- endif %}
{%- for module in modules %}
mod {{ module }};
{%- endfor %}
{% for line in exports %}
{{ line }}
{%- endfor %}
