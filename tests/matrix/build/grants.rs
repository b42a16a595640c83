//! The other grants, each with every way to authenticate that the token server knows, with endpoints
//! that are written and discovered. Of forms and JSON each combination has one, so that either meets
//! every grant, every way to authenticate, and both kinds of endpoints.

/// One combination.
pub(super) struct Combination {
    grant: &'static str,
    authentication: &'static str,
    discovered: bool,
}

pub(super) fn combinations() -> Vec<Combination> {
    let mut all = Vec::new();
    for discovered in [false, true] {
        all.push(Combination {
            grant: "implicit",
            authentication: "none",
            discovered,
        });
        for grant in [
            "authorization_code",
            "device_code",
            "password",
            "jwt_bearer",
            "token_exchange",
        ] {
            for authentication in [
                "client_secret_basic",
                "client_secret_post",
                "client_secret_jwt",
                "none",
            ] {
                all.push(Combination {
                    grant,
                    authentication,
                    discovered,
                });
            }
        }
    }
    all
}

/// Plays the user inside of the hook.
const HOOK: &str = ".oauth_user_sign_in(|manager| async move {\n\
     let request = manager.start_sign_in().await?;\n\
     let callback = redirected(request.url())?;\n\
     Ok::<_, BoxError>(manager.complete_sign_in(&request, &callback).await?)\n})";

impl Combination {
    pub(super) fn title(&self) -> String {
        let endpoints = if self.discovered {
            "discovered"
        } else {
            "written"
        };
        format!(
            "{}, {}, endpoints {endpoints}, token requests in JSON {}",
            self.grant,
            self.authentication,
            self.json()
        )
    }

    /// Whether token requests are JSON.
    fn json(&self) -> bool {
        self.grant != "implicit" && self.discovered != (self.authentication == "client_secret_post")
    }

    /// Whether a hook asks the user.
    fn hooked(&self) -> bool {
        match self.grant {
            "authorization_code" => self.authentication == "client_secret_basic",
            "implicit" => self.discovered,
            _ => false,
        }
    }

    /// What the spec says of how the user is asked.
    fn user(&self) -> String {
        let mut lines = String::new();
        if self.hooked() {
            lines += "    user_sign_in: true\n";
        }
        if self.grant == "authorization_code" && !self.has_challenge() {
            lines += "    pkce: none\n";
        }
        lines
    }

    /// Whether codes are bound to who asked for them.
    fn has_challenge(&self) -> bool {
        self.authentication != "client_secret_post"
    }

    pub(super) fn spec(&self) -> String {
        let Self {
            grant,
            authentication,
            ..
        } = self;
        let authentication = match *grant {
            "implicit" => String::new(),
            _ => format!("    client_authentication: {authentication}\n"),
        };
        let format = if self.json() {
            "    token_request_format: json\n"
        } else {
            ""
        };
        let endpoints = if self.discovered {
            "    issuer: https://matrix.example\n".to_owned()
        } else {
            self.each_endpoint(|name| format!("    {name}: https://matrix.example/x\n"))
        };
        format!(
            "credsmith: 1\nsdk: {{ name: Matrix, rust: {{ blocking: {} }} }}\nschemes:\n  \
             scheme:\n    type: oauth2\n    grant: {grant}\n{authentication}{format}{}{endpoints}    \
             scopes: {{ values: [{{ value: read }}, {{ value: write }}] }}\n",
            self.discovered,
            self.user(),
        )
    }

