    /// Credentials from environment variables.
    ///
{%- for row in rows %}
    {{ row }}
{%- endfor %}
    ///
    /// # Errors
    ///
    /// The error names every variable that is missing or malformed.
    pub fn from_env() -> Result<Self, EnvError> {
        Self::from_variables(|name| env::var_os(name))
    }

    /// Credentials from variables that `lookup` finds, by the names of
    /// [`from_env`](Self::from_env).
    ///
    /// # Errors
    ///
    /// The error names every variable that is missing or malformed.
    pub fn from_variables(lookup: impl Fn(&str) -> Option<OsString>) -> Result<Self, EnvError> {
        let mut variables = Variables::new(&lookup);
{%- for variable in required %}
        let {{ variable.local }} = variables.{{ variable.reader }}({{ variable.name }});
{%- endfor %}
{%- for variable in optional %}
        let {{ variable.local }} = variables.{{ variable.reader }}({{ variable.name }});
{%- endfor %}
        variables.finish()?;
{%- if let Some(all) = all %}
        Ok({{ all }})
{%- else %}
        let {% if !optional.is_empty() %}mut {% endif %}credentials = Self::new({% for variable in required %}{% if !loop.first %}, {% endif %}{{ variable.local }}{% endfor %});
{%- for variable in optional %}
        credentials.{{ variable.field }} = {{ variable.local }};
{%- endfor %}
        Ok(credentials)
{%- endif %}
    }
