//! The module of a scheme that fetches nothing: Basic, bearer, API keys, custom signing.

use askama::Template;
use credsmith_spec::model::{ApiKey, Place, Presence};

use super::credentials;
use super::plan::{KindPlan, SchemePlan};
use crate::error::Error;
use crate::leaf::{Code, CodeSpan, Leaf, literal};
use crate::naming::{FieldKind, Ident, Names};

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
pub(super) fn render(names: &Names, plan: &SchemePlan<'_>) -> Result<String, Error> {
    let file = File {
        custom: is_custom(plan),
        imports: imports(plan),
        credentials: credentials::render(plan)?,
        builder: credentials::builder(plan, &names.sdk)?,
        manager: manager(plan)?,
    };
    Ok(file.render()?)
}

fn is_custom(plan: &SchemePlan<'_>) -> bool {
    matches!(plan.kind, KindPlan::Custom)
}

fn imports(plan: &SchemePlan<'_>) -> Vec<Leaf<Code>> {
    let mut runtime = vec![auth(plan), "SecurityGroup", "SendError"];
    if is_custom(plan) {
        runtime.push("SignRequest");
    } else {
        runtime.push("ConfigError");
    }
    let has_secret = plan
        .fields
        .iter()
        .any(|field| field.type_name == "SecretString");
    if has_secret {
        runtime.push("SecretString");
    }
    if matches!(plan.kind, KindPlan::Basic(basic) if basic.secret_username) {
        runtime.push("ExposeSecret");
    }
    runtime.sort_unstable();
    let bytes = is_custom(plan).then(|| "use credsmith_runtime::bytes::Bytes;".to_owned());
    let lines = bytes.into_iter().chain([
        "use credsmith_runtime::codegen::{EnvError, Variables};".to_owned(),
        "use credsmith_runtime::http::Request;".to_owned(),
        format!("use credsmith_runtime::{{{}}};", runtime.join(", ")),
    ]);
    lines.map(Code::rendered).collect()
}

/// The runtime's type for the scheme.
fn auth(plan: &SchemePlan<'_>) -> &'static str {
    match plan.kind {
        KindPlan::Basic(_) => "BasicAuth",
        KindPlan::Bearer => "BearerAuth",
        KindPlan::ApiKey(_) => "ApiKeys",
        KindPlan::Custom => "CustomAuth",
        KindPlan::OAuth2(_) => "TokenManager",
    }
}

fn manager(plan: &SchemePlan<'_>) -> Result<Leaf<Code>, Error> {
    let has_query = |keys: &ApiKey| keys.keys.iter().any(|key| key.place == Place::Query);
    let (added, query) = match plan.kind {
        KindPlan::ApiKey(keys) if keys.keys.len() > 1 => ("the API keys", has_query(keys)),
        KindPlan::ApiKey(keys) => ("the API key", has_query(keys)),
        _ => ("the `Authorization` header", false),
    };
    let manager = Manager {
        scheme: plan.span(),
        name: Leaf(&plan.names.manager),
        credentials: Leaf(&plan.names.credentials),
        auth: Code::rendered(auth(plan)),
        added: Code::rendered(added),
        constructor: Code::block(&constructor(plan)?),
        custom: is_custom(plan),
        query,
    };
    Ok(Code::block(&manager.render()?))
}

fn constructor(plan: &SchemePlan<'_>) -> Result<String, Error> {
    let scheme = literal(plan.name);
    let field = |kind| plan.field_name(kind);
    let text = match plan.kind {
        KindPlan::Basic(model) => field(FieldKind::Username)
            .zip(field(FieldKind::Password))
            .map(|(username, password)| {
                let basic = Basic {
                    scheme,
                    username,
                    password,
                    secret_username: model.secret_username,
                    password_optional: model.password == Presence::Optional,
                };
                basic.render()
            }),
        KindPlan::Bearer => field(FieldKind::AccessToken).map(|access_token| {
            let bearer = Bearer {
                scheme,
                access_token,
            };
            bearer.render()
        }),
        KindPlan::ApiKey(keys) => Some(api_keys(plan, keys, scheme).render()),
        KindPlan::Custom => Some(custom(plan, scheme).render()),
        KindPlan::OAuth2(_) => None,
    };
    Ok(text.transpose()?.unwrap_or_default())
}

fn api_keys<'a>(plan: &SchemePlan<'a>, keys: &ApiKey, scheme: Leaf<Code>) -> ApiKeys<'a> {
    let keys = keys.keys.iter().zip(&plan.fields);
    let keys = keys.map(|(key, field)| Key {
        place: Code::rendered(match key.place {
            Place::Header => "header",
            Place::Query => "query",
            Place::Cookie => "cookie",
        }),
        name: literal(&key.wire_name),
        prefix: literal(&key.prefix),
        field: Leaf(field.name),
    });
    ApiKeys {
        scheme,
        keys: keys.collect(),
    }
}

fn custom<'a>(plan: &SchemePlan<'a>, scheme: Leaf<Code>) -> Custom<'a> {
    let required: Vec<_> = plan.required().map(|field| Leaf(field.name)).collect();
    if required.is_empty() {
        let all = plan.fields.iter().map(|field| Leaf(field.name));
        return Custom {
            scheme,
            begin: Code::rendered("false"),
            join: Code::rendered("|"),
            decisive: all.collect(),
        };
    }
    Custom {
        scheme,
        begin: Code::rendered("true"),
        join: Code::rendered("&"),
        decisive: required,
    }
}
