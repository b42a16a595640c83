{%- if let Some(endpoints) = endpoints %}
    /// A manager for clients other than the generated one: `endpoints` are usually those of
    /// [`{{ endpoints }}::default`].
    ///
    /// # Errors
    ///
    /// When an endpoint is no absolute URL, or plain `http` beyond loopback
{%- if private_key.is_some() %}, or the private key cannot
    /// be used
{%- endif %}.
    pub fn new(
        credentials: &{{ credentials }},
        endpoints: &{{ endpoints }},
        transport: Arc<dyn Transport>,
    ) -> Result<Self, ConfigError> {
{%- else %}
    /// A manager for clients other than the generated one: `token_url` is usually
    /// {{ usual_url }}.
    ///
    /// # Errors
    ///
    /// When `token_url` is no absolute URL, or plain `http` beyond loopback
{%- if private_key.is_some() %}, or the private key
    /// cannot be used
{%- endif %}.
    pub fn new(
        credentials: &{{ credentials }},
        token_url: &str,
        transport: Arc<dyn Transport>,
    ) -> Result<Self, ConfigError> {
{%- endif %}
        let mut builder = TokenManager::builder({{ scheme_literal }})
{%- for call in head %}
            {{ call }}
{%- endfor %}
            .transport(transport);
{%- for call in calls %}
        builder = builder{{ call }};
{%- endfor %}
{%- for value in values %}
        if let Some({{ value.local }}) = &credentials.{{ value.field }} {
            builder = builder.{{ value.call }};
        }
{%- endfor %}
{%- if let Some(grant) = grant %}
{{ grant }}
{%- endif %}
{%- if let Some(key) = private_key %}
        if let Some(private_key) = &credentials.{{ key.field }} {
            let mut key = SigningKey::from_pem(private_key)?;
            if let Some(id) = &credentials.{{ key.id_field }} {
                key = key.with_key_id(id);
            }
{%- if key.authenticates %}
            builder = builder.signing_key(key{% if key.asserts %}.clone(){% endif %});
{%- endif %}
{%- if key.asserts %}
            grant = grant.signing_key(key);
{%- endif %}
        }
{%- if key.asserts %}
        builder = builder.grant(Grant::JwtBearer(grant));
{%- endif %}
{%- endif %}
{%- if let Some(scopes) = scopes %}
        let scopes = credentials.{{ scopes.field }}();
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        builder = builder.scope(scopes.join({{ scopes.separator }}));
{%- endif %}
{%- if let Some(field) = token_provider %}
        if let Some(provider) = &credentials.{{ field }} {
            let provider = credsmith_runtime::codegen::map_provider::<Self>(provider.clone());
            builder = builder.token_provider(provider);
        }
{%- endif %}
{%- if let Some(field) = on_token_update %}
        if let Some(callback) = &credentials.{{ field }} {
            builder = builder.on_token_update(callback.clone());
        }
{%- endif %}
{%- if let Some(field) = user_sign_in %}
        if let Some(hook) = &credentials.{{ field }} {
            let hook = credsmith_runtime::codegen::map_user_sign_in::<Self>(hook.clone());
            builder = builder.user_sign_in(hook);
        }
{%- endif %}
{%- if let Some(field) = clock_skew %}
        if let Some(clock_skew) = credentials.{{ field }} {
            builder = builder.clock_skew(clock_skew);
        }
{%- endif %}
        builder.build().map(Self::from)
    }
