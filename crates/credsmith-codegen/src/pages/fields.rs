//! The fields of credentials, as tables and examples show them.

use credsmith_spec::facts::Field as FieldKind;

use crate::leaf::{Code, CodeSpan, Leaf, Markdown, literal};
use crate::names::Ident;
use crate::prose;
use crate::targets::rust::{FieldPlan, Plan, SchemePlan};

/// A field in the table of credentials.
pub(super) struct Row<'a> {
    pub(super) title: &'a str,
    pub(super) type_name: Leaf<CodeSpan>,
    pub(super) description: &'a str,
    pub(super) getter: Leaf<CodeSpan>,
}

/// An environment variable.
pub(super) struct Variable {
    pub(super) name: Leaf<CodeSpan>,
    pub(super) note: Leaf<Markdown>,
}

/// A field with a value for it.
pub(super) struct Setting<'a> {
    pub(super) name: Leaf<&'a Ident>,
    pub(super) value: Leaf<Code>,
}

pub(super) fn rows<'a>(scheme: &'a SchemePlan<'a>, plan: &Plan<'_>) -> Vec<Row<'a>> {
    let fields = scheme.fields.iter();
    fields
        .map(|field| Row {
            title: field.title,
            type_name: CodeSpan::in_table(field.type_name(scheme, plan)),
            description: field.description.unwrap_or_else(|| describe(field)),
            getter: CodeSpan::in_table(&field.name),
        })
        .collect()
}

pub(super) fn variables(scheme: &SchemePlan<'_>) -> Vec<Variable> {
    let fields = scheme.fields.iter();
    fields
        .filter_map(|field| {
            Some(Variable {
                name: CodeSpan::in_table(field.variable.as_ref()?),
                note: Markdown::rendered(prose::variable_note(field)),
            })
        })
        .collect()
}

/// What an example sets: the fields without which credentials are of no use.
pub(super) fn settings<'a>(scheme: &'a SchemePlan<'a>) -> Vec<Setting<'a>> {
    scheme
        .required()
        .map(|field| Setting {
            name: Leaf(&field.name),
            value: example(field),
        })
        .collect()
}

fn example(field: &FieldPlan<'_>) -> Leaf<Code> {
    match field.kind {
        FieldKind::PrivateKey => Code::rendered("std::fs::read_to_string(\"private-key.pem\")?"),
        FieldKind::RedirectUri => literal("https://app.example.com/callback"),
        _ => literal(field.title),
    }
}

fn describe(field: &FieldPlan<'_>) -> &'static str {
    match field.kind {
        FieldKind::ClientId => "The client's id, as registered",
        FieldKind::ClientSecret => "The client's secret",
        FieldKind::PrivateKey => "The private key that signs assertions, in PEM",
        FieldKind::PrivateKeyId => "The id under which the server knows the key (optional)",
        FieldKind::RedirectUri => "Where the server sends the browser back to, as registered",
        FieldKind::Username => "The user name",
        FieldKind::Password if field.required => "The password",
        FieldKind::Password => "The password (optional)",
        FieldKind::Issuer => "Who signs the assertions",
        FieldKind::Subject => "Whom the application acts for (optional)",
        FieldKind::SubjectToken => "The token that is exchanged, or what supplies it",
        FieldKind::Token => "A token to begin with, from elsewhere",
        FieldKind::Scopes => "What tokens are requested for",
        FieldKind::TokenProvider => "Supplies tokens from the application's own store",
        FieldKind::OnTokenUpdate => "Is called with each new token",
        FieldKind::UserSignIn => "Asks the user when nobody else can help",
        FieldKind::ClockSkew => "How long before its expiry a token counts as expired",
        FieldKind::AccessToken => "The token that is sent",
        FieldKind::Key(_) => "A key that is sent",
        FieldKind::Custom(_) if field.required => "What requests are signed with",
        FieldKind::Custom(_) => "What requests are signed with (optional)",
    }
}
