//! Limits: what no spec can be is refused, and at once.
//!
//! Times are asserted generously, for slow machines and unoptimised builds; what they catch is work
//! that grows faster than the text.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

use credsmith_spec::{Checked, Severity, parse, read, render};

const SPEC: &str = "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
";

/// Checks a text, and that it is found to be wrong only for its limits, within the time.
#[track_caller]
fn check(text: String, message: &str, limit: Duration) {
    let began = Instant::now();
    let checked = parse("limits.yaml", text);
    let took = began.elapsed();
    let found: Vec<_> = checked
        .diagnostics
        .iter()
        .map(|found| (found.rule.code, found.message.as_str()))
        .collect();
    assert_eq!(found, [("CS0003", message)]);
    assert!(checked.spec.is_none());
    assert!(took < limit, "took {took:?}");
}

const AT_ONCE: Duration = Duration::from_millis(250);
const TOO_DEEP: &str = "the spec is nested too deeply";
const ANCHOR: &str = "anchors and aliases are not used in specs";

#[test]
fn nesting_has_a_limit() {
    // The root is the first level, and the innermost value is one as well.
    let nested = |levels: usize| {
        format!(
            "{SPEC}x-deep: {}{}\n",
            "[".repeat(levels),
            "]".repeat(levels)
        )
    };
    assert_eq!(parse("deep.yaml", nested(15)).diagnostics, []);
    check(nested(16), TOO_DEEP, AT_ONCE);
    check(nested(100_000), TOO_DEEP, AT_ONCE);
    check(
        format!("{SPEC}x-deep: {}", "{a: ".repeat(50_000)),
        TOO_DEEP,
        AT_ONCE,
    );
}

#[test]
fn nesting_by_indentation_has_the_same_limit() {
    let mut text = SPEC.to_owned() + "x-deep:\n";
    for level in 1..200 {
        let _ = writeln!(text, "{}a:", " ".repeat(level));
    }
    check(text, TOO_DEEP, AT_ONCE);
}

#[test]
fn the_number_of_values_has_a_limit() {
    let many = |count: usize| format!("{SPEC}x-many: [{}]\n", "1,".repeat(count));
    assert_eq!(parse("many.yaml", many(90_000)).diagnostics, []);
    check(
        many(100_001),
        "the spec holds too many values",
        Duration::from_secs(5),
    );
}

#[test]
fn anchors_and_aliases_are_refused() {
    check(SPEC.replace("sdk: {", "sdk: &sdk {"), ANCHOR, AT_ONCE);
    check(SPEC.replace("{ name: Acme }", "*sdk"), ANCHOR, AT_ONCE);
    check(format!("{SPEC}x-mine: &a 1\n"), ANCHOR, AT_ONCE);
}

#[test]
fn merge_keys_are_keys_like_others() {
    let checked = parse(
        "merge.yaml",
        format!("{SPEC}    <<: {{ token_fetch: manual }}\n"),
    );
    let found: Vec<_> = checked
        .diagnostics
        .iter()
        .map(|found| found.message.as_str())
        .collect();
    assert_eq!(found, ["unknown key `<<`"]);
}

#[test]
fn a_billion_laughs_are_refused_at_once() {
    let mut text = "a0: &a0 [\"lol\"]\n".to_owned();
    for level in 1..10 {
        let before = level - 1;
        let aliases = vec![format!("*a{before}"); 10].join(", ");
        let _ = writeln!(text, "a{level}: &a{level} [{aliases}]");
    }
    check(text + SPEC, ANCHOR, AT_ONCE);
}

#[test]
fn a_large_text_is_refused_before_it_is_read() {
    let large = format!("{SPEC}# {}", "x".repeat(10 << 20));
    check(large, "the spec is larger than 1048576 bytes", AT_ONCE);
}

#[test]
fn a_large_file_is_refused_before_it_is_in_memory() {
    let path = std::env::temp_dir().join(format!("credsmith-large-{}.yaml", std::process::id()));
    let file = fs::File::create(&path).unwrap();
    // Nothing but its length: a file of this size that is read whole takes its time.
    file.set_len(20 << 30).unwrap();
    let began = Instant::now();
    let checked = read(&path);
    let took = began.elapsed();
    fs::remove_file(&path).unwrap();
    assert_eq!(checked.diagnostics[0].rule.code, "CS0003");
    assert!(took < Duration::from_secs(2), "took {took:?}");
}