    /// The endpoints that are written.
    fn endpoints(&self) -> Vec<&'static str> {
        let mut endpoints = match self.grant {
            "authorization_code" => vec!["authorization_url", "token_url"],
            "device_code" => vec!["device_authorization_url", "token_url"],
            "implicit" => vec!["authorization_url"],
            _ => vec!["token_url"],
        };
        if self.grant != "implicit" {
            endpoints.extend(["revocation_url", "introspection_url"]);
        }
        endpoints
    }

    fn each_endpoint(&self, text: impl Fn(&str) -> String) -> String {
        self.endpoints().into_iter().map(text).collect()
    }

    /// A function that gets a token by the grant, calls the API with it, asks about it, and revokes it.
    pub(super) fn exercise(&self, name: &str) -> String {
        let (authentication, json) = (self.authentication, self.json());
        let endpoints = if self.discovered {
            ".scheme_issuer(server.issuer())".to_owned()
        } else {
            self.each_endpoint(|name| format!(".scheme_{name}(server.{name}())"))
        };
        let has_client_id = self.grant != "jwt_bearer" || authentication != "none";
        let setters = [
            if self.hooked() { HOOK } else { "" },
            if has_client_id {
                ".oauth_client_id(ID)"
            } else {
                ""
            },
            if authentication == "none" {
                ""
            } else {
                ".oauth_client_secret(SECRET)"
            },
            self.setters(),
        ]
        .concat();
        let is_known = has_client_id && (self.grant != "implicit" || self.discovered);
        // Who is no client of the server cannot revoke there (RFC 7009 section 2.1).
        let revoke = if is_known {
            "let token = server.issued_tokens().pop().context(\"a token\")?;\n\
             let installed = client.scheme().current_token().context(\"a token\")?;\n\
             let said = client.scheme().introspect_token(&installed).await?;\n\
             ensure!(said.is_active(), \"it is not active\");\n\
             client.scheme().revoke_token().await?;\n\
             ensure!(!server.is_valid(&token), \"it is not revoked\");\nOk(())"
        } else {
            "Ok(())"
        };
        format!(
            "async fn exercise_{name}() -> Result<()> {{\n\
             let server = grant_server({authentication:?}, {json});\n\
             let credentials = {name}::SchemeCredentials::builder(){setters}\
             .oauth_scopes([{name}::OauthScopeSchemeEnum::Read]).build();\n\
             let client = {name}::MatrixClient::builder().scheme_credentials(credentials)\
             {endpoints}.build()?;\n\
             {}\n\
             let request = Request::get(server.api_url(\"x\")).body(Bytes::new())?;\n\
             let status = client.execute(request).await?.status();\n\
             ensure!(status == StatusCode::OK, \"the API answered {{status}}\");\n\
             {revoke}\n}}\n",
            self.sign_in(),
        )
    }

    /// What the credentials have beside client id and secret.
    fn setters(&self) -> &'static str {
        match self.grant {
            "authorization_code" | "implicit" => ".oauth_redirect_uri(REDIRECT_URI)",
            "password" => ".oauth_username(USER).oauth_password(PASSWORD)",
            "jwt_bearer" => ".oauth_issuer(USER).oauth_private_key(PRIVATE_KEY)",
            "token_exchange" => ".oauth_subject_token(SUBJECT_TOKEN)",
            _ => "",
        }
    }

    /// How the user is asked, if at all.
    fn sign_in(&self) -> &'static str {
        match self.grant {
            _ if self.hooked() => "",
            "authorization_code" if !self.has_challenge() => {
                "let request = client.scheme().start_sign_in().await?;\n\
                 ensure!(!request.url().contains(\"code_challenge\"), \"{}\", request.url());\n\
                 let callback = redirected(request.url())?;\n\
                 client.scheme().complete_sign_in(&request, &callback).await?;"
            }
            "authorization_code" | "implicit" => {
                "let asked = client.scheme().token().await.map(|_| ());\n\
                 ensure!(asked.is_err_and(|error| error.is_sign_in_needed()));\n\
                 let request = client.scheme().start_sign_in().await?;\n\
                 let callback = redirected(request.url())?;\n\
                 client.scheme().complete_sign_in(&request, &callback).await?;"
            }
            "device_code" => {
                "let device = client.scheme().start_device_sign_in().await?;\n\
                 ensure!(server.decide_for_device(device.user_code(), true));\n\
                 client.scheme().complete_device_sign_in(&device).await?;"
            }
            _ => "",
        }
    }
}
