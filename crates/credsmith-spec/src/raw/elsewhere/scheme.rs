//! Schemes as `OpenAPI` writes them.

use std::collections::BTreeSet;

use super::synonyms::synonyms;
use super::urls::{count_urls, environments, in_other_number};
use super::{find, refuse, text_of};
use crate::diagnostic::Problems;
use crate::keyword::Keyword as _;
use crate::located::Located;
use crate::model::{Grant, Place, SchemeType};
use crate::raw::{RawKey, RawScheme};
use crate::rules::{keyword, unknown_key, written};
use crate::source::Span;
use crate::suggest::same;
use crate::syntax::{Entry, Node, Value};

/// What is looked for, each by itself; each notes what it finds, and puts in its place what is meant.
const TRANSLATIONS: [fn(&mut Vec<Entry>, &mut Problems); 9] = [
    http,
    place_of_key,
    api_key,
    flow,
    flows,
    issuer,
    synonyms,
    environments,
    others,
];

/// Keys without a counterpart of their own, and what to do about them.
const OTHERS: &[(&str, &str)] = &[
    (
        "client_id",
        "remove it: the application gives it at run time",
    ),
    (
        "redirect_uri",
        "remove it: the application gives it at run time",
    ),
    (
        "bearerFormat",
        "remove it: what a token is made of is the server's own affair",
    ),
    (
        "flows",
        "write the `grant`, and the keys of the flow beside it",
    ),
    ("openIdConnectUrl", "write the server's `issuer` instead"),
    (
        "refreshUrl",
        "remove it: tokens are renewed at the token endpoint",
    ),
    ("scheme", "remove it: the `type` itself says it"),
    ("default", DEFAULT_SCOPE),
    ("default_scope", DEFAULT_SCOPE),
    ("default_scopes", DEFAULT_SCOPE),
];

const DEFAULT_SCOPE: &str =
    "write the default scopes into `scopes`, as the list `default`, beside `values`";

/// The scheme as it is written here, if it is written otherwise.
pub(crate) fn scheme(node: &Node, _: Span, problems: &mut Problems) -> Option<Node> {
    let Value::Mapping(entries) = &node.value else {
        return None;
    };
    let is_known = |key: &str| key.starts_with("x-") || RawScheme::KEYS.contains(&key);
    let is_usual = |entry: &Entry| is_known(&entry.key) && in_other_number(entry).is_none();
    if entries.iter().all(is_usual) {
        return None;
    }
    let mut entries = entries.clone();
    count_urls(&mut entries, problems);
    for translate in TRANSLATIONS {
        translate(&mut entries, problems);
    }
    Some(Node::mapping(entries, node.span))
}

/// `type: http` leaves it to `scheme` to say what is meant.
fn http(entries: &mut Vec<Entry>, problems: &mut Problems) {
    let (Some(word), Some(scheme)) = (typed(entries, "http"), find(entries, "scheme")) else {
        return;
    };
    let scheme_is =
        |other: &&SchemeType| text_of(&scheme.node).is_some_and(|it| same(it, other.word()));
    let mut types = [SchemeType::Basic, SchemeType::Bearer].iter();
    let Some(meant) = types.find(scheme_is) else {
        return;
    };
    let replacement = Entry::new("type", Node::text(meant.word(), word.span));
    let written = written::entry(&replacement);
    problems.push(keyword::in_two_keys::<SchemeType>(
        &word,
        scheme.key.span,
        &written,
    ));
    replace(entries, &["type", "scheme"], [replacement]);
}

/// `header: X-Api-Key`, in place of where the key goes and what it is called there.
fn place_of_key(entries: &mut Vec<Entry>, problems: &mut Problems) {
    let is_whole = |key: &str| find(entries, key).is_some();
    if typed(entries, "api_key").is_none() || ["keys", "in", "name"].into_iter().any(is_whole) {
        return;
    }
    let is_place = |entry: &&Entry| {
        let mut places = Place::ALL.iter();
        places.any(|place| same(&entry.key, place.word())) && text_of(&entry.node).is_some()
    };
    let Some(found) = entries.iter().find(is_place).cloned() else {
        return;
    };
    let place = Entry::new("in", Node::text(found.key.to_lowercase(), found.key.span));
    let name = Entry::new("name", found.node.clone());
    let key = Node::mapping(vec![place, name], found.key.span);
    let keys = Entry::new("keys", Node::list(vec![key], found.key.span));
    note(
        std::slice::from_ref(&found.key),
        &written::entry(&keys),
        problems,
    );
    replace(entries, &[&found.key.value], [keys]);
}

/// A key of the type `apiKey` is written into the scheme itself, which can have but one.
fn api_key(entries: &mut Vec<Entry>, problems: &mut Problems) {
    if typed(entries, "api_key").is_none() || find(entries, "keys").is_some() {
        return;
    }
    let is_of_key = |key: &str| RawKey::KEYS.contains(&key) && !RawScheme::KEYS.contains(&key);
    let (of_key, others): (Vec<_>, Vec<_>) = std::mem::take(entries)
        .into_iter()
        .partition(|entry| is_of_key(&entry.key));
    *entries = others;
    let Some(first) = of_key.first() else { return };
    let place = first.key.span;
    let found: Vec<_> = of_key.iter().map(|entry| entry.key.clone()).collect();
    let key = Node::mapping(of_key, place);
    let keys = Entry::new("keys", Node::list(vec![key], place));
    note(&found, &written::entry(&keys), problems);
    entries.push(keys);
}

