//! The blocking client, and the managers that its calls wait for.

use askama::Template;
use credsmith_spec::model::Spec;

use super::plan::{OAuth2Plan, SchemePlan, any_oauth2};
use crate::error::Error;
use crate::leaf::{Code, CodeSpan, DocText, Leaf, looks_like_code};
use crate::naming::{Ident, Names};

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
pub(super) fn render(
    spec: &Spec,
    names: &Names,
    plans: &[SchemePlan<'_>],
) -> Result<String, Error> {
    let sdk = &names.sdk;
    let tokens = any_oauth2(plans, |_| true);
    let managers = plans.iter().filter_map(|plan| {
        let oauth2 = plan.oauth2()?;
        Some(manager(names, plan, oauth2))
    });
    let groups = spec.security.iter().zip(&names.groups);
    let blocking = Blocking {
        lines: imports(names, plans),
        client: Leaf(&sdk.client),
        config: Leaf(&sdk.config),
        schemes: plans.iter().map(scheme).collect(),
        groups: groups
            .map(|(group, names)| Group {
                execute: Leaf(&names.execute),
                description: group
                    .description
                    .as_deref()
                    .map(|text| DocText::new(text, "    ")),
                prose_like_code: group.description.as_deref().is_some_and(looks_like_code),
                missing: Code::rendered(if tokens && plans.len() == 1 {
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

fn scheme<'a>(plan: &'a SchemePlan<'a>) -> Scheme<'a> {
    Scheme {
        title: plan.span(),
        accessor: Leaf(&plan.names.accessor),
        manager: Leaf(&plan.names.manager),
        waits: plan.oauth2().is_some(),
    }
}

fn imports(names: &Names, plans: &[SchemePlan<'_>]) -> Vec<Leaf<Code>> {
    let sdk = &names.sdk;
    let mut runtime = vec!["ConfigError", "SendError", "UreqTransport"];
    let optional = [
        ("SignInRequest", any_oauth2(plans, OAuth2Plan::has_callback)),
        ("DeviceSignIn", any_oauth2(plans, OAuth2Plan::has_device)),
        (
            "ServerMetadata",
            any_oauth2(plans, OAuth2Plan::can_discover),
        ),
        (
            "TokenIntrospection",
            any_oauth2(plans, OAuth2Plan::can_introspect),
        ),
    ];
    let optional = optional.into_iter().filter(|(_, is_used)| *is_used);
    runtime.extend(optional.map(|(name, _)| name));
    runtime.sort_unstable();
    let mut siblings = vec![sdk.config.as_str()];
    if any_oauth2(plans, |_| true) {
        siblings.extend([sdk.provider_error.as_str(), sdk.token.as_str()]);
    }
    let simple = plans.iter().filter(|plan| plan.oauth2().is_none());
    siblings.extend(simple.map(|plan| plan.names.manager.as_str()));
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
    names: &Names,
    plan: &SchemePlan<'_>,
    oauth2: &OAuth2Plan<'_>,
) -> Result<Leaf<Code>, Error> {
    let manager = Manager {
        name: Leaf(&plan.names.manager),
        token: Leaf(&names.sdk.token),
        provider_error: Leaf(&names.sdk.provider_error),
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
