//! The methods of security groups: what sends requests, and the group for adaptors.

use askama::Template;
use credsmith_spec::model::{SecurityGroup, Spec};

use crate::error::Error;
use crate::leaf::{Code, CodeSpan, DocText, Leaf, literal, looks_like_code};
use crate::naming::{GroupNames, Ident, Names};
use crate::rust::plan::{OAuth2Plan, SchemePlan};
use crate::rust::values;

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
pub(super) fn methods(
    spec: &Spec,
    names: &Names,
    plans: &[SchemePlan<'_>],
) -> Result<Vec<Leaf<Code>>, Error> {
    let groups = spec.security.iter().zip(&names.groups);
    let methods = groups.map(|(group, names)| method(group, names, plans));
    methods.collect()
}

/// Returns whether the group has one OAuth 2.0 scheme only, so that there is no choice to describe.
fn is_one_token(group: &SecurityGroup, plans: &[SchemePlan<'_>]) -> bool {
    let [all] = group.alternatives.as_slice() else {
        return false;
    };
    let [scheme] = all.as_slice() else {
        return false;
    };
    plans
        .get(*scheme)
        .is_some_and(|plan| plan.oauth2().is_some())
}

fn method(
    group: &SecurityGroup,
    names: &GroupNames,
    plans: &[SchemePlan<'_>],
) -> Result<Leaf<Code>, Error> {
    let is_one_token = is_one_token(group, plans);
    let used: Vec<_> = used(group).filter_map(|index| plans.get(index)).collect();
    let first_of_all = is_first_of_all(group, plans);
    let alternatives = group.alternatives.iter();
    let is_listed = !is_one_token && !first_of_all && !used.is_empty();
    let alternatives = alternatives.filter(|_| is_listed);
    let tokens = used.iter().all(|plan| plan.oauth2().is_some());
    let execute = Execute {
        name: Leaf(&names.execute),
        security: Leaf(&names.security),
        summary: summary(&used),
        description: group
            .description
            .as_deref()
            .map(|text| DocText::new(text, "    ")),
        prose_like_code: group.description.as_deref().is_some_and(looks_like_code),
        first_of_all: first_of_all && !is_one_token,
        alternatives: alternatives
            .map(|all| Code::rendered(described(all, plans)))
            .collect(),
        missing: Code::rendered(match (used.is_empty(), tokens) {
            (true, _) => "",
            (false, true) => "there is no token, or ",
            (false, false) => {
                "credentials are missing, or cannot be put on the request, or\n    /// "
            }
        }),
        schemes: used.iter().map(|plan| required(plan)).collect(),
        list: Code::rendered(list(group, plans)),
    };
    Ok(Code::block(&execute.render()?))
}

/// The schemes of a group, each once, in the order of the spec.
fn used(group: &SecurityGroup) -> impl Iterator<Item = usize> {
    let mut used: Vec<usize> = group.alternatives.iter().flatten().copied().collect();
    used.sort_unstable();
    used.dedup();
    used.into_iter()
}

/// Whether each scheme of the spec alone is enough, in their order.
fn is_first_of_all(group: &SecurityGroup, plans: &[SchemePlan<'_>]) -> bool {
    let alternatives = group.alternatives.iter().map(Vec::as_slice);
    alternatives.eq((0..plans.len()).map(|index| [index]).collect::<Vec<_>>())
}

fn summary(used: &[&SchemePlan<'_>]) -> Leaf<Code> {
    let mut tokens = used.iter().filter_map(|plan| plan.oauth2()).peekable();
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
fn described(all: &[usize], plans: &[SchemePlan<'_>]) -> String {
    let spans = all.iter().filter_map(|index| plans.get(*index));
    let spans: Vec<_> = spans
        .map(|plan| CodeSpan::new(plan.name).0.to_string())
        .collect();
    if spans.is_empty() {
        "nothing".to_owned()
    } else {
        spans.join(" and ")
    }
}

fn required<'a>(plan: &SchemePlan<'a>) -> Required<'a> {
    Required {
        accessor: Leaf(&plan.names.accessor),
        authorizer: Code::rendered(match plan.oauth2() {
            Some(_) => "engine",
            None => "authorizer",
        }),
        parameter: literal(plan.names.parameter.as_str()),
    }
}

/// The alternatives, as a list of lists.
fn list(group: &SecurityGroup, plans: &[SchemePlan<'_>]) -> String {
    let all = |alternative: &Vec<usize>, indent: &str| {
        let schemes = alternative.iter().filter_map(|index| plans.get(*index));
        let locals = schemes.map(|plan| format!("&{}_required", plan.names.accessor));
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
