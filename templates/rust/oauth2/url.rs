{%- if let Some(url) = everywhere %}
    /// The {{ noun }}.
    pub const {{ item }}: &str = {{ url }};
{%- else %}
    /// The {{ noun }} of an environment.
    #[must_use]
    pub const fn {{ item }}(environment: {{ environment }}) -> &'static str {
        match environment {
{%- for url in urls %}
            {{ environment }}::{{ url.environment }} => {{ url.url }},
{%- endfor %}
        }
    }
{%- endif %}
