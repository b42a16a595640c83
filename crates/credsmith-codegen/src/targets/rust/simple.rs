//! The module of a scheme that fetches nothing: Basic, bearer, API keys, custom signing.

use askama::Template;
use credsmith_spec::facts::Field as FieldKind;
use credsmith_spec::model::{Place, Presence};

use super::credentials;
use super::{Form, Plan, SchemePlan};
use crate::error::Error;
use crate::leaf::{Code, CodeSpan, Leaf, literal};
use crate::names::Ident;
use crate::plan::Kind;

#[derive(Template)]
#[template(path = "rust/simple/scheme.rs")]
struct File {
    custom: bool,
    imports: Vec<Leaf<Code>>,
    credentials: Leaf<Code>,
    builder: Leaf<Code>,
    manager: Leaf<Code>,
}

#[derive(Template)]
#[template(path = "rust/simple/manager.rs")]
struct Manager<'a> {
    scheme: Leaf<CodeSpan>,
    name: Leaf<&'a Ident>,
    credentials: Leaf<&'a Ident>,
    auth: Leaf<Code>,
    added: Leaf<Code>,
    constructor: Leaf<Code>,
    custom: bool,
    query: bool,
}

#[derive(Template)]
#[template(path = "rust/simple/new/basic.rs")]
struct Basic<'a> {
    scheme: Leaf<Code>,
    username: Leaf<&'a Ident>,
    password: Leaf<&'a Ident>,
    secret_username: bool,
    password_optional: bool,
}

#[derive(Template)]
#[template(path = "rust/simple/new/bearer.rs")]
struct Bearer<'a> {
    scheme: Leaf<Code>,
    access_token: Leaf<&'a Ident>,
}

#[derive(Template)]
#[template(path = "rust/simple/new/api_keys.rs")]
struct ApiKeys<'a> {
    scheme: Leaf<Code>,
    keys: Vec<Key<'a>>,
}

struct Key<'a> {
    place: Leaf<Code>,
    name: Leaf<Code>,
    prefix: Leaf<Code>,
    field: Leaf<&'a Ident>,
}

/// Configured when all decisive fields are set, or any of them where none is required.
#[derive(Template)]
#[template(path = "rust/simple/new/custom.rs")]
struct Custom<'a> {
    scheme: Leaf<Code>,
    begin: Leaf<Code>,
    join: Leaf<Code>,
    decisive: Vec<Leaf<&'a Ident>>,
}

/// Renders the module of a scheme.
pub(super) fn render(plan: &Plan<'_>, scheme: &SchemePlan<'_>) -> Result<String, Error> {
    let file = File {
        custom: is_custom(scheme),
        imports: imports(scheme),
        credentials: credentials::render(plan, scheme)?,
        builder: credentials::builder(plan, scheme)?,
        manager: manager(scheme)?,
    };
    Ok(file.render()?)
}

fn is_custom(scheme: &SchemePlan<'_>) -> bool {
    matches!(scheme.kind, Kind::Custom)
}

fn imports(scheme: &SchemePlan<'_>) -> Vec<Leaf<Code>> {
    let mut runtime = vec![auth(scheme), "SecurityGroup", "SendError"];
    if is_custom(scheme) {
        runtime.push("SignRequest");
    } else {
        runtime.push("ConfigError");
    }
    let has_secret = scheme
        .fields
        .iter()
        .any(|field| field.form() == Form::Secret);
    if has_secret {
        runtime.push("SecretString");
    }
    if matches!(scheme.kind, Kind::Basic(basic) if basic.secret_username) {
        runtime.push("ExposeSecret");
    }
    runtime.sort_unstable();
    let bytes = is_custom(scheme).then(|| "use credsmith_runtime::bytes::Bytes;".to_owned());
    let lines = bytes.into_iter().chain([
        "use credsmith_runtime::codegen::{EnvError, Variables};".to_owned(),
        "use credsmith_runtime::http::Request;".to_owned(),
        format!("use credsmith_runtime::{{{}}};", runtime.join(", ")),
    ]);
    lines.map(Code::rendered).collect()
}

/// The runtime's type for the scheme.
fn auth(scheme: &SchemePlan<'_>) -> &'static str {
    match scheme.kind {
        Kind::Basic(_) => "BasicAuth",
        Kind::Bearer => "BearerAuth",
        Kind::ApiKey(_) => "ApiKeys",
        Kind::Custom => "CustomAuth",
        Kind::OAuth2(_) => "TokenManager",
    }
}

fn manager(scheme: &SchemePlan<'_>) -> Result<Leaf<Code>, Error> {
    let added = match scheme.kind {
        Kind::ApiKey(keys) if keys.keys.len() > 1 => "the API keys",
        Kind::ApiKey(_) => "the API key",
        _ => "the `Authorization` header",
    };
    let manager = Manager {
        scheme: scheme.span(),
        name: Leaf(&scheme.manager),
        credentials: Leaf(&scheme.credentials),
        auth: Code::rendered(auth(scheme)),
        added: Code::rendered(added),
        constructor: Code::block(&constructor(scheme)?),
        custom: is_custom(scheme),
        query: scheme.has_key_in(Place::Query),
    };
    Ok(Code::block(&manager.render()?))
}

fn constructor(scheme: &SchemePlan<'_>) -> Result<String, Error> {
    let field = |kind| scheme.field_name(kind);
    let text = match scheme.kind {
        Kind::Basic(model) => field(FieldKind::Username)
            .zip(field(FieldKind::Password))
            .map(|(username, password)| {
                let basic = Basic {
                    scheme: literal(scheme.title),
                    username,
                    password,
                    secret_username: model.secret_username,
                    password_optional: model.password == Presence::Optional,
                };
                basic.render()
            }),
        Kind::Bearer => field(FieldKind::AccessToken).map(|access_token| {
            let bearer = Bearer {
                scheme: literal(scheme.title),
                access_token,
            };
            bearer.render()
        }),
        Kind::ApiKey(_) => Some(api_keys(scheme).render()),
        Kind::Custom => Some(custom(scheme).render()),
        Kind::OAuth2(_) => None,
    };
    Ok(text.transpose()?.unwrap_or_default())
}

fn api_keys<'a>(scheme: &'a SchemePlan<'a>) -> ApiKeys<'a> {
    let keys = scheme.keys().map(|(key, field)| Key {
        place: Code::rendered(match key.place {
            Place::Header => "header",
            Place::Query => "query",
            Place::Cookie => "cookie",
        }),
        name: literal(&key.wire_name),
        prefix: literal(&key.prefix),
        field: Leaf(&field.name),
    });
    ApiKeys {
        scheme: literal(scheme.title),
        keys: keys.collect(),
    }
}

fn custom<'a>(scheme: &'a SchemePlan<'a>) -> Custom<'a> {
    let required: Vec<_> = scheme.required().map(|field| Leaf(&field.name)).collect();
    if required.is_empty() {
        let all = scheme.fields.iter().map(|field| Leaf(&field.name));
        return Custom {
            scheme: literal(scheme.title),
            begin: Code::rendered("false"),
            join: Code::rendered("|"),
            decisive: all.collect(),
        };
    }
    Custom {
        scheme: literal(scheme.title),
        begin: Code::rendered("true"),
        join: Code::rendered("&"),
        decisive: required,
    }
}
