//! Every block of Rust on every page was compiled to get here; every getter is called.

use std::collections::BTreeSet;

use credsmith_seeds::{multiauthsample, paypal, verizon_edge, verizon_thingspace};

/// Getters as the page's table names them.
fn named(page: &str) -> BTreeSet<&str> {
    let (_, table) = page
        .split_once("| Name | Type | Description | Getter |")
        .unwrap();
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    rows.map(|row| row.rsplit('`').nth(1).unwrap()).collect()
}

#[test]
fn every_getter_that_a_page_names_can_be_called() {
    let calls = [
        (
            multiauthsample::pages::O_AUTH_CCG,
            multiauthsample::pages::o_auth_ccg::getters(
                &multiauthsample::OAuthCCGCredentials::new("id", "secret"),
            ),
        ),
        (
            paypal::pages::O_AUTH_2,
            paypal::pages::o_auth_2::getters(&paypal::ClientCredentialsAuthCredentials::new(
                "id", "secret",
            )),
        ),
        (
            verizon_edge::pages::OAUTH_2,
            verizon_edge::pages::oauth_2::getters(
                &verizon_edge::ClientCredentialsAuthCredentials::new("id", "secret"),
            ),
        ),
        (
            verizon_thingspace::pages::THINGSPACE_OAUTH_1,
            verizon_thingspace::pages::thingspace_oauth_1::getters(
                &verizon_thingspace::ThingspaceOauth1Credentials::new("id", "secret"),
            ),
        ),
    ];
    for (page, called) in calls {
        assert!(called.len() >= 4);
        assert_eq!(named(page), called.into_iter().collect());
    }
}

#[test]
fn every_block_is_compiled() {
    let blocks = |page: &str| page.matches("```rust\n").count();
    let compiled = [
        (
            blocks(multiauthsample::pages::O_AUTH_CCG) + blocks(multiauthsample::pages::INDEX),
            multiauthsample::pages::BLOCKS,
        ),
        (
            blocks(paypal::pages::O_AUTH_2) + blocks(paypal::pages::INDEX),
            paypal::pages::BLOCKS,
        ),
        (
            blocks(verizon_edge::pages::OAUTH_2) + blocks(verizon_edge::pages::INDEX),
            verizon_edge::pages::BLOCKS,
        ),
        (
            blocks(verizon_thingspace::pages::THINGSPACE_OAUTH_1)
                + blocks(verizon_thingspace::pages::INDEX),
            verizon_thingspace::pages::BLOCKS,
        ),
    ];
    for (printed, compiled) in compiled {
        assert_eq!(printed, compiled);
    }
}
