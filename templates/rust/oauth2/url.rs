{%- if let Some(url) = everywhere %}
    /// The {{ noun }}.
    pub const {{ item }}: &str = {{ url }};
{%- else %}
    /// The {{ noun }} of an environment.
    #[must_use]
{%- if shared %}
    #[allow(clippy::match_same_arms, reason = "environments may share one")]
{%- endif %}
    pub const fn {{ item }}(environment: {{ environment }}) -> &'static str {
        match environment {
{%- for url in urls %}
            {{ environment }}::{{ url.environment }} => {{ url.url }},
{%- endfor %}
        }
    }
{%- endif %}
