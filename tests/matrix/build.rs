//! Writes a spec for each combination of options, generates its module, and writes the code that
//! uses it as far as its options go.

use std::env;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use credsmith_codegen::Generator;

/// One combination.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the spec"
)]
struct Combination {
    style: &'static str,
    scopes: bool,
    provider: bool,
    callback: bool,
    skew: bool,
    authentication: &'static str,
}

/// What text could break: ends of comments, literals, templates, code blocks, tables, links, tags.
const HOSTILE: &str = r##""*/ \"# ' \\ {{ x }} {% y %} `code` ``` ~~~ | [a](b) <b>&amp; --> $x$ //! #![deny] camelCase\n  # heading\n- item\n\n    code""##;

/// Several schemes in one client: with scopes, by hand, and one named like what clients have inside.
const SEVERAL: &str = "\
credsmith: 1
sdk: { name: Several, rust: { blocking: true }, environments: { live: {}, test: {} } }
schemes:
  engine:
    type: oauth2
    grant: client_credentials
    token_url: https://one.example/token
    scopes: { values: [{ value: read }] }
  request:
    type: oauth2
    grant: client_credentials
    token_urls: { live: 'https://two.example/token', test: 'https://test.two.example/token' }
    token_fetch: manual
  variables:
    type: oauth2
    grant: client_credentials
    token_url: https://three.example/token
";

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").context("cargo sets OUT_DIR")?);
    let specs = out.join("specs");
    fs::create_dir_all(&specs)?;
    let mut generator = Generator::modules(out.join("modules")).force(true);
    let mut code = String::new();
    let mut calls = String::new();
    for (number, combination) in combinations().iter().enumerate() {
        let name = format!("m{number}");
        let path = specs.join(format!("{name}.yaml"));
        fs::write(&path, combination.spec())?;
        generator = generator.spec(path);
        let module = out.join("modules").join(&name).join("mod.rs");
        code += &format!(
            "pub mod {name} {{ include!(r#\"{}\"#); }}\n",
            module.display()
        );
        code += &combination.exercise(&name);
        calls += &format!(
            "({:?}, Box::pin(exercise_{name}())),\n",
            combination.title()
        );
    }
    let several = specs.join("several.yaml");
    fs::write(&several, SEVERAL)?;
    generator = generator.spec(several);
    let module = out.join("modules/several/mod.rs");
    code += &format!(
        "pub mod several {{ include!(r#\"{}\"#); }}\n",
        module.display()
    );
    code += &format!(
        "/// Uses every combination.\n\
         #[must_use]\npub fn all() -> Vec<(&'static str, Outcome)> {{ vec![\n{calls}] }}\n"
    );
    generator.write()?;
    fs::write(out.join("matrix.rs"), code)?;
    Ok(())
}

fn combinations() -> Vec<Combination> {
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
    fn title(&self) -> String {
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

    fn spec(&self) -> String {
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
             \x20   parameters: {{ resource: 'https://matrix.example/a\"b' }}\n{scopes}"
        )
    }

    /// A function that fetches a token with all that the options allow, and looks at the request.
    fn exercise(&self, name: &str) -> String {
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
