//! Every combination of the options of the client credentials grant.

/// One combination.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the spec"
)]
pub(super) struct Combination {
    style: &'static str,
    scopes: bool,
    provider: bool,
    callback: bool,
    skew: bool,
    authentication: &'static str,
}

/// What text could break: ends of comments, literals, templates, code blocks, tables, links, tags.
const HOSTILE: &str = r##""*/ \"# ' \\ {{ x }} {% y %} `code` ``` ~~~ | [a](b) <b>&amp; --> $x$ //! #![deny] camelCase\n  # heading\n- item\n\n    code""##;

pub(super) fn combinations() -> Vec<Combination> {
    let mut all = Vec::new();
    for style in ["oauth", "o_auth"] {
        for switches in 0..16_u8 {
            for authentication in ["client_secret_basic", "client_secret_post", "none"] {
                let on = |bit: u8| switches & (1 << bit) != 0;
                all.push(Combination {
                    style,
                    scopes: on(0),
                    provider: on(1),
                    callback: on(2),
                    skew: on(3),
                    authentication,
                });
            }
        }
    }
    all
}

impl Combination {
    pub(super) fn title(&self) -> String {
        let Self {
            style,
            scopes,
            provider,
            callback,
            skew,
            authentication,
        } = self;
        format!(
            "{style}, {authentication}, scopes {scopes}, provider {provider}, callback {callback}, \
             skew {skew}"
        )
    }

    pub(super) fn spec(&self) -> String {
        let Self {
            style,
            provider,
            callback,
            skew,
            authentication,
            ..
        } = self;
        let scopes = if self.scopes {
            format!(
                "    scopes:\n      values:\n\
                 \x20       - {{ value: type, description: {HOSTILE} }}\n\
                 \x20       - {{ value: async, description: asyncFn }}\n\
                 \x20       - {{ value: 'self.read:all' }}\n"
            )
        } else {
            String::new()
        };
        format!(
            "credsmith: 1\n\
             sdk: {{ name: Matrix, description: {HOSTILE}, getter_style: {style} }}\n\
             schemes:\n  OAuth-matrix:\n    type: oauth2\n    grant: client_credentials\n\
             \x20   description: {HOSTILE}\n\
             \x20   token_url: https://matrix.example/token\n\
             \x20   client_authentication: {authentication}\n\
             \x20   token_provider: {provider}\n    on_token_update: {callback}\n\
             \x20   clock_skew: {skew}\n\
             \x20   parameters: {{ resource: 'https://matrix.example/a\"b' }}\n\
             \x20   endpoint_headers: {{ Matrix-Version: 'a\"b\\ {{c}}' }}\n{scopes}"
        )
    }

    /// A function that fetches a token with all that the options allow, and looks at the request.
    pub(super) fn exercise(&self, name: &str) -> String {
        let (o, class) = match self.style {
            "oauth" => ("oauth", "Oauth"),
            _ => ("o_auth", "OAuth"),
        };
        let scheme = format!("{o}_matrix");
        let setter = |on: bool, text: String| if on { text } else { String::new() };
        let scopes = format!("{name}::{class}Scope{class}MatrixEnum");
        let setters = [
            setter(
                self.authentication != "none",
                format!(".{o}_client_secret(SECRET)"),
            ),
            setter(
                self.scopes,
                format!(".{o}_scopes([{scopes}::Type, {scopes}::SelfReadall])"),
            ),
            setter(
                self.provider,
                format!(".{o}_token_provider(|_, _| async {{ None::<{name}::{class}Token> }})"),
            ),
            setter(
                self.callback,
                format!(".{o}_on_token_update(move |_| {{ seen.fetch_add(1, Relaxed); }})"),
            ),
            setter(
                self.skew,
                format!(".{o}_clock_skew(Duration::from_secs(5))"),
            ),
        ]
        .concat();
        let scope = if self.scopes {
            "Some(\"type self.read:all\")"
        } else {
            "None"
        };
        let (callback, authentication) = (self.callback, self.authentication);
        format!(
            "async fn exercise_{name}() -> Result<()> {{\n\
             let server = server({authentication:?});\n\
             let updates = Arc::new(AtomicUsize::new(0));\nlet seen = Arc::clone(&updates);\n\
             let credentials = {name}::{class}MatrixCredentials::builder().{o}_client_id(ID)\
             {setters}.build();\n\
             let client = {name}::MatrixClient::builder().{scheme}_credentials(credentials)\
             .{scheme}_token_url(server.token_url()).build()?;\n\
             let request = Request::get(server.api_url(\"x\")).body(Bytes::new())?;\n\
             let status = client.execute(request).await?.status();\ndrop(seen);\n\
             check(&server, status, {authentication:?}, {scope}, {callback}, \
             updates.load(Relaxed))\n}}\n"
        )
        .replace(
            "let seen = Arc::clone(&updates);\n",
            if self.callback {
                "let seen = Arc::clone(&updates);\n"
            } else {
                ""
            },
        )
        .replace("drop(seen);\n", "")
    }
}
