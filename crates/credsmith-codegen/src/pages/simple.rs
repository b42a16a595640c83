//! Pages of the schemes that send what they were given: basic, bearer, API keys, custom.

use credsmith_spec::Keyword as _;
use credsmith_spec::model::{Key, Place, Presence};

use super::page::Page;
use super::{Sections, sections};
use crate::error::Error;
use crate::leaf::{Code, CodeSpan, Leaf, literal};
use crate::names::Ident;
use crate::plan;
use crate::targets::rust::SchemePlan;

/// What sets one of the kinds apart from the others.
struct Kind<'a> {
    scheme: &'a SchemePlan<'a>,
    sent: Vec<SentKey>,
    /// The method of the manager, for an HTTP client of the application's own.
    method: Leaf<Code>,
    /// An empty body of the type that it takes.
    body: Leaf<Code>,
    /// What a test finds in the request.
    assertions: Vec<Leaf<Code>>,
}

/// An API key, as it is sent.
struct SentKey {
    name: Leaf<CodeSpan>,
    place: &'static str,
    value: Leaf<CodeSpan>,
}

sections! {
    Title = "docs/rust/title.md" { page: Page<'a> };
    Intro = "docs/rust/intro.md" { page: Page<'a> };
    Credentials = "docs/rust/credentials.md" { page: Page<'a> };
    Initialize = "docs/rust/simple/initialize.md" { page: Page<'a> };
    Environment = "docs/rust/environment.md" { page: Page<'a> };
    Wire = "docs/rust/simple/wire.md" { page: Page<'a>, kind: Kind<'a> };
    Send = "docs/rust/simple/send.md" { page: Page<'a>, kind: Kind<'a> };
    Change = "docs/rust/simple/change.md" { page: Page<'a> };
    Blocking = "docs/rust/simple/blocking.md" { page: Page<'a> };
    Errors = "docs/rust/simple/errors.md" { page: Page<'a>, kind: Kind<'a> };
    Tests = "docs/rust/simple/tests.md" { page: Page<'a>, kind: Kind<'a> };
    Complete = "docs/rust/simple/complete.md" { page: Page<'a>, kind: Kind<'a> };
}

pub(super) fn render(page: &Page<'_>) -> Result<String, Error> {
    let kind = &Kind::of(page);
    let mut sections = Sections::default();
    sections.add(&Title { page })?;
    sections.add(&Intro { page })?;
    sections.add(&Credentials { page })?;
    sections.add(&Initialize { page })?;
    sections.add(&Environment { page })?;
    sections.add(&Wire { page, kind })?;
    sections.add(&Send { page, kind })?;
    sections.add(&Change { page })?;
    sections.add(&Blocking { page })?;
    sections.add(&Errors { page, kind })?;
    sections.add(&Tests { page, kind })?;
    sections.add(&Complete { page, kind })?;
    Ok(sections.0)
}

impl<'a> Kind<'a> {
    fn of(page: &Page<'a>) -> Self {
        let scheme = page.scheme;
        let (method, body) = match scheme.kind {
            plan::Kind::Custom => ("sign", "Bytes::new()"),
            _ => ("authorize", "()"),
        };
        Self {
            scheme,
            sent: scheme.keys().map(sent_key).collect(),
            method: Code::rendered(method),
            body: Code::rendered(body),
            assertions: match scheme.kind {
                plan::Kind::Basic(_) | plan::Kind::Bearer => vec![contains("authorization")],
                _ => scheme.keys().map(|(key, _)| assertion(key)).collect(),
            },
        }
    }

    fn basic(&self) -> bool {
        matches!(self.scheme.kind, plan::Kind::Basic(_))
    }

    /// Whether user names go without a password.
    fn without_password(&self) -> bool {
        let kind = &self.scheme.kind;
        matches!(kind, plan::Kind::Basic(basic) if basic.password == Presence::Optional)
    }

    fn bearer(&self) -> bool {
        matches!(self.scheme.kind, plan::Kind::Bearer)
    }

    fn custom(&self) -> bool {
        matches!(self.scheme.kind, plan::Kind::Custom)
    }

    fn in_query(&self) -> bool {
        self.scheme.has_key_in(Place::Query)
    }

    fn in_cookie(&self) -> bool {
        self.scheme.has_key_in(Place::Cookie)
    }
}

fn sent_key((key, field): (&Key, &plan::Field<'_, Ident>)) -> SentKey {
    SentKey {
        name: CodeSpan::in_table(&key.wire_name.value),
        place: key.place.word(),
        value: CodeSpan::in_table(format!("{}{{{}}}", key.prefix, field.name)),
    }
}

fn assertion(key: &Key) -> Leaf<Code> {
    match key.place {
        Place::Header => contains(&key.wire_name),
        Place::Query => Code::rendered("assert!(request.uri().query().is_some());"),
        Place::Cookie => contains("cookie"),
    }
}

fn contains(header: &str) -> Leaf<Code> {
    let header = literal(header).0;
    Code::rendered(format!(
        "assert!(request.headers().contains_key({header}));"
    ))
}
