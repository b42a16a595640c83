credsmith_runtime::assert_interface!({{ interface }});
{% if blocking %}
/// The client for code without an async runtime.
#[cfg(feature = "blocking")]
pub mod blocking;
{%- endif %}
{%- for module in modules %}
mod {{ module }};
{%- endfor %}
{% for line in exports %}
{{ line }}
{%- endfor %}
