use std::env;
use std::ffi::OsString;
use std::sync::Arc;
{%- if duration %}
use std::time::Duration;
{%- endif %}

{% for line in lines %}{{ line }}
{% endfor -%}
