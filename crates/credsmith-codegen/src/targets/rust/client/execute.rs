//! The methods of security groups: what sends requests, and the group for adaptors.

use askama::Template;

use crate::error::Error;
use crate::leaf::{Code, CodeSpan, DocText, Leaf, literal, looks_like_code};
use crate::names::Ident;
use crate::plan::Group;
use crate::targets::rust::{OAuth2Plan, Plan, SchemePlan, values};

#[derive(Template)]
#[template(path = "rust/client/execute.rs")]
struct Execute<'a> {
    name: Leaf<&'a Ident>,
    security: Leaf<&'a Ident>,
    summary: Leaf<Code>,
    description: Option<Leaf<DocText>>,
    prose_like_code: bool,
    first_of_all: bool,
    alternatives: Vec<Leaf<Code>>,
    missing: Leaf<Code>,
    schemes: Vec<Required<'a>>,
    list: Leaf<Code>,
}

/// A scheme that some alternative of the group needs.
struct Required<'a> {
    accessor: Leaf<&'a Ident>,
    authorizer: Leaf<Code>,
    parameter: Leaf<Code>,
}

/// Renders the methods of all groups.
pub(super) fn methods(plan: &Plan<'_>) -> Result<Vec<Leaf<Code>>, Error> {
    let groups = plan.groups.iter();
    groups.map(|group| method(group, plan)).collect()
}

/// Returns whether the group has one OAuth 2.0 scheme only, so that there is no choice to describe.
fn is_one_token(group: &Group<'_, Ident>, plan: &Plan<'_>) -> bool {
    let [all] = group.alternatives.as_slice() else {
        return false;
    };
    let [scheme] = *all else {
        return false;
    };
    plan.schemes
        .get(*scheme)
        .is_some_and(|scheme| scheme.oauth2().is_some())
}

fn method(group: &Group<'_, Ident>, plan: &Plan<'_>) -> Result<Leaf<Code>, Error> {
    let is_one_token = is_one_token(group, plan);
    let used: Vec<_> = used(group)
        .filter_map(|index| plan.schemes.get(index))
        .collect();
    let first_of_all = is_first_of_all(group, plan);
    let alternatives = group.alternatives.iter();
    let is_listed = !is_one_token && !first_of_all && !used.is_empty();
    let alternatives = alternatives.filter(|_| is_listed);
    let tokens = used.iter().all(|scheme| scheme.oauth2().is_some());
    let execute = Execute {
        name: Leaf(&group.execute),
        security: Leaf(&group.security),
        summary: summary(&used),
        description: group.description.map(|text| DocText::new(text, "    ")),
        prose_like_code: group.description.is_some_and(looks_like_code),
        first_of_all: first_of_all && !is_one_token,
        alternatives: alternatives
            .map(|all| Code::rendered(described(all, plan)))
            .collect(),
        missing: Code::rendered(match (used.is_empty(), tokens) {
            (true, _) => "",
            (false, true) => "there is no token, or ",
            (false, false) => {
                "credentials are missing, or cannot be put on the request, or\n    /// "
            }
        }),
        schemes: used.iter().map(|scheme| required(scheme)).collect(),
        list: Code::rendered(list(group, plan)),
    };
    Ok(Code::block(&execute.render()?))
}

/// The schemes of a group, each once, in the order of the spec.
fn used(group: &Group<'_, Ident>) -> impl Iterator<Item = usize> {
    let mut used: Vec<usize> = group
        .alternatives
        .iter()
        .copied()
        .flatten()
        .copied()
        .collect();
    used.sort_unstable();
    used.dedup();
    used.into_iter()
}

/// Whether each scheme of the spec alone is enough, in their order.
fn is_first_of_all(group: &Group<'_, Ident>, plan: &Plan<'_>) -> bool {
    let alternatives = group.alternatives.iter().copied();
    alternatives.eq((0..plan.schemes.len())
        .map(|index| [index])
        .collect::<Vec<_>>())
}

fn summary(used: &[&SchemePlan<'_>]) -> Leaf<Code> {
    let mut tokens = used.iter().filter_map(|scheme| scheme.oauth2()).peekable();
    Code::rendered(match (used, tokens.peek().is_some()) {
        ([], _) => "Sends a request that needs no credentials",
        (_, false) => "Authorizes a request and sends it",
        _ if tokens.all(OAuth2Plan::manual) => {
            "Authorizes a request and sends it. When the API answers 401, the token is dropped"
        }
        _ => {
            "Authorizes a request and sends it. When the API answers 401, the token is dropped, and the\n    \
             /// request sent once more with a fresh one"
        }
    })
}

/// "`api_key` and `basic`"
fn described(all: &[usize], plan: &Plan<'_>) -> String {
    let spans: Vec<_> = plan
        .schemes_of(all)
        .map(|scheme| CodeSpan::new(scheme.title).0.to_string())
        .collect();
    if spans.is_empty() {
        "nothing".to_owned()
    } else {
        spans.join(" and ")
    }
}

fn required<'a>(scheme: &'a SchemePlan<'a>) -> Required<'a> {
    Required {
        accessor: Leaf(&scheme.accessor),
        authorizer: Code::rendered(match scheme.oauth2() {
            Some(_) => "engine",
            None => "authorizer",
        }),
        parameter: literal(scheme.parameter.as_str()),
    }
}

/// The alternatives, as a list of lists.
fn list(group: &Group<'_, Ident>, plan: &Plan<'_>) -> String {
    let all = |alternative: &[usize], indent: &str| {
        let schemes = plan.schemes_of(alternative);
        let locals = schemes.map(|scheme| format!("&{}_required", scheme.accessor));
        values::array(indent.len(), indent, &locals.collect::<Vec<_>>())
    };
    // rustfmt puts the brackets of a list around a single longer one on its lines.
    if let [only] = group.alternatives.as_slice() {
        let only = all(only, "        ");
        if only.contains('\n') {
            return format!("&[{only}]");
        }
    }
    let alternatives = group.alternatives.iter();
    let alternatives: Vec<_> = alternatives.map(|one| all(one, "            ")).collect();
    let prefix = "        let alternatives: &[&[&Requirement]] = ".len();
    values::assigned_array(prefix, "        ", &alternatives)
}
