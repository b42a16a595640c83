        let credentials = config.{{ parameter }}.clone();
{%- if let Some(kind) = endpoints_type %}
        let {{ accessor }} = {{ manager }}::new(
            &credentials.unwrap_or_default(),
            &{{ kind }} {
{%- for endpoint in endpoints %}
                {{ endpoint.name }}: config.{{ endpoint.parameter }}().to_owned(),
{%- endfor %}
            },
            Arc::clone(&transport),
        )?;
{%- else if let Some(token_url) = token_url %}
        let {{ accessor }} = {{ manager }}::new(
            &credentials.unwrap_or_default(),
            config.{{ token_url }}(),
            Arc::clone(&transport),
        )?;
{%- else %}
        let {{ accessor }} = {{ manager }}::new(&credentials.unwrap_or_default()){% if fallible %}?{% endif %};
{%- endif %}
