//! The credentials of a scheme, and their builder: composed of a piece for each field.

use askama::Template;

use super::plan::{FieldPlan, Form, OAuth2Plan, SchemePlan};
use super::values;
use crate::error::Error;
use crate::leaf::{Code, CodeSpan, DocText, Leaf, looks_like_code};
use crate::naming::{FieldKind, Ident, SdkNames};

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
pub(super) fn render(plan: &SchemePlan<'_>) -> Result<Leaf<Code>, Error> {
    let getters = plan.fields.iter().map(|field| getter(field, plan));
    let fields = plan.fields.iter();
    let constructor = plan.has_constructor().then(|| constructor(plan));
    let credentials = Credentials {
        scheme: plan.span(),
        description: plan.doc(),
        prose_like_code: plan.description.is_some_and(looks_like_code),
        name: Leaf(&plan.names.credentials),
        builder: Leaf(&plan.names.credentials_builder),
        fields: fields
            .map(|field| Declaration {
                name: Leaf(field.name),
                type_name: Code::rendered(&field.type_name),
            })
            .collect(),
        constructor: constructor.transpose()?,
        stored_token: plan.field(FieldKind::Token).is_some(),
        environment: super::environment::render(plan)?,
        getters: getters.collect::<Result<_, _>>()?,
    };
    Ok(Code::block(&credentials.render()?))
}

/// Renders the builder of a scheme's credentials.
pub(super) fn builder(plan: &SchemePlan<'_>, sdk: &SdkNames) -> Result<Leaf<Code>, Error> {
    let setters = plan.fields.iter().map(|field| setter(field, plan, sdk));
    let builder = Builder {
        name: Leaf(&plan.names.credentials_builder),
        credentials: Leaf(&plan.names.credentials),
        setters: setters.collect::<Result<_, _>>()?,
    };
    Ok(Code::block(&builder.render()?))
}

fn constructor(plan: &SchemePlan<'_>) -> Result<Leaf<Code>, Error> {
    let required = plan.required().map(|field| Parameter {
        local: Code::rendered(field.local()),
        type_name: Code::rendered(&field.type_name),
    });
    let mut values: Vec<_> = plan
        .required()
        .map(|field| format!("{}: Some({}.into())", field.name, field.local()))
        .collect();
    if values.len() < plan.fields.len() {
        values.push("..Self::default()".to_owned());
    }
    let constructor = Constructor {
        client: plan.oauth2().is_some(),
        required: required.collect(),
        initial: Code::rendered(match values.as_slice() {
            [_] if plan.required().next().is_none() => "Self::default()".to_owned(),
            _ => values::structure("Self", "        ", &values),
        }),
    };
    Ok(Code::block(&constructor.render()?))
}

fn getter(field: &FieldPlan<'_>, plan: &SchemePlan<'_>) -> Result<Leaf<Code>, Error> {
    let getter = Getter {
        form: field.form,
        name: Leaf(field.name),
        noun: Code::rendered(capitalised(&field.noun(false))),
        description: field.description.map(|text| DocText::new(text, "    ")),
        prose_like_code: field.description.is_some_and(looks_like_code),
        type_name: Code::rendered(&field.type_name),
        scopes: scopes(plan),
    };
    Ok(Code::block(&getter.render()?))
}

fn setter(
    field: &FieldPlan<'_>,
    plan: &SchemePlan<'_>,
    sdk: &SdkNames,
) -> Result<Leaf<Code>, Error> {
    let setter = Setter {
        form: field.form,
        name: Leaf(field.name),
        noun: Code::rendered(field.noun(false)),
        type_name: Code::rendered(&field.type_name),
        token: Leaf(&sdk.token),
        manager: Leaf(&plan.names.manager),
        scopes: scopes(plan),
        asks_user: plan.oauth2().is_some_and(OAuth2Plan::asks_user),
    };
    Ok(Code::block(&setter.render()?))
}

fn scopes(plan: &SchemePlan<'_>) -> Option<ScopesCode> {
    let names = plan.names.scopes.as_ref()?;
    let model = plan.oauth2()?.model.scopes.as_ref()?;
    let default = model
        .default
        .iter()
        .filter_map(|index| names.members.get(*index));
    let default: Vec<_> = default
        .map(|member| format!("{}::{}", names.enumeration, member.variant))
        .collect();
    Some(ScopesCode {
        enumeration: Code::rendered(names.enumeration.as_str()),
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
