//! Line breaks as rustfmt's default settings put them.
//!
//! Templates write each construct on one line. What a long name pushes beyond the margin is broken
//! here; the constructs that templates use are all this knows.

/// rustfmt's `max_width`.
const WIDTH: usize = 100;

/// How long a `use` of several names may be on one line.
const USE_WIDTH: usize = 98;

/// Breaks the lines of `text` that are too long, and ends it with one line break.
pub(crate) fn lay_out(text: &str) -> String {
    let mut laid_out = String::with_capacity(text.len() + 256);
    for line in text.trim().lines() {
        let line = line.trim_end();
        match is_too_long(line).then(|| broken(line)).flatten() {
            Some(lines) => laid_out.push_str(&lines),
            None => laid_out.push_str(line),
        }
        laid_out.push('\n');
    }
    laid_out
}

fn is_too_long(line: &str) -> bool {
    let width = width_of(line);
    // Counting characters takes a while, and there are never more of them than bytes.
    (line.len() > width && line.chars().count() > width)
        || has_long_arguments(line.trim_start())
        || has_long_chain(line.trim_start())
}

/// Whether `code` is a field whose value is beyond rustfmt's `chain_width`.
fn has_long_chain(code: &str) -> bool {
    const CHAIN_WIDTH: usize = 60;
    let value = owned_chain(code).and_then(|_| code.split_once(": "));
    value.is_some_and(|(_, value)| value.len() > CHAIN_WIDTH + ",".len())
}

/// `field: receiver` and `.method()` of a field that is `receiver.method().to_owned()`.
fn owned_chain(code: &str) -> Option<(&str, &str)> {
    let chain = code.strip_suffix(".to_owned(),")?;
    let (field, value) = chain.split_once(": ")?;
    let receiver = value.find('.').filter(|_| value.ends_with(')'))?;
    Some(chain.split_at(field.len() + ": ".len() + receiver))
}

/// Whether `code` is a call in a chain whose arguments are beyond rustfmt's `fn_call_width`.
fn has_long_arguments(code: &str) -> bool {
    const ARGUMENTS_WIDTH: usize = 60;
    let Some(open) = code.find('(').filter(|_| code.starts_with('.')) else {
        return false;
    };
    let close = closing(code, open).unwrap_or(open + 1);
    let arguments = &code[open + 1..close];
    arguments.chars().count() > ARGUMENTS_WIDTH && top_level(arguments).len() > 1
}

fn width_of(line: &str) -> usize {
    let is_use = line.starts_with("use ") || line.starts_with("pub use ");
    if is_use { USE_WIDTH } else { WIDTH }
}

fn broken(line: &str) -> Option<String> {
    let code = line.trim_start();
    let indent = &line[..line.len() - code.len()];
    if code.starts_with("//") {
        return None;
    }
    if code.starts_with("use ") || code.starts_with("pub use ") {
        return packed_use(indent, code);
    }
    if let Some((head, call)) = owned_chain(code) {
        let rest = format!("{indent}    {call}\n{indent}    .to_owned(),");
        return Some(format!("{indent}{head}\n{rest}"));
    }
    if let Some(head) = code.strip_suffix(".to_owned(),") {
        return Some(format!("{indent}{head}\n{indent}    .to_owned(),"));
    }
    if let Some((head, target)) = implementation(code) {
        return Some(format!(
            "{indent}{head}\n{indent}    for {target}\n{indent}{{"
        ));
    }
    if let Some((head, value)) = assignment(code) {
        let is_too_long = indent.len() + 4 + value.chars().count() > WIDTH;
        if let Some(call) = value.strip_prefix("variables.").filter(|_| is_too_long) {
            return Some(format!("{indent}{head} variables\n{indent}    .{call}"));
        }
        return Some(format!("{indent}{head}\n{indent}    {value}"));
    }
    if let Some((pattern, value)) = code.split_once(" => ") {
        let value = value.strip_suffix(',')?;
        return Some(format!(
            "{indent}{pattern} => {{\n{indent}    {value}\n{indent}}}"
        ));
    }
    if let Some((field, kind)) = code.split_once(": ").filter(|_| !code.contains('(')) {
        return Some(format!("{indent}{field}:\n{indent}    {kind}"));
    }
    spread_arguments(indent, code)
}

/// `use path::{A, B};` with as many names on a line as fit.
fn packed_use(indent: &str, code: &str) -> Option<String> {
    let (head, names) = code.strip_suffix("};")?.split_once('{')?;
    let mut lines = vec![format!("{indent}    ")];
    let mut names = names.split(", ").peekable();
    while let Some(name) = names.next() {
        let current = lines.last_mut()?;
        // Behind a name comes a comma, and behind that a space, unless it is the last one.
        let behind = 1 + usize::from(names.peek().is_some());
        let needed = current.chars().count() + name.chars().count() + behind;
        if current.trim().is_empty() || needed <= WIDTH {
            *current += &format!("{name}, ");
        } else {
            lines.push(format!("{indent}    {name}, "));
        }
    }
    let names: Vec<_> = lines.iter().map(|line| line.trim_end()).collect();
    Some(format!(
        "{indent}{head}{{\n{}\n{indent}}};",
        names.join("\n")
    ))
}

/// `impl Trait for Type {`
fn implementation(code: &str) -> Option<(&str, &str)> {
    code.strip_suffix(" {")?
        .split_once(" for ")
        .filter(|_| code.starts_with("impl"))
}

/// `… = value;` of statements and constants.
fn assignment(code: &str) -> Option<(&str, &str)> {
    let at = code.find(" = ").filter(|_| code.ends_with(';'))?;
    Some((&code[..at + 2], &code[at + 3..]))
}

/// `head(a, b)tail`, with an argument a line.
fn spread_arguments(indent: &str, code: &str) -> Option<String> {
    let open = code.find('(')?;
    let close = closing(code, open)?;
    let mut text = format!("{indent}{}(\n", &code[..open]);
    for argument in top_level(&code[open + 1..close]) {
        text += &format!("{indent}    {argument},\n");
    }
    text += &format!("{indent}{}", &code[close..]);
    Some(text)
}

/// The bracket that closes the one at `open`.
fn closing(code: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, character) in outside_strings(&code[open..]) {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(open + offset);
        }
    }
    None
}

/// The parts between the commas that stand in no brackets.
fn top_level(arguments: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_i32);
    let mut before = ' ';
    for (offset, character) in outside_strings(arguments) {
        match character {
            '(' | '[' | '{' | '<' => depth += 1,
            '>' if before == '-' => {}
            ')' | ']' | '}' | '>' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(arguments[start..offset].trim());
                start = offset + 1;
            }
            _ => {}
        }
        before = character;
    }
    parts.push(arguments[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// The characters that stand in no string literal.
fn outside_strings(code: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut inside, mut escaped) = (false, false);
    code.char_indices().filter(move |(_, character)| {
        let was_inside = inside;
        match character {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            _ => {}
        }
        !was_inside && *character != '"'
    })
}
