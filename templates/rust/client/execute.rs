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
{%- if schemes.is_empty() %}
        let nothing: &[&Requirement] = &[];
        let security = SecurityGroup::new(&[nothing]);
{%- else %}
        let security = self.{{ security }}();
{%- endif %}
        credsmith_runtime::send_secured(&*self.transport, &security, request).await
    }
{%- if !schemes.is_empty() %}

    /// Returns the credentials that [`{{ name }}`](Self::{{ name }}) puts on requests, for other HTTP clients: pass them
    /// to `AuthorizationLayer` or `AuthorizationMiddleware`, or call `authorize` for a single request.
    #[must_use]
    pub fn {{ security }}(&self) -> SecurityGroup {
{%- for scheme in schemes %}
        let {{ scheme.accessor }}_required = Requirement {
            authorizer: Arc::new(self.{{ scheme.accessor }}.{{ scheme.authorizer }}().clone()),
            parameter: {{ scheme.parameter }},
        };
{%- endfor %}
        let alternatives: &[&[&Requirement]] = {{ list }};
        SecurityGroup::new(alternatives)
    }
{%- endif %}
