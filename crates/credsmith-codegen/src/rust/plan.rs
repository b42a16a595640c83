//! What the templates of a scheme share: its names as leaves, its choices as code.

use credsmith_spec::model::{
    BasicEncoding, ClientAuthentication, Grant, OAuth2, SchemeKind, Spec, TokenFetch, TokenUrls,
};

use crate::leaf::{Code, CodeSpan, DocText, Leaf, literal};
use crate::naming::{Field, FieldKind, Ident, Names, SchemeNames};

/// A scheme with all that templates need of it.
pub(crate) struct SchemePlan<'a> {
    /// The scheme's name, as text.
    pub(crate) name: &'a str,
    /// Its description.
    pub(crate) description: Option<&'a str>,
    /// What it does.
    pub(crate) oauth2: &'a OAuth2,
    /// Its names.
    pub(crate) names: &'a SchemeNames,
    /// The names of the fields it has.
    pub(crate) fields: FieldIdents<'a>,
    /// The expression for the usual token URL, given `environment`.
    pub(crate) usual_url: String,
}

/// The names of the fields that a scheme's credentials have.
pub(crate) struct FieldIdents<'a> {
    pub(crate) client_id: Leaf<&'a Ident>,
    pub(crate) client_secret: Option<Leaf<&'a Ident>>,
    pub(crate) token: Leaf<&'a Ident>,
    pub(crate) scopes: Option<Leaf<&'a Ident>>,
    pub(crate) token_provider: Option<Leaf<&'a Ident>>,
    pub(crate) on_token_update: Option<Leaf<&'a Ident>>,
    pub(crate) clock_skew: Option<Leaf<&'a Ident>>,
}

/// The plans of all schemes.
pub(crate) fn schemes<'a>(spec: &'a Spec, names: &'a Names) -> Vec<SchemePlan<'a>> {
    let pairs = spec.schemes.iter().zip(&names.schemes);
    pairs
        .filter_map(|(scheme, names)| {
            let SchemeKind::OAuth2(oauth2) = &scheme.kind;
            Some(SchemePlan {
                name: &scheme.name,
                description: scheme.description.as_deref(),
                oauth2,
                names,
                fields: FieldIdents::of(&names.fields)?,
                usual_url: match &oauth2.token_endpoint.urls {
                    TokenUrls::Everywhere(_) => format!("{}::TOKEN_URL", names.manager),
                    TokenUrls::PerEnvironment(_) => format!("{}::token_url", names.manager),
                },
            })
        })
        .collect()
}

impl<'a> FieldIdents<'a> {
    /// `None` for fields without the two that every scheme has.
    fn of(fields: &'a [Field]) -> Option<Self> {
        let name = |kind| {
            let field = fields.iter().find(|field| field.kind == kind);
            field.map(|field| Leaf(&field.name))
        };
        Some(Self {
            client_id: name(FieldKind::ClientId)?,
            client_secret: name(FieldKind::ClientSecret),
            token: name(FieldKind::Token)?,
            scopes: name(FieldKind::Scopes),
            token_provider: name(FieldKind::TokenProvider),
            on_token_update: name(FieldKind::OnTokenUpdate),
            clock_skew: name(FieldKind::ClockSkew),
        })
    }
}

impl SchemePlan<'_> {
    /// The scheme's name as code, for comments.
    pub(crate) fn span(&self) -> Leaf<CodeSpan> {
        CodeSpan::new(self.name)
    }

    /// The scheme's description as a doc comment.
    pub(crate) fn doc(&self) -> Option<Leaf<DocText>> {
        self.description.map(|text| DocText::new(text, ""))
    }

    /// The grant, as headings name it.
    pub(crate) fn grant(&self) -> &'static str {
        match self.oauth2.grant {
            Grant::ClientCredentials => "OAuth 2 Client Credentials Grant",
        }
    }

    /// Whether nothing is fetched by itself.
    pub(crate) fn manual(&self) -> bool {
        self.oauth2.token_fetch == TokenFetch::Manual
    }

    /// The variant of the runtime's `ClientAuthentication`.
    pub(crate) fn authentication(&self) -> Leaf<Code> {
        let form = self.oauth2.basic_encoding == BasicEncoding::Form;
        Code::rendered(match self.oauth2.client_authentication {
            ClientAuthentication::ClientSecretBasic if form => "ClientSecretBasic",
            ClientAuthentication::ClientSecretBasic => "ClientSecretBasicRaw",
            ClientAuthentication::ClientSecretPost => "ClientSecretPost",
            ClientAuthentication::None => "None",
        })
    }

    /// Calls on the manager's builder that this scheme needs beyond the usual ones.
    pub(crate) fn calls(&self) -> Vec<Leaf<Code>> {
        let mut calls = Vec::new();
        if self.manual() {
            calls.push(".token_fetch(TokenFetch::Manual)".to_owned());
        }
        if self.oauth2.token_endpoint.allow_insecure {
            calls.push(".allow_insecure_http(true)".to_owned());
        }
        if let Some(seconds) = self.oauth2.default_token_lifetime {
            let lifetime = format!("Some(Duration::new({}, 0))", grouped(seconds));
            calls.push(format!(".default_lifetime({lifetime})"));
        }
        for (name, value) in &self.oauth2.parameters {
            calls.push(format!(
                ".parameter({}, {})",
                literal(name).0,
                literal(value).0
            ));
        }
        calls.into_iter().map(Code::rendered).collect()
    }

    /// Whether the module needs `Duration`.
    pub(crate) fn uses_duration(&self) -> bool {
        self.oauth2.clock_skew || self.oauth2.default_token_lifetime.is_some()
    }
}

/// A number literal as clippy wants it: `86_400`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) && digits.len() > 4 {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}
