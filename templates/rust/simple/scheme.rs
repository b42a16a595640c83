use std::env;
use std::ffi::OsString;
{%- if custom %}
use std::sync::Arc;
{%- endif %}

{% for line in imports %}{{ line }}
{% endfor %}
{{ credentials }}

{{ builder }}

{{ manager }}
