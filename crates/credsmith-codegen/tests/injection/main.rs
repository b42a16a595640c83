//! Text from a spec is never code and never markup.
//!
//! Hostile texts go through every text field of a spec; the fields come from the JSON Schema, so a
//! new one is covered by itself. Each spec is either refused, or its output has the same items and
//! the same structure as with harmless text, and the text reads back equal.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod bases;
mod corpus;
mod field;
mod layout;
mod mutation;
mod output;
mod property;
mod rust;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use field::Field;
use output::{Output, generate};

/// Checks one hostile text in one field, against the output for the field's harmless text. True if
/// the text was accepted; otherwise it was refused, or does what must not be.
fn check(field: &Field, harmless: &Output, hostile: &str) -> Result<bool, String> {
    let [plain, escaped] = field.specs(hostile);
    let Some(output) = generate(&plain)? else {
        return match generate(&escaped)? {
            Some(_) => Err("accepted when it is written with escapes".to_owned()),
            None => Ok(false),
        };
    };
    let [output, harmless] = output.changed(harmless);
    let erase = field.names();
    if output.shape(erase)? != harmless.shape(erase)? {
        let differences = output.differences(&harmless);
        return Err(format!("another structure:\n{differences}"));
    }
    if let Some(text) = field.shown_text() {
        let (found, expected) = (output.mentions(hostile)?, harmless.mentions(text)?);
        if found[0] < expected[0] || found[1] < expected[1] {
            let differences = output.differences(&harmless);
            return Err(format!(
                "read {found:?} times of {expected:?}:\n{differences}"
            ));
        }
    }
    Ok(true)
}

/// Sends the corpus through one field: whether any of it was accepted, and what went wrong.
fn attack(field: &Field) -> (bool, Vec<String>) {
    let harmless = field.harmless();
    let mut accepted = false;
    let mut failures = Vec::new();
    for text in corpus::TEXTS {
        match check(field, &harmless, text) {
            Ok(taken) => accepted |= taken,
            Err(what) => failures.push(format!("{field} = {text:?}: {what}")),
        }
    }
    (accepted, failures)
}

#[test]
fn hostile_text_in_any_field_is_text_or_refused() {
    let fields = field::all();
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        let attack_some = || {
            while let Some(field) = fields.get(next.fetch_add(1, Ordering::Relaxed)) {
                let result = (field.to_string(), attack(field));
                results.lock().unwrap().push(result);
                // Each thread keeps every text that it parses, for the places of its tokens.
                proc_macro2::extra::invalidate_current_thread_spans();
            }
        };
        let threads = thread::available_parallelism().map_or(1, usize::from);
        (0..threads).for_each(|_| drop(scope.spawn(attack_some)));
    });
    let results = results.into_inner().unwrap();
    assert_eq!(results.len(), fields.len());
    let failures: Vec<_> = results
        .iter()
        .flat_map(|(_, (_, failures))| failures.as_slice())
        .collect();
    assert!(
        failures.is_empty(),
        "{} failures:\n{failures:#?}",
        failures.len()
    );
    // Prose takes anything but invisible characters: a test that accepts nothing shows nothing.
    for field in [
        "/sdk/description",
        "/schemes/KEY/description",
        "/schemes/KEY/parameters/KEY",
        "/schemes/KEY/keys/0/description",
        "/schemes/KEY/keys/0/prefix",
        "/schemes/KEY/fields/0/description",
        "/security/KEY/description",
    ] {
        let accepted = results
            .iter()
            .any(|(name, (accepted, _))| name == field && *accepted);
        assert!(accepted, "{field} accepts nothing");
    }
}

/// Long text goes through the layout of lines as well, and must stay in its cell.
#[test]
fn text_of_any_length_is_text() {
    let prose = "word | `code`\n\n- *item* <b>\t".repeat(2_000);
    let line = "(\"a\", {b}: [c]) => \\ // ; ".repeat(50);
    let url = format!("https://a.example/{}", "(a),;'=b&c.d()/".repeat(50));
    // YAML has keys of at most 1024 characters.
    let key = line[..600].to_owned();
    let cases = [
        ("/schemes/KEY/scopes/values/0/description", &prose),
        ("/schemes/KEY/description", &prose),
        ("/schemes/KEY/parameters/KEY", &line),
        ("/schemes/KEY/parameters/(key)", &key),
        ("/schemes/KEY/audience", &line),
        ("/schemes/KEY/token_url", &url),
    ];
    let fields = field::all();
    for (name, text) in cases {
        let field = fields
            .iter()
            .find(|field| field.to_string() == name)
            .unwrap();
        assert_eq!(
            check(field, &field.harmless(), text.trim()),
            Ok(true),
            "{name}"
        );
    }
}

#[test]
fn fields_come_from_the_schema() {
    let fields: Vec<_> = field::all().iter().map(ToString::to_string).collect();
    for field in [
        "/sdk/name",
        "/sdk/unsplit_words/0",
        "/sdk/environments/(key)",
        "/schemes/(key)",
        "/schemes/KEY/token_urls/KEY",
        "/schemes/KEY/parameters/(key)",
        "/schemes/KEY/scopes/values/0/description",
        "/schemes/KEY/names/fields/client_id",
        "/schemes/KEY/keys/0/name",
        "/security/KEY/any/0",
        "/security/(key)",
    ] {
        assert!(
            fields.iter().any(|found| found == field),
            "{field}: {fields:#?}"
        );
    }
}
