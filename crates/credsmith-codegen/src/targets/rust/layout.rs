//! Line breaks as rustfmt's default settings put them.
//!
//! Templates write each construct on one line. What a long name pushes beyond the margin is broken
//! here; the constructs that templates use are all this knows.

use unicode_width::UnicodeWidthStr as _;

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
    // Measuring takes a while, and nothing is wider than its bytes.
    (line.len() > width && line.width() > width)
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

/// Whether `code` is a call in a chain, or an assigned one, whose arguments are beyond rustfmt's
/// `fn_call_width`.
fn has_long_arguments(code: &str) -> bool {
    const ARGUMENTS_WIDTH: usize = 60;
    let assigned = || assignment(code).and_then(|(_, value)| method_call(value));
    let call = if code.starts_with('.') {
        code
    } else if let Some((_, call)) = assigned() {
        call
    } else {
        return false;
    };
    let arguments = arguments(call).unwrap_or_default();
    arguments.width() > ARGUMENTS_WIDTH && top_level(arguments).len() > 1
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
    if code.starts_with('.') {
        return spread_arguments(indent, code);
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
        return broken_assignment(indent, head, value);
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
        // Behind a name comes a comma, and behind that a space, unless all names are on one line.
        let is_all = lines.len() == 1 && names.peek().is_none();
        let behind = if is_all { 1 } else { 2 };
        let current = lines.last_mut()?;
        let needed = current.width() + name.width() + behind;
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

/// An assignment whose value is on the next line, or a call that is broken before its method or at its
/// arguments: the first of these that fits. rustfmt leaves a value that fits nowhere as it is.
fn broken_assignment(indent: &str, head: &str, value: &str) -> Option<String> {
    let fits = |text: &str| indent.len() + 4 + text.width() <= WIDTH;
    if has_long_arguments(&format!("{head} {value}")) {
        return spread_call(indent, head, value);
    }
    if fits(value) {
        return Some(format!("{indent}{head}\n{indent}    {value}"));
    }
    match method_call(value) {
        Some((receiver, call)) if fits(call) => {
            Some(format!("{indent}{head} {receiver}\n{indent}    {call}"))
        }
        _ => spread_call(indent, head, value),
    }
}

/// A call with an argument a line, if each of them fits.
fn spread_call(indent: &str, head: &str, value: &str) -> Option<String> {
    let mut arguments = top_level(arguments(method_call(value)?.1)?).into_iter();
    let fits = |argument: &str| indent.len() + 4 + argument.width() + ",".len() <= WIDTH;
    arguments
        .all(fits)
        .then(|| spread_arguments(indent, &format!("{head} {value}")))?
}

/// `receiver` and `.method(…)` of a call on a variable.
fn method_call(value: &str) -> Option<(&str, &str)> {
    let is_name = |text: &&str| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let dot = value.find('.')?;
    let (receiver, call) = value.split_at(dot);
    let method = call[1..].split_once('(')?.0;
    (is_name(&receiver) && is_name(&method)).then_some((receiver, call))
}

/// The arguments of a call.
fn arguments(call: &str) -> Option<&str> {
    let open = call.find('(')?;
    Some(&call[open + 1..closing(call, open)?])
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
