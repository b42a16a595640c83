//! Credentials from environment variables.

use askama::Template;

use super::values;
use super::{FieldPlan, Form, SchemePlan};
use crate::error::Error;
use crate::leaf::{Code, Leaf, literal};
use crate::names::Ident;
use crate::prose;

#[derive(Template)]
#[template(path = "rust/credentials/environment.rs")]
struct Environment<'a> {
    rows: Vec<Leaf<Code>>,
    required: Vec<Variable<'a>>,
    optional: Vec<Variable<'a>>,
    /// The credentials with all their fields, where they have no constructor.
    all: Option<Leaf<Code>>,
}

struct Variable<'a> {
    name: Leaf<Code>,
    local: Leaf<Code>,
    reader: Leaf<Code>,
    field: Leaf<&'a Ident>,
}

/// Renders what reads credentials from the environment.
pub(super) fn render(scheme: &SchemePlan<'_>) -> Result<Leaf<Code>, Error> {
    let of = |required| {
        let fields = scheme.fields.iter();
        let fields = fields.filter(move |field| field.required == required);
        fields.filter_map(variable).collect()
    };
    let environment = Environment {
        rows: rows(scheme),
        required: of(true),
        optional: of(false),
        all: (!scheme.has_constructor()).then(|| all(scheme)),
    };
    Ok(Code::block(&environment.render()?))
}

fn variable<'a>(field: &'a FieldPlan<'a>) -> Option<Variable<'a>> {
    let reader = match (field.form(), field.required) {
        (Form::Text, true) => "required",
        (Form::Text, false) => "optional",
        (Form::Secret | Form::SubjectToken, true) => "required_secret",
        (Form::Secret | Form::SubjectToken, false) => "optional_secret",
        (Form::Scopes, _) => "optional_list",
        (Form::Duration, _) => "optional_seconds",
        _ => return None,
    };
    Some(Variable {
        name: literal(field.variable.as_ref()?.as_str()),
        local: Code::rendered(field.local()),
        reader: Code::rendered(reader),
        field: Leaf(&field.name),
    })
}

/// The value of credentials whose fields were all read.
fn all(scheme: &SchemePlan<'_>) -> Leaf<Code> {
    let values = scheme.fields.iter().map(|field| match field.required {
        true => format!("{}: Some({})", field.name, field.local()),
        false if field.name.as_str() == field.local() => field.name.to_string(),
        false => format!("{}: {}", field.name, field.local()),
    });
    let values: Vec<_> = values.collect();
    Code::rendered(values::structure("Self", "        ", &values))
}

/// The table of environment variables, padded so that it reads well in the source too.
fn rows(scheme: &SchemePlan<'_>) -> Vec<Leaf<Code>> {
    let rows: Vec<_> = scheme.fields.iter().filter_map(row).collect();
    let name_width = width(rows.iter().map(|(name, _)| name.as_str()), "Variable");
    let note_width = width(rows.iter().map(|(_, note)| note.as_str()), "Holds");
    let mut lines = vec![
        format!(
            "/// | {:name_width$} | {:note_width$} |",
            "Variable", "Holds"
        ),
        format!("/// | {:-<name_width$} | {:-<note_width$} |", "", ""),
    ];
    let rows = rows.iter();
    lines.extend(
        rows.map(|(name, note)| format!("/// | {name:name_width$} | {note:note_width$} |")),
    );
    lines.into_iter().map(Code::rendered).collect()
}

fn row(field: &FieldPlan<'_>) -> Option<(String, String)> {
    Some((
        format!("`{}`", field.variable.as_ref()?),
        prose::variable_note(field),
    ))
}

fn width<'a>(cells: impl Iterator<Item = &'a str>, head: &'a str) -> usize {
    let widths = cells.chain([head]).map(|cell| cell.chars().count());
    widths.max().unwrap_or_default()
}
