        let access_token = credentials.{{ access_token }}.as_ref();
        let auth = BearerAuth::new({{ scheme }}, access_token)?;
        Ok(Self { auth })
