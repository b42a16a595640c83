//! Values over several lines, as rustfmt's default settings put them.

/// rustfmt's `max_width`.
const WIDTH: usize = 100;

/// rustfmt's `array_width`.
const ARRAY_WIDTH: usize = 60;

/// A value of a structure, as rustfmt puts it at `indent`.
pub(crate) fn structure(name: &str, indent: &str, fields: &[String]) -> String {
    /// rustfmt's `struct_lit_width`.
    const STRUCT_WIDTH: usize = 18;
    let joined = fields.join(", ");
    if joined.chars().count() <= STRUCT_WIDTH {
        return format!("{name} {{ {joined} }}");
    }
    // Nothing comes behind the rest of another value.
    let comma = |field: &String| if field.starts_with("..") { "" } else { "," };
    let fields = fields.iter();
    let lines = fields.map(|field| format!("{indent}    {field}{}\n", comma(field)));
    format!("{name} {{\n{}{indent}}}", lines.collect::<String>())
}

/// The items of an array behind a `=` at `indent`: on the next line, where they fit there alone.
pub(crate) fn assigned_array(prefix_width: usize, indent: &str, items: &[String]) -> String {
    let joined = items.join(", ");
    let next = indent.len() + 4;
    if !fits(prefix_width, &joined, items) && fits(next, &joined, items) {
        return format!("\n{indent}    &[{joined}]");
    }
    array(prefix_width, indent, items)
}

/// The items of an array, as rustfmt puts them behind `prefix` at `indent`.
pub(crate) fn array(prefix_width: usize, indent: &str, items: &[String]) -> String {
    /// rustfmt's `short_array_element_width_threshold`.
    const SHORT: usize = 10;
    let joined = items.join(", ");
    if fits(prefix_width, &joined, items) {
        return format!("&[{joined}]");
    }
    let mut lines = vec![format!("{indent}    ")];
    let short = items.iter().all(|item| item.len() <= SHORT);
    for item in items {
        let fits = lines.last().is_some_and(|line| {
            line.trim().is_empty() || (short && line.trim_end().len() + item.len() + 2 <= WIDTH)
        });
        if !fits {
            lines.push(format!("{indent}    "));
        }
        if let Some(line) = lines.last_mut() {
            *line += &format!("{item}, ");
        }
    }
    let lines: Vec<_> = lines.iter().map(|line| line.trim_end()).collect();
    format!("&[\n{}\n{indent}]", lines.join("\n"))
}

/// Whether the items fit on one line, behind what stands there, with brackets and what ends it.
fn fits(prefix_width: usize, joined: &str, items: &[String]) -> bool {
    let is_narrow = joined.len() <= ARRAY_WIDTH || items.len() == 1;
    is_narrow && !joined.contains('\n') && prefix_width + joined.len() + 4 <= WIDTH
}
