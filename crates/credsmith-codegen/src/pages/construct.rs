//! The lines that build a client, or a manager, from credentials.

use super::fields;
use crate::plan::Kind;
use crate::targets::rust::{Plan, SchemePlan};

/// How a companion's credentials are set.
pub(super) type Companion = fn(&SchemePlan<'_>) -> String;

pub(super) fn companion_from_env(scheme: &SchemePlan<'_>) -> String {
    format!(
        "    .{}({}::from_env()?)\n",
        scheme.parameter, scheme.credentials
    )
}

pub(super) fn companion_written_out(scheme: &SchemePlan<'_>) -> String {
    let settings = fields::settings(scheme).into_iter();
    let settings =
        settings.map(|setting| format!("            .{}({})\n", setting.name.0, setting.value.0));
    let settings = settings.collect::<Vec<_>>().concat();
    format!(
        "    .{}(\n        {}::builder()\n{settings}            .build(),\n    )\n",
        scheme.parameter, scheme.credentials,
    )
}

pub(super) fn client(plan: &Plan<'_>, scheme: &SchemePlan<'_>, companions: &str) -> String {
    format!(
        "let client = {}::builder()\n    .{}(credentials)\n{companions}    .build()?;",
        plan.sdk.client, scheme.parameter,
    )
}

/// Managers of OAuth 2.0 take a transport, and their endpoints or the one URL they have. Those of
/// custom schemes look at nothing, so nothing can be wrong.
pub(super) fn manager(plan: &Plan<'_>, scheme: &SchemePlan<'_>) -> String {
    let manager = &scheme.manager;
    let path = super::crate_path(plan);
    let oauth2 = match &scheme.kind {
        Kind::OAuth2(oauth2) => oauth2,
        Kind::Custom => return format!("let manager = {manager}::new(&credentials);"),
        _ => return format!("let manager = {manager}::new(&credentials)?;"),
    };
    let environment = format!("{path}::{}::default()", plan.sdk.environment);
    let (local, value) = match (scheme.endpoints_type(), oauth2.per_environment()) {
        (Some(endpoints), true) => (
            "&endpoints",
            format!("{path}::{endpoints}::from({environment})"),
        ),
        (Some(endpoints), false) => ("&endpoints", format!("{path}::{endpoints}::default()")),
        (None, true) => ("token_url", format!("{manager}::token_url({environment})")),
        (None, false) => ("token_url", format!("{manager}::TOKEN_URL")),
    };
    format!(
        "let transport = {path}::default_transport()?;\nlet {} = {value};\nlet manager = {manager}::new(&credentials, {local}, transport)?;",
        local.trim_start_matches('&'),
    )
}
