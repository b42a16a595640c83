//! The credentials of a scheme, and their builder: composed of a piece for each field.

use askama::Template;
use credsmith_spec::facts::Field as FieldKind;

use super::values;
use super::{FieldPlan, Form, OAuth2Plan, Plan, SchemePlan};
use crate::error::Error;
use crate::leaf::{Code, CodeSpan, DocText, Leaf, looks_like_code};
use crate::names::Ident;
use crate::prose;

#[derive(Template)]
#[template(path = "rust/credentials/credentials.rs")]
struct Credentials<'a> {
    scheme: Leaf<CodeSpan>,
    description: Option<Leaf<DocText>>,
    prose_like_code: bool,
    name: Leaf<&'a Ident>,
    builder: Leaf<&'a Ident>,
    fields: Vec<Declaration<'a>>,
    constructor: Option<Leaf<Code>>,
    stored_token: bool,
    environment: Leaf<Code>,
    getters: Vec<Leaf<Code>>,
}

struct Declaration<'a> {
    name: Leaf<&'a Ident>,
    type_name: Leaf<Code>,
}

#[derive(Template)]
#[template(path = "rust/credentials/constructor.rs")]
struct Constructor {
    client: bool,
    required: Vec<Parameter>,
    initial: Leaf<Code>,
}

struct Parameter {
    local: Leaf<Code>,
    type_name: Leaf<Code>,
}

#[derive(Template)]
#[template(path = "rust/credentials/builder.rs")]
struct Builder<'a> {
    name: Leaf<&'a Ident>,
    credentials: Leaf<&'a Ident>,
    setters: Vec<Leaf<Code>>,
}

/// The getter of a field.
#[derive(Template)]
#[template(path = "rust/credentials/getter.rs")]
struct Getter<'a> {
    form: Form,
    name: Leaf<&'a Ident>,
    noun: Leaf<Code>,
    description: Option<Leaf<DocText>>,
    prose_like_code: bool,
    type_name: Leaf<Code>,
    scopes: Option<ScopesCode>,
}

/// The setter of a field.
#[derive(Template)]
#[template(path = "rust/credentials/setter.rs")]
struct Setter<'a> {
    form: Form,
    name: Leaf<&'a Ident>,
    noun: Leaf<Code>,
    type_name: Leaf<Code>,
    token: Leaf<&'a Ident>,
    manager: Leaf<&'a Ident>,
    scopes: Option<ScopesCode>,
    asks_user: bool,
}

/// The type of a scheme's scopes, and what is asked for unless they are set.
struct ScopesCode {
    enumeration: Leaf<Code>,
    default: Leaf<Code>,
}

/// Renders the credentials of a scheme.
pub(super) fn render(plan: &Plan<'_>, scheme: &SchemePlan<'_>) -> Result<Leaf<Code>, Error> {
    let getters = scheme
        .fields
        .iter()
        .map(|field| getter(field, scheme, plan));
    let fields = scheme.fields.iter();
    let constructor = scheme.has_constructor().then(|| constructor(plan, scheme));
    let credentials_builder = &scheme.credentials_builder();
    let credentials = Credentials {
        scheme: scheme.span(),
        description: scheme.doc(),
        prose_like_code: scheme.description.is_some_and(looks_like_code),
        name: Leaf(&scheme.credentials),
        builder: Leaf(credentials_builder),
        fields: fields
            .map(|field| Declaration {
                name: Leaf(&field.name),
                type_name: Code::rendered(field.type_name(scheme, plan)),
            })
            .collect(),
        constructor: constructor.transpose()?,
        stored_token: scheme.field(FieldKind::Token).is_some(),
        environment: super::environment::render(scheme)?,
        getters: getters.collect::<Result<_, _>>()?,
    };
    Ok(Code::block(&credentials.render()?))
}

/// Renders the builder of a scheme's credentials.
pub(super) fn builder(plan: &Plan<'_>, scheme: &SchemePlan<'_>) -> Result<Leaf<Code>, Error> {
    let setters = scheme
        .fields
        .iter()
        .map(|field| setter(field, scheme, plan));
    let credentials_builder = &scheme.credentials_builder();
    let builder = Builder {
        name: Leaf(credentials_builder),
        credentials: Leaf(&scheme.credentials),
        setters: setters.collect::<Result<_, _>>()?,
    };
    Ok(Code::block(&builder.render()?))
}

fn constructor(plan: &Plan<'_>, scheme: &SchemePlan<'_>) -> Result<Leaf<Code>, Error> {
    let required = scheme.required().map(|field| Parameter {
        local: Code::rendered(field.local()),
        type_name: Code::rendered(field.type_name(scheme, plan)),
    });
    let mut values: Vec<_> = scheme
        .required()
        .map(|field| format!("{}: Some({}.into())", field.name, field.local()))
        .collect();
    if values.len() < scheme.fields.len() {
        values.push("..Self::default()".to_owned());
    }
    let constructor = Constructor {
        client: scheme.oauth2().is_some(),
        required: required.collect(),
        initial: Code::rendered(match values.as_slice() {
            [_] if scheme.required().next().is_none() => "Self::default()".to_owned(),
            _ => values::structure("Self", "        ", &values),
        }),
    };
    Ok(Code::block(&constructor.render()?))
}

fn getter(
    field: &FieldPlan<'_>,
    scheme: &SchemePlan<'_>,
    plan: &Plan<'_>,
) -> Result<Leaf<Code>, Error> {
    let getter = Getter {
        form: field.form(),
        name: Leaf(&field.name),
        noun: Code::rendered(capitalised(&prose::noun(field, false))),
        description: field.description.map(|text| DocText::new(text, "    ")),
        prose_like_code: field.description.is_some_and(looks_like_code),
        type_name: Code::rendered(field.type_name(scheme, plan)),
        scopes: scopes(scheme),
    };
    Ok(Code::block(&getter.render()?))
}

fn setter(
    field: &FieldPlan<'_>,
    scheme: &SchemePlan<'_>,
    plan: &Plan<'_>,
) -> Result<Leaf<Code>, Error> {
    let setter = Setter {
        form: field.form(),
        name: Leaf(&field.name),
        noun: Code::rendered(prose::noun(field, false)),
        type_name: Code::rendered(field.type_name(scheme, plan)),
        token: Leaf(&plan.sdk.token),
        manager: Leaf(&scheme.manager),
        scopes: scopes(scheme),
        asks_user: scheme.oauth2().is_some_and(OAuth2Plan::asks_user),
    };
    Ok(Code::block(&setter.render()?))
}

fn scopes(scheme: &SchemePlan<'_>) -> Option<ScopesCode> {
    let scopes = scheme.scopes()?;
    let default = scopes.defaults();
    let default: Vec<_> = default
        .map(|scope| format!("{}::{}", scopes.name, scope.name))
        .collect();
    Some(ScopesCode {
        enumeration: Code::rendered(scopes.name.as_str()),
        default: Code::rendered(values::array(
            "            None => ".len(),
            "            ",
            &default,
        )),
    })
}

fn capitalised(noun: &str) -> String {
    let mut characters = noun.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}
