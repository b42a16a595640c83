    /// {% if client %}Credentials of a client.{% else %}Credentials with all that is needed.{% endif %}
    #[must_use]
    pub fn new({% for field in required %}{% if !loop.first %}, {% endif %}{{ field.local }}: impl Into<{{ field.type_name }}>{% endfor %}) -> Self {
        {{ initial }}
    }
