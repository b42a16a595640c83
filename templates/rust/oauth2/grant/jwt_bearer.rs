        let issuer = credentials.{{ issuer }}.as_deref();
        let mut grant = JwtBearer::new(issuer.unwrap_or_default());
        grant = grant.lifetime(Duration::new({{ lifetime }}, 0));
{%- if let Some(audience) = audience %}
        grant = grant.audience({{ audience }});
{%- endif %}
{%- if scope_claim %}
        grant = grant.scope_claim(true);
{%- endif %}
        if let Some(subject) = &credentials.{{ subject }} {
            grant = grant.subject(subject);
        }
