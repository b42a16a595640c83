//! The repositories as they are, built and tested somewhere else.

use std::fs;

use crate::run;
use crate::sdk::{Sdk, new_place};
use crate::tree::Tree;

#[test]
fn committed_modules_build_without_a_touch_of_the_sources() {
    let sdk = Sdk::copied("paypal-committed", "committed");
    sdk.fetch();
    let tree = Tree::of(sdk.root());
    sdk.cargo(&["test"]).succeeds();
    tree.assert_untouched(sdk.root());
}

#[test]
fn a_build_script_builds_without_a_touch_of_the_sources() {
    let sdk = Sdk::copied("verizon-build-script", "build script");
    sdk.fetch();
    let tree = Tree::of(sdk.root());
    sdk.cargo(&["test", "--features", "blocking"]).succeeds();
    tree.assert_untouched(sdk.root());
}

/// From a change of the spec to modules that are fresh again, with the SDK's own command.
#[test]
fn a_changed_spec_is_stale_until_it_is_generated() {
    let sdk = Sdk::copied("paypal-committed", "changed");
    sdk.fetch();
    sdk.cargo(&["xtask", "codegen", "--check"]).succeeds();

    sdk.edit(
        "specs/paypal.yaml",
        "for the PayPal APIs",
        "for all of PayPal",
    );
    let tree = Tree::of(sdk.root());
    sdk.cargo(&["xtask", "codegen", "--check"])
        .fails()
        .says("src/auth/paypal/o_auth_2.rs")
        .says("+")
        .says("to regenerate: cargo xtask codegen");
    tree.assert_untouched(sdk.root());
    sdk.cargo(&["test", "--test", "fresh"])
        .fails()
        .says("to regenerate: cargo xtask codegen");

    sdk.cargo(&["xtask", "codegen"]).succeeds();
    sdk.cargo(&["xtask", "codegen", "--check"]).succeeds();
    sdk.cargo(&["test", "--test", "fresh"]).succeeds();
    assert!(
        sdk.read("src/auth/paypal/o_auth_2.rs")
            .contains("for all of PayPal")
    );
}

/// The one SDK is a member of somebody's workspace, the other one a dependency from outside of it.
#[test]
fn sdks_are_dependencies_of_an_application_in_a_workspace() {
    let paypal = Sdk::copied("paypal-committed", "dependency");
    let workspace = new_place("workspace");
    let verizon = Sdk::copied("verizon-build-script", "workspace/sdks");
    verizon.edit("Cargo.toml", "[workspace]\nresolver = \"3\"\n", "");
    fs::remove_file(verizon.root().join("Cargo.lock")).unwrap();
    fs::create_dir_all(workspace.join("app/src")).unwrap();
    fs::write(
        workspace.join("Cargo.toml"),
        "[workspace]\nmembers = [\"app\", \"sdks/*\"]\nresolver = \"3\"\n",
    )
    .unwrap();
    let manifest = format!(
        "[package]\nname = \"app\"\nedition = \"2024\"\n\n[dependencies]\n\
         paypalserversdk = {{ path = '{}' }}\nverizon = {{ path = '{}' }}\n",
        paypal.root().display(),
        verizon.root().display(),
    );
    fs::write(workspace.join("app/Cargo.toml"), manifest).unwrap();
    fs::write(workspace.join("app/src/lib.rs"), APPLICATION).unwrap();

    run::cargo(&workspace, &["fetch"]).succeeds();
    let tree = Tree::of(&workspace);
    run::offline(&workspace, &["test"])
        .succeeds()
        .says("both_clients_in_one_application ... ok")
        .says("requests_are_authorized_with_one_token ... ok");
    tree.assert_untouched(&workspace);
}

const APPLICATION: &str = "
#[test]
fn both_clients_in_one_application() {
    use paypalserversdk::{ClientCredentialsAuthCredentials, PaypalServersdkClient};
    use verizon::{ThingspaceOauth1Credentials, VerizonClient};

    PaypalServersdkClient::builder()
        .client_credentials_auth_credentials(ClientCredentialsAuthCredentials::new(\"id\", \"secret\"))
        .build()
        .unwrap();
    VerizonClient::builder()
        .thingspace_oauth_1_credentials(ThingspaceOauth1Credentials::new(\"id\", \"secret\"))
        .build()
        .unwrap();
}
";
