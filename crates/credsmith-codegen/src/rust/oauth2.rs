//! The module of an OAuth 2.0 scheme: credentials, their builder, the manager.

use askama::Template;
use credsmith_spec::model::TokenUrls;

use super::plan::{FieldIdents, SchemePlan};
use crate::error::Error;
use crate::leaf::{Code, CodeSpan, DocText, Leaf, literal, looks_like_code};
use crate::naming::{FieldKind, Ident, Names};

#[derive(Template)]
#[template(path = "rust/oauth2/scheme.rs")]
struct File {
    imports: Leaf<Code>,
    credentials: Leaf<Code>,
    builder: Leaf<Code>,
    manager: Leaf<Code>,
}

#[derive(Template)]
#[template(path = "rust/oauth2/imports.rs")]
struct Imports {
    duration: bool,
    lines: Vec<Leaf<Code>>,
}

#[derive(Template)]
#[template(path = "rust/oauth2/credentials.rs")]
struct Credentials<'a> {
    scheme: Leaf<CodeSpan>,
    description: Option<Leaf<DocText>>,
    prose_like_code: bool,
    name: Leaf<&'a Ident>,
    builder: Leaf<&'a Ident>,
    manager: Leaf<&'a Ident>,
    token: Leaf<&'a Ident>,
    fields: &'a FieldIdents<'a>,
    scopes: Option<Scopes<'a>>,
    client_id_variable: Leaf<Code>,
    client_secret_variable: Option<Leaf<Code>>,
    optional_variables: Vec<OptionalVariable<'a>>,
    variable_rows: Vec<Leaf<Code>>,
}

/// The scopes' field, the type of its items, and what it holds unless it is set.
struct Scopes<'a> {
    field: Leaf<&'a Ident>,
    enumeration: Leaf<&'a Ident>,
    default: Leaf<Code>,
    separator: Leaf<Code>,
}

struct OptionalVariable<'a> {
    name: Leaf<Code>,
    local: Leaf<Code>,
    reader: Leaf<Code>,
    field: Leaf<&'a Ident>,
}

#[derive(Template)]
#[template(path = "rust/oauth2/builder.rs")]
struct Builder<'a> {
    name: Leaf<&'a Ident>,
    credentials: Leaf<&'a Ident>,
    manager: Leaf<&'a Ident>,
    token: Leaf<&'a Ident>,
    fields: &'a FieldIdents<'a>,
    scopes: Option<Scopes<'a>>,
}

#[derive(Template)]
#[template(path = "rust/oauth2/manager.rs")]
struct Manager<'a> {
    scheme: Leaf<CodeSpan>,
    scheme_literal: Leaf<Code>,
    name: Leaf<&'a Ident>,
    credentials: Leaf<&'a Ident>,
    token: Leaf<&'a Ident>,
    provider_error: Leaf<&'a Ident>,
    environment: Leaf<&'a Ident>,
    token_url: Option<Leaf<Code>>,
    token_urls: Vec<EnvironmentUrl<'a>>,
    usual_url: Leaf<Code>,
    authentication: Leaf<Code>,
    client_id_literal: Leaf<Code>,
    client_secret_literal: Leaf<Code>,
    calls: Vec<Leaf<Code>>,
    fields: &'a FieldIdents<'a>,
    scopes: Option<Scopes<'a>>,
    manual: bool,
}

struct EnvironmentUrl<'a> {
    environment: Leaf<&'a Ident>,
    url: Leaf<Code>,
}

/// Renders the module of a scheme.
pub(super) fn render(names: &Names, plan: &SchemePlan<'_>) -> Result<String, Error> {
    let file = File {
        imports: Code::rendered(imports(names, plan).render()?.trim_end()),
        credentials: Code::rendered(credentials(names, plan).render()?.trim_end()),
        builder: Code::rendered(builder(names, plan).render()?.trim_end()),
        manager: Code::rendered(manager(names, plan).render()?.trim_end()),
    };
    Ok(file.render()?)
}

fn imports(names: &Names, plan: &SchemePlan<'_>) -> Imports {
    let mut runtime = vec![
        "ClientAuthentication",
        "ConfigError",
        "TokenManager",
        "Transport",
    ];
    let optional = [
        ("SecretString", plan.fields.client_secret.is_some()),
        ("TokenFetch", plan.manual()),
        ("TokenProvider", plan.fields.token_provider.is_some()),
        ("ProviderReply", plan.fields.token_provider.is_some()),
        ("TokenUpdateCallback", plan.fields.on_token_update.is_some()),
        ("CallbackReply", plan.fields.on_token_update.is_some()),
    ];
    runtime.extend(
        optional
            .into_iter()
            .filter(|(_, used)| *used)
            .map(|(name, _)| name),
    );
    runtime.sort_unstable();
    let mut siblings = vec![names.sdk.token.as_str(), names.sdk.provider_error.as_str()];
    siblings.extend(
        plan.names
            .scopes
            .as_ref()
            .map(|scopes| scopes.enumeration.as_str()),
    );
    if let TokenUrls::PerEnvironment(_) = plan.oauth2.token_endpoint.urls {
        siblings.push(names.sdk.environment.as_str());
    }
    siblings.sort_unstable();
    let lines = [
        "use credsmith_runtime::env::{EnvError, Variables};".to_owned(),
        "use credsmith_runtime::http::Request;".to_owned(),
        format!("use credsmith_runtime::{{{}}};", runtime.join(", ")),
        String::new(),
        format!("use super::{{{}}};", siblings.join(", ")),
    ];
    Imports {
        duration: plan.uses_duration(),
        lines: lines.into_iter().map(Code::rendered).collect(),
    }
}

