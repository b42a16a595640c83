//! All rules of this crate, for `credsmith explain`.

use crate::diagnostic::Rule;
use crate::rules::{
    api_key, characters, contradiction, default_scope, duplicate_api_key, duplicate_key,
    duplicate_scope, endpoint_header, endpoint_url, environment, foreign_document, foreign_key,
    glued_prefix, header_clash, insecure_url, keyword, limits, lost_text, missing_key, nothing,
    number, parameter, refresh_token_code, retired_grant, scheme_twice, scope_value, secret, text,
    token_type, unauthenticated_client, unknown_key, unknown_scheme, unreadable, unsplit_word,
    unused_scheme, vain_alternative, version, wrong_type, yaml,
};

/// The rules of the spec language, by code. Targets add rules of their own, for names.
pub fn rules() -> Vec<&'static Rule> {
    vec![
        &unreadable::RULE,
        &yaml::RULE,
        &limits::RULE,
        &characters::RULE,
        &lost_text::RULE,
        &unknown_key::RULE,
        &duplicate_key::RULE,
        &wrong_type::RULE,
        &missing_key::RULE,
        &version::RULE,
        &foreign_key::RULE,
        &foreign_document::RULE,
        &keyword::RULE,
        &text::RULE,
        &endpoint_url::RULE,
        &insecure_url::RULE,
        &scope_value::RULE,
        &duplicate_scope::RULE,
        &default_scope::RULE,
        &number::RULE,
        &parameter::RULE,
        &secret::RULE,
        &retired_grant::RULE,
        &api_key::RULE,
        &duplicate_api_key::RULE,
        &token_type::RULE,
        &endpoint_header::RULE,
        &refresh_token_code::RULE,
        &unsplit_word::RULE,
        &glued_prefix::RULE,
        &contradiction::RULE,
        &environment::RULE,
        &nothing::RULE,
        &unknown_scheme::RULE,
        &scheme_twice::RULE,
        &vain_alternative::RULE,
        &header_clash::RULE,
        &unused_scheme::RULE,
        &unauthenticated_client::RULE,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_rejects_its_bad_spec_and_accepts_its_good_one() {
        for rule in rules() {
            let bad = crate::parse("bad.yaml", rule.bad);
            let codes: Vec<_> = bad
                .diagnostics
                .iter()
                .map(|found| found.rule.code)
                .collect();
            // A file that cannot be read has no text to show.
            let expected = if rule.bad.is_empty() {
                "CS0103"
            } else {
                rule.code
            };
            assert!(codes.contains(&expected), "{}: {codes:?}", rule.code);
            let mut found = bad.diagnostics.iter();
            let only_warned = found.all(|found| found.severity == crate::Severity::Warning);
            assert_eq!(bad.spec.is_some(), only_warned, "{}", rule.code);
            let good = crate::parse("good.yaml", rule.good);
            assert_eq!(good.diagnostics, [], "{}", rule.code);
        }
    }

    #[test]
    fn codes_are_sorted_and_unique() {
        let codes: Vec<_> = rules().iter().map(|rule| rule.code).collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
    }
}
