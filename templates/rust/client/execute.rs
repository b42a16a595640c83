    /// {{ summary }}.
{%- if let Some(description) = description %}
    ///
    {{ description }}
{%- endif %}
{%- if first_of_all %}
    ///
    /// The first scheme that has credentials is used.
{%- endif %}
{%- if !alternatives.is_empty() %}
    ///
    /// What the request needs, the first that is configured:
    ///
{%- for alternative in alternatives %}
    /// - {{ alternative }}
{%- endfor %}
{%- endif %}
    ///
    /// # Errors
    ///
    /// When {{ missing }}the API cannot be reached. Whatever the API answers is no error.
{%- if prose_like_code %}
    #[allow(clippy::doc_markdown, reason = "descriptions are the API's own words")]
{%- endif %}
    pub async fn {{ name }}(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SendError> {
{%- for scheme in schemes %}
        let {{ scheme.accessor }}_required = Requirement {
            authorizer: self.{{ scheme.accessor }}.{{ scheme.authorizer }}(),
            parameter: {{ scheme.parameter }},
        };
{%- endfor %}
        let alternatives: &[&[Requirement<'_>]] = {{ list }};
        credsmith_runtime::send_secured(&*self.transport, alternatives, request).await
    }
