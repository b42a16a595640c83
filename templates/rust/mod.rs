credsmith_runtime::assert_interface!({{ interface }});
{% for module in modules %}
{%- if module.blocking %}
/// The client for code without an async runtime.
#[cfg(feature = "blocking")]
pub mod {{ module.name }};
{%- else %}
mod {{ module.name }};
{%- endif %}
{%- endfor %}
{% for line in exports %}
{{ line }}
{%- endfor %}
