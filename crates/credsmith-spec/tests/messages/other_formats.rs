//! Documents of other formats, and versions of this one.

use super::check;

const REST: &str = "sdk: { name: Acme }\nschemes: { basic: { type: basic } }\n";

#[test]
fn an_openapi_document_is_told_as_such_and_nothing_else() {
    let text = "\
# Acme
openapi: 3.1.0
info: { title: Acme, version: 1.0.0 }
paths: {}
components:
  securitySchemes:
    basic: { type: http, scheme: basic }
security: [{ basic: [] }]
";
    let told = "this is an OpenAPI document, and not a spec of credsmith";
    let begin = "write a spec of its own beside it, which begins with `credsmith: 1`; `credsmith init` writes a first one";
    check(
        text,
        &[&format!(
            "2:1 CS0107 {told} | {begin} | only the authentication belongs into it: what is in \
             `components.securitySchemes` becomes `schemes`"
        )],
    );
    check(
        "swagger: \"2.0\"\nhost: api.example.com\npaths: {}\n",
        &[&format!(
            "1:1 CS0107 {told} | {begin} | only the authentication belongs into it: what is in \
             `securityDefinitions` becomes `schemes`"
        )],
    );
    check(
        "{\n  \"info\": {},\n  \"openapi\": \"3.0.3\"\n}\n",
        &[&format!(
            "3:3 CS0107 {told} | {begin} | only the authentication belongs into it: what is in \
             `components.securitySchemes` becomes `schemes`"
        )],
    );
}

#[test]
fn a_document_that_is_too_deep_for_a_spec_is_told_as_what_it_is() {
    for (text, place) in [
        (
            format!("openapi: 3.1.0\npaths: {}", "{ a: ".repeat(30)),
            "1:1",
        ),
        (
            format!("# Acme\n---\n'openapi': 3.1.0\nx: {}", "{ a: ".repeat(30)),
            "3:2",
        ),
        (
            format!("{{ \"openapi\": \"3.1.0\", \"a\": {}", "{ a: ".repeat(30)),
            "1:4",
        ),
        (
            "openapi: 3.1.0\nbase: &base { a: 1 }\nother: *base\n".to_owned(),
            "1:1",
        ),
    ] {
        let checked = credsmith_spec::parse("openapi.yaml", text);
        let found = checked.diagnostics.first().map(|found| {
            let place = checked.source.position(found.primary.span.start);
            (found.rule.code, format!("{}:{}", place.line, place.column))
        });
        assert_eq!(found, Some(("CS0107", place.to_owned())));
        assert_eq!(checked.diagnostics.len(), 1);
    }
}

#[test]
fn a_spec_with_such_a_key_is_a_spec() {
    check(
        &format!("credsmith: 1\nopenapi: 3.1.0\n{REST}"),
        &[
            "2:1 CS0101 unknown key `openapi` | known here: `credsmith`, `sdk`, `schemes`, `security`",
        ],
    );
    check(
        &format!("credsmith: 1\nx-openapi: openapi.yaml\n{REST}"),
        &[],
    );
}

#[test]
fn the_version_is_written_as_a_number_without_more() {
    for (version, found) in [
        ("1.0", "a fraction"),
        ("'1'", "text"),
        ("v1", "text"),
        ("-1", "a negative number"),
        ("[1]", "a list"),
    ] {
        check(
            &format!("credsmith: {version}\n{REST}"),
            &[&format!(
                "1:12 CS0103 expected a whole number, found {found} | write `credsmith: 1`"
            )],
        );
    }
    check(
        &format!("credsmith:\n{REST}"),
        &["1:1 CS0103 expected a whole number, found nothing | write `credsmith: 1`"],
    );
    check(
        &format!("version: 1\n{REST}"),
        &["1:1 CS0101 unknown key `version` | write `credsmith: 1` in its place"],
    );
    check(&format!("credsmith: 1\n{REST}"), &[]);
}

#[test]
fn beside_a_version_that_is_mistyped_all_else_is_told() {
    check(
        "credsmith: 1.0\nsdk: { nmae: Acme }\nschemes: { basic: { type: basic } }\n",
        &[
            "1:12 CS0103 expected a whole number, found a fraction | write `credsmith: 1`",
            "2:8 CS0101 unknown key `nmae` | did you mean `name`?",
        ],
    );
    check(
        "credsmith: 0\nsdk: { nmae: Acme }\nschemes: { basic: { type: basic } }\n",
        &[
            "1:12 CS0105 spec format 0 is not known, only 1 | write `credsmith: 1`",
            "2:8 CS0101 unknown key `nmae` | did you mean `name`?",
        ],
    );
}
