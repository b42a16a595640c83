        let username = credentials.{{ username }}.as_deref();
        let password = credentials.{{ password }}.as_ref();
        let auth = BasicAuth::new({{ scheme }}, username, password)?;
        Ok(Self { auth })