/// Flows as `OpenAPI` 2 calls them.
fn flow(entries: &mut Vec<Entry>, problems: &mut Problems) {
    let (Some(found), None) = (find(entries, "flow"), find(entries, "grant")) else {
        return;
    };
    let Some(word) = text_of(&found.node) else {
        return;
    };
    let grant = match word {
        "application" => Some(&Grant::ClientCredentials),
        "accessCode" => Some(&Grant::AuthorizationCode),
        word => Grant::ALL.iter().find(|grant| same(word, grant.word())),
    };
    let Some(grant) = grant else { return };
    let grant = Entry::new("grant", Node::text(grant.word(), found.node.span));
    note(
        std::slice::from_ref(&found.key),
        &written::entry(&grant),
        problems,
    );
    replace(entries, &["flow"], [grant]);
}

/// A flow holds what stands beside the `grant` here.
fn flows(entries: &mut Vec<Entry>, problems: &mut Problems) {
    let Some(found) = find(entries, "flows") else {
        return;
    };
    let Value::Mapping(flows) = &found.node.value else {
        return;
    };
    let known = Grant::ALL.iter().filter_map(|grant| flow_of(*grant, flows));
    let (grants, known): (Vec<_>, Vec<_>) = known.unzip();
    let Some(flow) = known.first() else { return };
    let help = in_place_of_flows(&grants);
    problems.extend(unknown_key::elsewhere(&[&found.key], help));
    let beside = match &flow.node.value {
        Value::Mapping(beside) => beside.clone(),
        _ => Vec::new(),
    };
    // Of several, the first is looked into.
    let meant: Vec<_> = grants.into_iter().take(1).chain(beside).collect();
    replace(entries, &["flows"], meant);
}

/// The flow that is named after a grant, and the grant as it is written here.
fn flow_of(grant: Grant, flows: &[Entry]) -> Option<(Entry, &Entry)> {
    let flow = flows.iter().find(|flow| same(&flow.key, grant.word()))?;
    let grant = Entry::new("grant", Node::text(grant.word(), flow.key.span));
    Some((grant, flow))
}

fn in_place_of_flows(grants: &[Entry]) -> String {
    let grants = grants
        .iter()
        .map(|grant| format!("`{}`", written::entry(grant)));
    let grants: Vec<_> = grants.collect();
    let written = grants.join(", ");
    if grants.len() == 1 {
        format!("write {written}, and the keys of the flow beside it")
    } else {
        format!("make a scheme of each flow: {written}, and the keys of the flow beside it")
    }
}

/// The address of the metadata, where it is made from the issuer (`OpenID` Connect Discovery 1.0
/// section 4).
fn issuer(entries: &mut Vec<Entry>, problems: &mut Problems) {
    const METADATA: &str = "/.well-known/openid-configuration";
    let Some(found) = find(entries, "openIdConnectUrl") else {
        return;
    };
    let Some(issuer) = text_of(&found.node).and_then(|url| url.strip_suffix(METADATA)) else {
        return;
    };
    let issuer = Entry::new("issuer", Node::text(issuer, found.node.span));
    let key = found.key.clone();
    note(&[key], &written::entry(&issuer), problems);
    replace(entries, &["openIdConnectUrl"], [issuer]);
}

/// What is left of the keys that are known from elsewhere.
fn others(entries: &mut Vec<Entry>, problems: &mut Problems) {
    for (other, help) in OTHERS {
        refuse(entries, |key| key == *other, help, problems);
    }
}

/// The word of the type, if it is `word`.
fn typed(entries: &[Entry], word: &str) -> Option<Located<String>> {
    let node = &find(entries, "type")?.node;
    let text = text_of(node).filter(|text| same(text, word))?;
    Some(Located::new(text.to_owned(), node.span))
}

fn note(keys: &[Located<String>], replacement: &str, problems: &mut Problems) {
    let keys: Vec<_> = keys.iter().collect();
    let place = if keys.len() == 1 {
        "its place"
    } else {
        "their place"
    };
    let help = format!("write `{replacement}` in {place}");
    problems.extend(unknown_key::elsewhere(&keys, help));
}

/// Removes `keys`, and adds what stands for them, but for what is there already.
pub(super) fn replace(
    entries: &mut Vec<Entry>,
    keys: &[&str],
    meant: impl IntoIterator<Item = Entry>,
) {
    entries.retain(|entry| !keys.contains(&entry.key.as_str()));
    let there: BTreeSet<_> = entries
        .iter()
        .map(|entry| entry.key.value.clone())
        .collect();
    let is_new = |entry: &Entry| !there.contains(&entry.key.value);
    entries.extend(meant.into_iter().filter(is_new));
}
