//! Rules on names: `CS04`. They need to know what a name becomes, so they live with the names.

pub(crate) mod collision;
pub(crate) mod exact_name;
pub(crate) mod keyword;
pub(crate) mod module_path;
pub(crate) mod reserved;
pub(crate) mod scope_collision;
pub(crate) mod shape;

use credsmith_spec::Rule;

/// The rules on names, by code.
pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![
        &shape::RULE,
        &keyword::RULE,
        &collision::RULE,
        &reserved::RULE,
        &scope_collision::RULE,
        &module_path::RULE,
        &exact_name::RULE,
    ]
}

#[cfg(test)]
mod tests {
    use super::rules;

    #[test]
    fn every_rule_rejects_its_bad_spec_and_accepts_its_good_one() {
        for rule in rules() {
            let bad = crate::check_text("bad.yaml", rule.bad);
            let found = bad.diagnostics.iter();
            let codes: Vec<_> = found.map(|found| found.rule.code).collect();
            assert_eq!(codes, [rule.code]);
            assert!(bad.spec.is_none(), "{}", rule.code);
            let good = crate::check_text("good.yaml", rule.good);
            assert_eq!(good.diagnostics, [], "{}", rule.code);
            assert!(good.spec.is_some(), "{}", rule.code);
        }
    }
}
