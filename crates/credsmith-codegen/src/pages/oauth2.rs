//! The page of an OAuth 2.0 scheme.

use std::fmt::Display;

use credsmith_spec::facts::{Endpoint as EndpointKind, Field as FieldKind};
use credsmith_spec::model::{Grant, TokenLifetime};

use super::page::Page;
use super::{Sections, sections};
use crate::error::Error;
use crate::leaf::{Code, CodeSpan, Leaf, Markdown};
use crate::names::Ident;
use crate::plan::Urls;
use crate::targets::rust::{EndpointPlan, OAuth2Plan};

/// What the sections of OAuth 2.0 share besides the page.
struct Flow<'a> {
    plan: &'a OAuth2Plan<'a>,
    scopes: Option<Scopes<'a>>,
    endpoints: Vec<Endpoint<'a>>,
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

/// An endpoint, and the client's parameter for another one.
struct Endpoint<'a> {
    noun: &'static str,
    addresses: Leaf<Markdown>,
    parameter: Leaf<&'a Ident>,
    /// An address on loopback.
    example: Leaf<Code>,
}

sections! {
    Title = "docs/rust/title.md" { page: Page<'a> };
    Intro = "docs/rust/intro.md" { page: Page<'a> };
    Retired = "docs/rust/oauth2/retired.md" { flow: Flow<'a> };
    Credentials = "docs/rust/credentials.md" { page: Page<'a> };
    Initialize = "docs/rust/oauth2/initialize.md" { page: Page<'a>, flow: Flow<'a> };
    Environment = "docs/rust/environment.md" { page: Page<'a> };
    Endpoints = "docs/rust/oauth2/endpoints.md" { page: Page<'a>, flow: Flow<'a> };
    ScopesTable = "docs/rust/oauth2/scopes.md" { flow: Flow<'a> };
    Browser = "docs/rust/oauth2/browser.md" { page: Page<'a>, flow: Flow<'a> };
    Device = "docs/rust/oauth2/device.md" { page: Page<'a> };
    UserSignIn = "docs/rust/oauth2/user_sign_in.md" { page: Page<'a>, flow: Flow<'a> };
    Send = "docs/rust/oauth2/send.md" { page: Page<'a>, flow: Flow<'a> };
    ByHand = "docs/rust/oauth2/by_hand.md" { page: Page<'a> };
    OnTokenUpdate = "docs/rust/oauth2/on_token_update.md" { page: Page<'a> };
    TokenProvider = "docs/rust/oauth2/token_provider.md" { page: Page<'a>, flow: Flow<'a> };
    ClockSkew = "docs/rust/oauth2/clock_skew.md" { page: Page<'a> };
    Renewal = "docs/rust/oauth2/renewal.md" { flow: Flow<'a> };
    Fetch = "docs/rust/oauth2/fetch.md" { page: Page<'a>, flow: Flow<'a> };
    Refresh = "docs/rust/oauth2/refresh.md" { page: Page<'a>, flow: Flow<'a> };
    Store = "docs/rust/oauth2/store.md" { page: Page<'a>, flow: Flow<'a> };
    Revoke = "docs/rust/oauth2/revoke.md" { page: Page<'a> };
    Introspect = "docs/rust/oauth2/introspect.md" { page: Page<'a> };
    Blocking = "docs/rust/oauth2/blocking.md" { page: Page<'a> };
    Errors = "docs/rust/oauth2/errors.md" { page: Page<'a>, flow: Flow<'a> };
    Tests = "docs/rust/oauth2/tests.md" { page: Page<'a> };
    Complete = "docs/rust/oauth2/complete.md" { page: Page<'a>, flow: Flow<'a> };
}

pub(super) fn render(page: &Page<'_>, plan: &OAuth2Plan<'_>) -> Result<String, Error> {
    let flow = &Flow::new(page, plan);
    let mut sections = Sections::default();
    sections.add(&Title { page })?;
    sections.add(&Retired { flow })?;
    sections.add(&Intro { page })?;
    sections.add(&Credentials { page })?;
    sections.add(&Initialize { page, flow })?;
    sections.add(&Environment { page })?;
    sections.add(&Endpoints { page, flow })?;
    sections.add(&ScopesTable { flow })?;
    user(page, flow, &mut sections)?;
    sections.add(&Send { page, flow })?;
    sections.add(&ByHand { page })?;
    sections.add(&OnTokenUpdate { page })?;
    sections.add(&TokenProvider { page, flow })?;
    sections.add(&ClockSkew { page })?;
    sections.add(&Renewal { flow })?;
    fetch(page, flow, &mut sections)?;
    sections.add(&Store { page, flow })?;
    if plan.can_revoke() {
        sections.add(&Revoke { page })?;
    }
    if plan.can_introspect() {
        sections.add(&Introspect { page })?;
    }
    sections.add(&Blocking { page })?;
    sections.add(&Errors { page, flow })?;
    sections.add(&Tests { page })?;
    sections.add(&Complete { page, flow })?;
    Ok(sections.0)
}

/// How the user is asked, where the grant has one.
fn user(page: &Page<'_>, flow: &Flow<'_>, sections: &mut Sections) -> Result<(), Error> {
    if flow.plan.has_callback() {
        sections.add(&Browser { page, flow })?;
    }
    if flow.plan.has_device() {
        sections.add(&Device { page })?;
    }
    sections.add(&UserSignIn { page, flow })
}

/// An implicit grant has neither a token endpoint nor refresh tokens.
fn fetch(page: &Page<'_>, flow: &Flow<'_>, sections: &mut Sections) -> Result<(), Error> {
    match flow.plan.grant() {
        Grant::Implicit => Ok(()),
        Grant::AuthorizationCode | Grant::DeviceCode => sections.add(&Refresh { page, flow }),
        _ => sections.add(&Fetch { page, flow }),
    }
}

/// Texts as code, with a word between them; absent where there is none.
fn spans<T: Display>(texts: impl Iterator<Item = T>, between: &str) -> Option<Leaf<Markdown>> {
    let spans: Vec<_> = texts
        .map(|text| CodeSpan::new(text).0.to_string())
        .collect();
    (!spans.is_empty()).then(|| Markdown::rendered(spans.join(between)))
}

impl<'a> Flow<'a> {
    fn new(page: &Page<'a>, plan: &'a OAuth2Plan<'a>) -> Self {
        Self {
            plan,
            scopes: scopes(page),
            endpoints: plan
                .endpoints
                .iter()
                .map(|endpoint| Endpoint::new(endpoint, page))
                .collect(),
        }
    }

    fn is_password(&self) -> bool {
        self.plan.grant() == Grant::Password
    }

    fn is_implicit(&self) -> bool {
        self.plan.grant() == Grant::Implicit
    }

    fn is_jwt_bearer(&self) -> bool {
        self.plan.grant() == Grant::JwtBearer
    }

    fn is_token_exchange(&self) -> bool {
        self.plan.grant() == Grant::TokenExchange
    }

    /// Whether the only endpoint is that for tokens.
    fn token_endpoint(&self) -> Option<&Endpoint<'a>> {
        let kind = self.plan.endpoints.first()?.kind;
        match self.endpoints.as_slice() {
            [only] if kind == EndpointKind::Token => Some(only),
            _ => None,
        }
    }

    fn has_pkce(&self) -> bool {
        self.plan.has_pkce()
    }

    /// Whether servers may give out refresh tokens. Those of client credentials are of no use.
    fn has_refresh_tokens(&self) -> bool {
        !matches!(
            self.plan.grant(),
            Grant::ClientCredentials | Grant::Implicit
        )
    }

    /// What the server calls its bearer tokens, where it has words of its own.
    fn token_types(&self) -> Option<Leaf<Markdown>> {
        spans(self.plan.model.bearer_token_types.iter(), " or ")
    }

    /// The server's own codes for a refresh token that it refuses, if any.
    fn refresh_token_error_codes(&self) -> Option<Leaf<Markdown>> {
        spans(self.plan.model.refresh_token_error_codes.iter(), " or ")
    }

    /// The header fields that its endpoints want, if any.
    fn endpoint_headers(&self) -> Option<Leaf<Markdown>> {
        let headers = self.plan.model.endpoint_headers.iter();
        spans(
            headers.map(|(name, value)| format!("{name}: {value}")),
            " and ",
        )
    }

    /// Seconds that an assertion lives.
    fn assertion_lifetime(&self) -> u64 {
        let assertion = self.plan.model.assertion.as_ref();
        assertion.map_or(0, |assertion| assertion.lifetime)
    }

    /// Whether the application can hand over what asks the user.
    fn has_hook(&self) -> bool {
        self.plan.model.user_sign_in
    }
}

impl<'a> Endpoint<'a> {
    fn new(plan: &'a EndpointPlan<'a>, page: &Page<'a>) -> Self {
        let example = match plan.kind {
            EndpointKind::Authorization => "http://127.0.0.1:8080/authorize",
            EndpointKind::DeviceAuthorization => "http://127.0.0.1:8080/device",
            EndpointKind::Token => "http://127.0.0.1:8080/token",
            EndpointKind::Revocation => "http://127.0.0.1:8080/revoke",
            EndpointKind::Introspection => "http://127.0.0.1:8080/introspect",
            EndpointKind::Issuer => "http://127.0.0.1:8080",
        };
        Self {
            noun: plan.noun(),
            addresses: addresses(plan, page),
            parameter: Leaf(&plan.parameter),
            example: Code::rendered(example),
        }
    }
}

/// "`https://…`", or one for each environment.
fn addresses(plan: &EndpointPlan<'_>, page: &Page<'_>) -> Leaf<Markdown> {
    let span = |url: &str| CodeSpan::in_table(url).0.to_string();
    Markdown::rendered(match plan.urls {
        Urls::Everywhere(url) => span(url),
        Urls::PerEnvironment(urls) => {
            let urls = urls.iter().zip(&page.plan.sdk.environments);
            let urls = urls.map(|(url, it)| format!("{} (`{}`)", span(url), it.name));
            urls.collect::<Vec<_>>().join(" or ")
        }
        Urls::Discovered => "what the issuer's metadata names".to_owned(),
    })
}

fn scopes<'a>(page: &Page<'a>) -> Option<Scopes<'a>> {
    let scopes = page.scheme.scopes()?;
    let examples = scopes.values.iter().take(2);
    let examples = examples.map(|scope| format!("{}::{}", scopes.name, scope.name));
    let rows = scopes.values.iter().map(|scope| ScopeRow {
        title: CodeSpan::in_table(&scope.title),
        description: scope.description.unwrap_or_default(),
        variant: CodeSpan::in_table(&scope.name),
        value: CodeSpan::in_table(scope.value),
    });
    Some(Scopes {
        field: page.scheme.field_name(FieldKind::Scopes)?,
        enumeration_span: CodeSpan::new(&scopes.name),
        examples: examples.map(Code::rendered).collect(),
        rows: rows.collect(),
        defaults: spans(scopes.defaults().map(|scope| scope.value), ", "),
    })
}
