use std::sync::Arc;

{% for line in lines %}{{ line }}
{% endfor -%}
