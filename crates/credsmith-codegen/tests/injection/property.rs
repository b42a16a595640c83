//! The same for texts that nobody wrote down: pieces of the corpus in any order, and any characters.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::corpus;
use super::field::{self, Field};
use super::output::Output;

/// The same run every time, so that a failure is there for the next one as well.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 48,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x5eed),
        ..ProptestConfig::default()
    }
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => proptest::sample::select(corpus::TEXTS).prop_map(str::to_owned),
        2 => "[a-z0-9 _*`~|#<>\\[\\](){}!&$^@:./\\\\\"'=+-]{1,6}",
        1 => "\\PC{1,4}",
    ];
    proptest::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

fn fields(wanted: &[&str]) -> Vec<(Field, Output)> {
    let fields = field::all().into_iter();
    let fields = fields.filter(|field| wanted.contains(&field.to_string().as_str()));
    let fields: Vec<_> = fields
        .map(|field| {
            let harmless = field.harmless();
            (field, harmless)
        })
        .collect();
    assert_eq!(fields.len(), wanted.len());
    fields
}

#[test]
fn any_prose_reads_back_equal_or_is_refused() {
    let fields = fields(&[
        "/sdk/description",
        "/sdk/environments/KEY/description",
        "/schemes/KEY/description",
        "/schemes/KEY/scopes/values/0/description",
        "/schemes/KEY/parameters/KEY",
    ]);
    let index = 0..fields.len();
    proptest!(config(), |(text in hostile(), index in index)| {
        let (field, harmless) = &fields[index];
        super::check(field, harmless, &text).map_err(TestCaseError::fail)?;
    });
}

#[test]
fn any_name_is_a_name_or_is_refused() {
    let fields = fields(&[
        "/sdk/name",
        "/sdk/client",
        "/sdk/unsplit_words/0",
        "/sdk/environments/(key)",
        "/schemes/(key)",
        "/schemes/KEY/parameters/(key)",
        "/schemes/KEY/scopes/values/0/value",
        "/schemes/KEY/scopes/values/0/name",
        "/schemes/KEY/token_urls/KEY",
    ]);
    let index = 0..fields.len();
    proptest!(config(), |(text in hostile(), index in index)| {
        let (field, harmless) = &fields[index];
        super::check(field, harmless, &text).map_err(TestCaseError::fail)?;
    });
}
