//! The page of an OAuth 2.0 scheme.

use askama::Template;
use credsmith_spec::model::{ClientSource, Spec, TokenUrls};

use crate::error::Error;
use crate::leaf::{Code, CodeSpan, Leaf, Markdown};
use crate::naming::{Field, FieldKind, Ident, Names, SdkNames};
use crate::rust::{FieldIdents, SchemePlan};

use super::imports;

#[derive(Template)]
#[template(path = "docs/rust/oauth2.md")]
struct Page<'a> {
    title: &'static str,
    scheme: &'a str,
    description: Option<&'a str>,
    rows: Vec<Row>,
    variables: Vec<Variable>,
    scopes: Option<Scopes<'a>>,
    fields: &'a FieldIdents<'a>,
    plan: &'a SchemePlan<'a>,
    blocking: bool,
    many: bool,
    crate_path: Leaf<Code>,
    client: Leaf<&'a Ident>,
    credentials: Leaf<&'a Ident>,
    credentials_span: Leaf<CodeSpan>,
    parameter: Leaf<&'a Ident>,
    parameter_span: Leaf<CodeSpan>,
    client_generated: bool,
    construct: Leaf<Code>,
    construct_indented: Leaf<Code>,
    manager: Leaf<Code>,
    token: Leaf<&'a Ident>,
    token_url: Leaf<&'a Ident>,
    token_url_text: Leaf<Markdown>,
    provider_error_span: Leaf<CodeSpan>,
    use_client: Leaf<Code>,
    use_scopes: Leaf<Code>,
    use_token: Leaf<Code>,
    use_token_only: Leaf<Code>,
    use_complete: Leaf<Code>,
}

/// A field in the table of credentials.
struct Row {
    title: Leaf<Markdown>,
    type_name: Leaf<CodeSpan>,
    description: &'static str,
    getter: Leaf<CodeSpan>,
}

/// An environment variable.
struct Variable {
    name: Leaf<CodeSpan>,
    note: &'static str,
}

struct Scopes<'a> {
    field: Leaf<&'a Ident>,
    enumeration_span: Leaf<CodeSpan>,
    /// The first two scopes, as an example.
    examples: Vec<Leaf<Code>>,
    rows: Vec<ScopeRow<'a>>,
    defaults: Option<Leaf<Markdown>>,
}

struct ScopeRow<'a> {
    title: Leaf<CodeSpan>,
    description: &'a str,
    variant: Leaf<CodeSpan>,
    value: Leaf<CodeSpan>,
}

pub(super) fn render(spec: &Spec, names: &Names, plan: &SchemePlan<'_>) -> Result<String, Error> {
    let sdk = &names.sdk;
    let client_generated = spec.sdk.rust.client == ClientSource::Generated;
    let credentials = plan.names.credentials.as_str();
    let (construct, manager) = construct(sdk, plan, client_generated);
    let built = if client_generated {
        &sdk.client
    } else {
        &plan.names.manager
    };
    let entry = [credentials, built.as_str()];
    let with_token = [credentials, built.as_str(), sdk.token.as_str()];
    let scopes = plan
        .names
        .scopes
        .as_ref()
        .map(|scopes| scopes.enumeration.as_str());
    let with_scopes = |types: &[&str]| {
        let types = types.iter().copied().chain(scopes).collect();
        imports(sdk, types)
    };
    let fields = plan.names.fields.iter();
    let page = Page {
        title: plan.grant(),
        scheme: plan.name,
        description: plan.description,
        rows: fields.clone().map(|field| row(field, sdk, plan)).collect(),
        variables: fields.filter_map(variable).collect(),
        scopes: scopes_of(plan),
        fields: &plan.fields,
        plan,
        blocking: spec.sdk.rust.blocking && client_generated,
        many: spec.schemes.len() > 1,
        crate_path: Code::rendered(&sdk.crate_path),
        client: Leaf(&sdk.client),
        credentials: Leaf(&plan.names.credentials),
        credentials_span: CodeSpan::new(credentials),
        parameter: Leaf(&plan.names.parameter),
        parameter_span: CodeSpan::new(&plan.names.parameter),
        client_generated,
        construct_indented: Code::rendered(construct.replace('\n', "\n    ")),
        construct: Code::rendered(construct),
        manager: Code::rendered(manager),
        token: Leaf(&sdk.token),
        token_url: Leaf(&plan.names.token_url),
        token_url_text: token_url_text(sdk, plan),
        provider_error_span: CodeSpan::new(&sdk.provider_error),
        use_client: imports(sdk, entry.to_vec()),
        use_scopes: with_scopes(&entry),
        use_token: imports(sdk, with_token.to_vec()),
        use_token_only: imports(sdk, vec![sdk.token.as_str()]),
        use_complete: with_scopes(&with_token),
    };
    Ok(page.render()?)
}

