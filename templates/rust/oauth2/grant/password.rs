        let username = credentials.{{ username }}.as_deref();
        let password = credentials.{{ password }}.clone();
        let grant = PasswordGrant::new(username.unwrap_or_default(), password.unwrap_or_default());
        builder = builder.grant(Grant::Password(grant));
