//! The lines that build a client, or a manager, from credentials.

use crate::naming::SdkNames;
use crate::rust::{KindPlan, SchemePlan};

use super::fields;

/// How a companion's credentials are set.
pub(super) type Companion = fn(&SchemePlan<'_>) -> String;

pub(super) fn companion_from_env(plan: &SchemePlan<'_>) -> String {
    let names = plan.names;
    format!(
        "    .{}({}::from_env()?)\n",
        names.parameter, names.credentials
    )
}

pub(super) fn companion_written_out(plan: &SchemePlan<'_>) -> String {
    let names = plan.names;
    let settings = fields::settings(plan).into_iter();
    let settings =
        settings.map(|setting| format!("            .{}({})\n", setting.name.0, setting.value.0));
    let settings = settings.collect::<Vec<_>>().concat();
    format!(
        "    .{}(\n        {}::builder()\n{settings}            .build(),\n    )\n",
        names.parameter, names.credentials,
    )
}

pub(super) fn client(sdk: &SdkNames, plan: &SchemePlan<'_>, companions: &str) -> String {
    format!(
        "let client = {}::builder()\n    .{}(credentials)\n{companions}    .build()?;",
        sdk.client, plan.names.parameter,
    )
}

/// Managers of OAuth 2.0 take a transport, and their endpoints or the one URL they have. Those of
/// custom schemes look at nothing, so nothing can be wrong.
pub(super) fn manager(sdk: &SdkNames, plan: &SchemePlan<'_>) -> String {
    let names = plan.names;
    let manager = &names.manager;
    let path = &sdk.crate_path;
    let oauth2 = match &plan.kind {
        KindPlan::OAuth2(oauth2) => oauth2,
        KindPlan::Custom => return format!("let manager = {manager}::new(&credentials);"),
        _ => return format!("let manager = {manager}::new(&credentials)?;"),
    };
    let environment = format!("{path}::{}::default()", sdk.environment);
    let (local, value) = match (&names.endpoints_type, oauth2.per_environment()) {
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
