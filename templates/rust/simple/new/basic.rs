{%- if secret_username %}
        let username = credentials.{{ username }}.as_ref();
        let username = username.map(ExposeSecret::expose_secret);
{%- else %}
        let username = credentials.{{ username }}.as_deref();
{%- endif %}
{%- if password_optional %}
        let password = credentials.{{ password }}.clone().unwrap_or_default();
        let auth = BasicAuth::new({{ scheme }}, username, Some(&password))?;
{%- else %}
        let password = credentials.{{ password }}.as_ref();
        let auth = BasicAuth::new({{ scheme }}, username, password)?;
{%- endif %}
        Ok(Self { auth })
