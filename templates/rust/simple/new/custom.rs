        let mut is_configured = {{ begin }};
{%- for field in decisive %}
        is_configured {{ join }}= credentials.{{ field }}.is_some();
{%- endfor %}
        let sign = || Arc::new(credentials.clone()) as Arc<dyn SignRequest>;
        let auth = CustomAuth::new({{ scheme }}, is_configured.then(sign));
        Self { auth }
