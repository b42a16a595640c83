        let auth = ApiKeys::builder({{ scheme }})
{%- for key in keys %}
            .{{ key.place }}({{ key.name }}, {{ key.prefix }}, credentials.{{ key.field }}.as_ref())?
{%- endfor %}
            .build()?;
        Ok(Self { auth })