/// The lines that build the client, or the manager, from `credentials`; and the expression for the
/// manager then.
fn construct(sdk: &SdkNames, plan: &SchemePlan<'_>, client_generated: bool) -> (String, String) {
    let names = plan.names;
    if client_generated {
        let build = format!(
            "let client = {}::builder()\n    .{}(credentials)\n    .build()?;",
            sdk.client, names.parameter,
        );
        return (build, format!("client.{}()", names.accessor));
    }
    let url = match plan.oauth2.token_endpoint.urls {
        TokenUrls::Everywhere(_) => plan.usual_url.clone(),
        TokenUrls::PerEnvironment(_) => {
            format!(
                "{}({}::{}::default())",
                plan.usual_url, sdk.crate_path, sdk.environment
            )
        }
    };
    let build = format!(
        "let transport = {}::default_transport()?;\nlet token_url = {url};\nlet manager = {}::new(&credentials, token_url, transport)?;",
        sdk.crate_path, names.manager,
    );
    (build, "manager".to_owned())
}

fn row(field: &Field, sdk: &SdkNames, plan: &SchemePlan<'_>) -> Row {
    let scopes = plan.names.scopes.as_ref();
    let (type_name, description) = match field.kind {
        FieldKind::ClientId => ("String".to_owned(), "The client's id at the token endpoint"),
        FieldKind::ClientSecret => ("SecretString".to_owned(), "The client's secret"),
        FieldKind::Token => (
            sdk.token.to_string(),
            "A token to begin with, from elsewhere",
        ),
        FieldKind::Scopes => (
            format!(
                "Vec<{}>",
                scopes.map_or("String", |scopes| scopes.enumeration.as_str())
            ),
            "What tokens are requested for",
        ),
        FieldKind::TokenProvider => (
            format!("TokenProvider<{}>", plan.names.manager),
            "Supplies tokens from the application's own store",
        ),
        FieldKind::OnTokenUpdate => (
            "TokenUpdateCallback".to_owned(),
            "Is called with each new token",
        ),
        FieldKind::ClockSkew => (
            "Duration".to_owned(),
            "How long before its expiry a token counts as expired",
        ),
    };
    Row {
        title: Markdown::rendered(field.kind.title()),
        type_name: CodeSpan::in_table(type_name),
        description,
        getter: CodeSpan::in_table(&field.name),
    }
}

fn variable(field: &Field) -> Option<Variable> {
    let note = match field.kind {
        FieldKind::ClientId => "the client id",
        FieldKind::ClientSecret => "the client secret",
        FieldKind::Scopes => "scopes as on the wire, separated by spaces (optional)",
        FieldKind::ClockSkew => "the clock skew in seconds (optional)",
        _ => return None,
    };
    Some(Variable {
        name: CodeSpan::in_table(field.variable.as_ref()?),
        note,
    })
}

fn scopes_of<'a>(plan: &'a SchemePlan<'a>) -> Option<Scopes<'a>> {
    let names = plan.names.scopes.as_ref()?;
    let model = plan.oauth2.scopes.as_ref()?;
    let examples = names.members.iter().take(2);
    let examples = examples.map(|member| format!("{}::{}", names.enumeration, member.variant));
    let rows = model
        .values
        .iter()
        .zip(&names.members)
        .map(|(scope, member)| ScopeRow {
            title: CodeSpan::in_table(&member.title),
            description: scope.description.as_deref().unwrap_or_default(),
            variant: CodeSpan::in_table(&member.variant),
            value: CodeSpan::in_table(&scope.value.value),
        });
    let defaults = model
        .default
        .iter()
        .filter_map(|index| model.values.get(*index));
    let defaults: Vec<_> = defaults
        .map(|scope| CodeSpan::new(&scope.value.value).0.to_string())
        .collect();
    Some(Scopes {
        field: Leaf(plan.fields.scopes.as_ref()?.0),
        enumeration_span: CodeSpan::new(&names.enumeration),
        examples: examples.map(Code::rendered).collect(),
        rows: rows.collect(),
        defaults: (!defaults.is_empty()).then(|| Markdown::rendered(defaults.join(", "))),
    })
}

/// "`https://…`", or one for each environment.
fn token_url_text(sdk: &SdkNames, plan: &SchemePlan<'_>) -> Leaf<Markdown> {
    let span = |url: &String| CodeSpan::new(url).0.to_string();
    Markdown::rendered(match &plan.oauth2.token_endpoint.urls {
        TokenUrls::Everywhere(url) => span(url),
        TokenUrls::PerEnvironment(urls) => {
            let urls = urls.iter().zip(&sdk.environments);
            let urls = urls.map(|(url, environment)| format!("{} (`{environment}`)", span(url)));
            urls.collect::<Vec<_>>().join(" or ")
        }
    })
}