fn credentials<'a>(names: &'a Names, plan: &'a SchemePlan<'a>) -> Credentials<'a> {
    let variable = |kind| {
        let mut fields = plan.names.fields.iter();
        let variable = fields.find(|field| field.kind == kind)?.variable.as_deref();
        variable.map(literal)
    };
    Credentials {
        scheme: plan.span(),
        description: plan.doc(),
        prose_like_code: plan.description.is_some_and(looks_like_code),
        name: Leaf(&plan.names.credentials),
        builder: Leaf(&plan.names.credentials_builder),
        manager: Leaf(&plan.names.manager),
        token: Leaf(&names.sdk.token),
        fields: &plan.fields,
        scopes: scopes(plan),
        client_id_variable: variable(FieldKind::ClientId).unwrap_or_else(|| literal("")),
        client_secret_variable: variable(FieldKind::ClientSecret),
        optional_variables: optional_variables(plan),
        variable_rows: variable_rows(plan),
    }
}

fn optional_variables<'a>(plan: &'a SchemePlan<'a>) -> Vec<OptionalVariable<'a>> {
    let fields = plan.names.fields.iter();
    fields
        .filter_map(|field| {
            let (local, reader) = match field.kind {
                FieldKind::Scopes => ("scopes", "optional_list"),
                FieldKind::ClockSkew => ("clock_skew", "optional_seconds"),
                _ => return None,
            };
            Some(OptionalVariable {
                name: literal(field.variable.as_deref()?),
                local: Code::rendered(local),
                reader: Code::rendered(reader),
                field: Leaf(&field.name),
            })
        })
        .collect()
}

/// The table of environment variables, padded so that it reads well in the source too.
fn variable_rows(plan: &SchemePlan<'_>) -> Vec<Leaf<Code>> {
    let rows: Vec<_> = plan.names.fields.iter().filter_map(variable_row).collect();
    let width = rows
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or(0)
        .max("Variable".len());
    let note_width = rows
        .iter()
        .map(|(_, note)| note.len())
        .max()
        .unwrap_or(0)
        .max(5);
    let mut lines = vec![
        format!("/// | {:width$} | {:note_width$} |", "Variable", "Holds"),
        format!("/// | {:-<width$} | {:-<note_width$} |", "", ""),
    ];
    let rows = rows.iter();
    lines.extend(rows.map(|(name, note)| format!("/// | {name:width$} | {note:note_width$} |")));
    lines.into_iter().map(Code::rendered).collect()
}

fn variable_row(field: &crate::naming::Field) -> Option<(String, &'static str)> {
    let note = match field.kind {
        FieldKind::ClientId => "the client id",
        FieldKind::ClientSecret => "the client secret",
        FieldKind::Scopes => "scopes, separated by spaces (optional)",
        FieldKind::ClockSkew => "the clock skew in seconds (optional)",
        _ => return None,
    };
    Some((format!("`{}`", field.variable.as_deref()?), note))
}

fn scopes<'a>(plan: &'a SchemePlan<'a>) -> Option<Scopes<'a>> {
    let names = plan.names.scopes.as_ref()?;
    let model = plan.oauth2.scopes.as_ref()?;
    let default = model
        .default
        .iter()
        .filter_map(|index| names.members.get(*index));
    let default: Vec<_> = default
        .map(|member| format!("{}::{}", names.enumeration, member.variant))
        .collect();
    Some(Scopes {
        field: Leaf(plan.fields.scopes.as_ref()?.0),
        enumeration: Leaf(&names.enumeration),
        default: Code::rendered(super::layout::array(
            "            None => ".len(),
            "            ",
            &default,
        )),
        separator: literal(&model.separator),
    })
}

fn builder<'a>(names: &'a Names, plan: &'a SchemePlan<'a>) -> Builder<'a> {
    Builder {
        name: Leaf(&plan.names.credentials_builder),
        credentials: Leaf(&plan.names.credentials),
        manager: Leaf(&plan.names.manager),
        token: Leaf(&names.sdk.token),
        fields: &plan.fields,
        scopes: scopes(plan),
    }
}

fn manager<'a>(names: &'a Names, plan: &'a SchemePlan<'a>) -> Manager<'a> {
    let (token_url, urls) = match &plan.oauth2.token_endpoint.urls {
        TokenUrls::Everywhere(url) => (Some(literal(url)), &[][..]),
        TokenUrls::PerEnvironment(urls) => (None, &urls[..]),
    };
    let environments = names.sdk.environments.iter().zip(urls);
    let constant = if token_url.is_some() {
        "TOKEN_URL"
    } else {
        "token_url"
    };
    let secret = plan.fields.client_secret.as_ref();
    Manager {
        scheme: plan.span(),
        scheme_literal: literal(plan.name),
        name: Leaf(&plan.names.manager),
        credentials: Leaf(&plan.names.credentials),
        token: Leaf(&names.sdk.token),
        provider_error: Leaf(&names.sdk.provider_error),
        environment: Leaf(&names.sdk.environment),
        token_url,
        token_urls: environments
            .map(|(environment, url)| EnvironmentUrl {
                environment: Leaf(environment),
                url: literal(url),
            })
            .collect(),
        usual_url: Code::rendered(format!("[`{constant}`](Self::{constant})")),
        authentication: plan.authentication(),
        client_id_literal: literal(plan.fields.client_id.0.as_str()),
        client_secret_literal: literal(secret.map_or("client_secret", |name| name.0.as_str())),
        calls: plan.calls(),
        fields: &plan.fields,
        scopes: scopes(plan),
        manual: plan.manual(),
    }
}
