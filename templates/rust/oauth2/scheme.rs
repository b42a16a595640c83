{{ imports }}

{{ credentials }}

{{ builder }}

{% if let Some(endpoints) = endpoints %}{{ endpoints }}

{% endif %}{{ manager }}
