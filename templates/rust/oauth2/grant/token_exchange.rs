        let subject_token = credentials.{{ subject_token }}.clone();
        let mut grant = TokenExchange::new(subject_token.unwrap_or_default());
        grant = grant.subject_token_type({{ subject_token_type }});
{%- if let Some(kind) = requested_token_type %}
        grant = grant.requested_token_type({{ kind }});
{%- endif %}
        builder = builder.grant(Grant::TokenExchange(grant));
