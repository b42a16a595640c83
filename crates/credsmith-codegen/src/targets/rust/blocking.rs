//! The blocking client, and the managers that its calls wait for.

use askama::Template;

use super::{OAuth2Plan, Plan, SchemePlan};
use crate::error::Error;
use crate::leaf::{Code, CodeSpan, DocText, Leaf, looks_like_code};
use crate::names::Ident;
use crate::plan;

#[derive(Template)]
#[template(path = "rust/blocking/client.rs")]
struct Blocking<'a> {
    lines: Vec<Leaf<Code>>,
    client: Leaf<&'a Ident>,
    config: Leaf<&'a Ident>,
    schemes: Vec<Scheme<'a>>,
    groups: Vec<Group<'a>>,
    managers: Vec<Leaf<Code>>,
}

struct Scheme<'a> {
    title: Leaf<CodeSpan>,
    accessor: Leaf<&'a Ident>,
    manager: Leaf<&'a Ident>,
    /// Whether its manager has calls that wait.
    waits: bool,
}

struct Group<'a> {
    execute: Leaf<&'a Ident>,
    /// The method for its credentials, if it has any.
    security: Option<Leaf<&'a Ident>>,
    description: Option<Leaf<DocText>>,
    prose_like_code: bool,
    missing: Leaf<Code>,
}

#[derive(Template)]
#[template(path = "rust/blocking/manager.rs")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a capability of the grant"
)]
struct Manager<'a> {
    name: Leaf<&'a Ident>,
    token: Leaf<&'a Ident>,
    provider_error: Leaf<&'a Ident>,
    manual: bool,
    asks_endpoint: bool,
    callback: bool,
    device: bool,
    revoke: bool,
    introspect: bool,
    metadata: bool,
}

/// Renders the blocking client's module.
pub(super) fn render(plan: &Plan<'_>) -> Result<String, Error> {
    let sdk = &plan.sdk;
    let tokens = plan.has_tokens();
    let managers = plan.schemes.iter().filter_map(|scheme| {
        let oauth2 = scheme.oauth2()?;
        Some(manager(plan, scheme, oauth2))
    });
    let blocking = Blocking {
        lines: imports(plan),
        client: Leaf(&sdk.client),
        config: Leaf(&sdk.config),
        schemes: plan.schemes.iter().map(scheme).collect(),
        groups: plan
            .groups
            .iter()
            .map(|group| Group {
                execute: Leaf(&group.execute),
                security: has_schemes(group).then_some(Leaf(&group.security)),
                description: group.description.map(|text| DocText::new(text, "    ")),
                prose_like_code: group.description.is_some_and(looks_like_code),
                missing: Code::rendered(if tokens && plan.schemes.len() == 1 {
                    "there is no token, or"
                } else {
                    "credentials are missing, or\n    ///"
                }),
            })
            .collect(),
        managers: managers.collect::<Result<_, _>>()?,
    };
    Ok(blocking.render()?)
}

fn scheme<'a>(scheme: &'a SchemePlan<'a>) -> Scheme<'a> {
    Scheme {
        title: scheme.span(),
        accessor: Leaf(&scheme.accessor),
        manager: Leaf(&scheme.manager),
        waits: scheme.oauth2().is_some(),
    }
}

/// Returns whether some alternative of the group has a scheme.
fn has_schemes(group: &plan::Group<'_, Ident>) -> bool {
    group.alternatives.iter().any(|all| !all.is_empty())
}

fn imports(plan: &Plan<'_>) -> Vec<Leaf<Code>> {
    let sdk = &plan.sdk;
    let mut runtime = vec!["ConfigError", "SendError", "UreqTransport"];
    let optional = [
        ("SecurityGroup", plan.groups.iter().any(has_schemes)),
        (
            "SignInRequest",
            plan.oauth2s().any(OAuth2Plan::has_callback),
        ),
        ("DeviceSignIn", plan.oauth2s().any(OAuth2Plan::has_device)),
        (
            "ServerMetadata",
            plan.oauth2s().any(OAuth2Plan::can_discover),
        ),
        (
            "TokenIntrospection",
            plan.oauth2s().any(OAuth2Plan::can_introspect),
        ),
    ];
    let optional = optional.into_iter().filter(|(_, is_used)| *is_used);
    runtime.extend(optional.map(|(name, _)| name));
    runtime.sort_unstable();
    let mut siblings = vec![sdk.config.as_str()];
    if plan.has_tokens() {
        siblings.extend([sdk.token_error.as_str(), sdk.token.as_str()]);
    }
    let simple = plan
        .schemes
        .iter()
        .filter(|scheme| scheme.oauth2().is_none());
    siblings.extend(simple.map(|scheme| scheme.manager.as_str()));
    siblings.sort_unstable();
    let siblings = match siblings.as_slice() {
        [only] => format!("use super::{only};"),
        all => format!("use super::{{{}}};", all.join(", ")),
    };
    let lines = [
        "use credsmith_runtime::bytes::Bytes;".to_owned(),
        "use credsmith_runtime::http::{Request, Response};".to_owned(),
        format!("use credsmith_runtime::{{{}}};", runtime.join(", ")),
        String::new(),
        siblings,
    ];
    lines.into_iter().map(Code::rendered).collect()
}

fn manager(
    plan: &Plan<'_>,
    scheme: &SchemePlan<'_>,
    oauth2: &OAuth2Plan<'_>,
) -> Result<Leaf<Code>, Error> {
    let manager = Manager {
        name: Leaf(&scheme.manager),
        token: Leaf(&plan.sdk.token),
        provider_error: Leaf(&plan.sdk.token_error),
        manual: oauth2.manual(),
        asks_endpoint: oauth2.asks_endpoint(),
        callback: oauth2.has_callback(),
        device: oauth2.has_device(),
        revoke: oauth2.can_revoke(),
        introspect: oauth2.can_introspect(),
        metadata: oauth2.can_discover(),
    };
    Ok(Code::block(&manager.render()?))
}
