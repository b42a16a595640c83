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

/// Returns the default transport of the runtime. It sends the name and the version of this package as `User-Agent`.
///
/// # Errors
///
/// Returns an error if no feature of the runtime has a transport, or if the HTTP client cannot be made.
pub fn default_transport() -> Result<std::sync::Arc<dyn Transport>, TransportError> {
    credsmith_runtime::default_transport_with(credsmith_runtime::user_agent!())
}