/// The largest text that is read, made of a line again and again.
fn full_of(start: &str, line: impl Fn(usize) -> String) -> String {
    let mut text = start.to_owned();
    for number in 0.. {
        let line = line(number);
        if text.len() + line.len() > 1 << 20 {
            break;
        }
        text += &line;
    }
    text
}

/// Checks and renders a text that is as long as it may be; the time must not explode with it.
#[track_caller]
fn assert_bearable(text: String) -> Checked {
    let began = Instant::now();
    let checked = parse("full.yaml", text);
    let shown = render::human(&checked.source, &checked.diagnostics, false);
    assert!(shown.len() < 1 << 20, "{} bytes are shown", shown.len());
    let took = began.elapsed();
    assert!(took < Duration::from_secs(20), "took {took:?}");
    checked
}

#[test]
fn texts_full_of_mistakes_take_bearable_time() {
    let typing_errors = full_of(SPEC, |number| format!("schemas_{number:030}: 1\n"));
    assert!(assert_bearable(typing_errors).diagnostics.len() > 10_000);
    assert_bearable(full_of(SPEC, |_| "# \u{200b}x\n".to_owned()));
    assert_bearable("\u{202e}".repeat(300_000));
    let scopes = format!("{SPEC}    scopes:\n      values:\n");
    assert_bearable(full_of(&scopes, |_| "        - { value: a }\n".to_owned()));
    let defaults =
        format!("{SPEC}    scopes:\n      values: [{{ value: read }}]\n      default:\n");
    assert_bearable(full_of(&defaults, |number| {
        format!("        - reed{number}\n")
    }));
}

#[test]
fn sections_full_of_mistakes_take_bearable_time() {
    let start = "credsmith: 1\nsdk: { name: Acme }\nschemes:\n";
    let alternatives = format!("{start}  a: {{ type: basic }}\nsecurity:\n  default:\n");
    assert_bearable(full_of(&alternatives, |_| "    - a\n".to_owned()));
    assert_bearable(full_of(&alternatives, |_| "    - [a, a, b]\n".to_owned()));
    assert_bearable(full_of(&alternatives, |number| {
        format!("    - b{number}\n")
    }));
    let groups = format!("{start}  a: {{ type: basic }}\nsecurity:\n  default: [a]\n");
    assert_bearable(full_of(&groups, |number| format!("  g{number}: [[], a]\n")));
    let keys = format!("{start}  a:\n    type: api_key\n    keys:\n");
    assert_bearable(full_of(&keys, |_| {
        "      - { name: a, in: header }\n".to_owned()
    }));
    assert_bearable(full_of(&keys, |_| "      - a\n".to_owned()));
}

#[test]
fn many_schemes_and_alternatives_are_no_problem() {
    let mut text = "credsmith: 1\nsdk: { name: Acme }\nschemes:\n".to_owned();
    for number in 0..1_000 {
        let _ = writeln!(
            text,
            "  s{number}: {{ type: api_key, keys: [{{ name: k{number}, in: query }}] }}"
        );
    }
    text += "security:\n  default:\n";
    for number in 0..5_000 {
        let one = number % 1_000;
        let other = (one + 1 + number / 1_000) % 1_000;
        let _ = writeln!(text, "    - [s{one}, s{other}]");
    }
    let checked = assert_bearable(text);
    assert_eq!(checked.spec.unwrap().schemes.len(), 1_000);
}

#[test]
fn a_long_line_is_shown_in_part() {
    let checked = assert_bearable(format!("{SPEC}x: {}\n", "y".repeat(1_000_000)));
    assert_eq!(checked.diagnostics.len(), 1);
}

#[test]
fn a_thousand_schemes_are_no_problem() {
    let schemes = |count: usize| {
        let mut text = "credsmith: 1\nsdk: { name: Acme }\nschemes:\n".to_owned();
        for number in 0..count {
            let _ = writeln!(
                text,
                "  scheme_{number}x: {{ type: oauth2, grant: client_credentials, token_url: \"https://a.example/{number}\", scopes: {{ values: [{{ value: read }}, {{ value: write }}] }} }}"
            );
        }
        text
    };
    let began = Instant::now();
    let checked = parse("many.yaml", schemes(1_000));
    assert!(
        began.elapsed() < Duration::from_secs(5),
        "{:?}",
        began.elapsed()
    );
    assert!(
        !checked
            .diagnostics
            .iter()
            .any(|found| found.severity == Severity::Error)
    );
    assert_eq!(checked.spec.unwrap().schemes.len(), 1_000);
}
