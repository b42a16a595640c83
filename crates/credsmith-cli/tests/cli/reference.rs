//! `docs/spec.md`: the reference of the spec language.

use std::path::Path;

use crate::support::assert_fresh;

#[test]
fn the_committed_page_is_fresh() {
    let page = credsmith_spec::reference(&credsmith_codegen::rules());
    assert_fresh(Path::new("docs/spec.md"), &page);
}

#[test]
fn its_whole_spec_is_accepted() {
    let page = credsmith_spec::reference(&[]);
    let spec = page.split("```yaml\n").nth(1).unwrap();
    let spec = spec.split("```").next().unwrap();
    let checked = credsmith_codegen::check_text("whole.yaml", spec);
    assert_eq!(checked.diagnostics, []);
    assert!(checked.spec.is_some());
}

#[test]
fn it_has_every_key_word_and_rule() {
    let page = credsmith_spec::reference(&credsmith_codegen::rules());
    let mut keys = 0;
    crate::schema::each_property(&mut |key, schema| {
        keys += 1;
        let heading = |line: &&str| {
            line.starts_with("### `")
                && line.trim_end_matches('`').rsplit(['.', '`']).next() == Some(key)
        };
        assert!(
            page.lines().any(|line| heading(&line)),
            "no heading for {key}"
        );
        for word in schema["oneOf"].as_array().into_iter().flatten() {
            let row = format!("| `{}` |", word["const"].as_str().unwrap());
            assert!(page.contains(&row), "{key} lacks {row}");
        }
    });
    assert!(keys > 40, "only {keys} keys were looked at");
    for rule in credsmith_codegen::rules() {
        assert!(page.contains(&format!("| {} | {} |", rule.code, rule.title)));
    }
}
