//! Clients that sign assertions (RFC 7523 section 2.2).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use credsmith_token_server::{TokenServer, keys};
use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256};

use super::{GRANT, check};

fn der(pem: &str) -> Vec<u8> {
    let lines = pem.lines().filter(|line| !line.starts_with('-'));
    STANDARD.decode(lines.collect::<String>()).unwrap()
}

fn es256(text: &str) -> Vec<u8> {
    let random = SystemRandom::new();
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, &der(keys::P256), &random).unwrap();
    pair.sign(&random, text.as_bytes())
        .unwrap()
        .as_ref()
        .to_vec()
}

fn rs256(text: &str) -> Vec<u8> {
    let pair = rsa::KeyPair::from_pkcs8(&der(keys::RSA)).unwrap();
    let mut signature = vec![0; pair.public().modulus_len()];
    let random = SystemRandom::new();
    pair.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature)
        .unwrap();
    signature
}

/// A token request with an assertion for the server of the tests, whose host is `a`.
fn body(algorithm: &str, subject: &str, audience: &str, sign: fn(&str) -> Vec<u8>) -> String {
    let encode = |text: String| URL_SAFE_NO_PAD.encode(text);
    let header = encode(format!(r#"{{"alg":"{algorithm}"}}"#));
    let claims = encode(format!(
        r#"{{"iss":"robot","sub":"{subject}","aud":"{audience}"}}"#
    ));
    let text = format!("{header}.{claims}");
    let signature = URL_SAFE_NO_PAD.encode(sign(&text));
    format!("{GRANT}&client_assertion={text}.{signature}")
}

fn server(key: &str) -> TokenServer {
    let server = TokenServer::start_blocking();
    server.register_client_with_key("robot", key);
    server
}

#[test]
fn assertions_are_checked_with_the_key_of_the_client() {
    let here = "http://a/token";
    let right = body("ES256", "robot", "http://a", es256);
    let server = server(keys::P256);
    check(&server, None, &right, 200, "access_token");
    for wrong in [
        body("RS256", "robot", here, rs256),
        body("ES256", "robot", here, |_| vec![0; 64]),
        body("RS256", "robot", here, es256),
        body("none", "robot", here, |_| Vec::new()),
        body("ES256", "other", here, es256),
        body("ES256", "robot", "http://b/token", es256),
        format!("{GRANT}&client_assertion=x"),
        format!("{GRANT}&client_id=robot"),
        format!("{GRANT}&client_id=robot&client_secret="),
    ] {
        check(&server, None, &wrong, 401, "invalid_client");
    }
    let rsa = self::server(keys::RSA);
    check(
        &rsa,
        None,
        &body("RS256", "robot", here, rs256),
        200,
        "access_token",
    );
    check(&rsa, None, &right, 401, "invalid_client");
}

#[test]
#[should_panic(expected = "a private key for RS256 or ES256")]
fn a_key_that_cannot_be_read_is_a_mistake_of_the_test() {
    TokenServer::start_blocking().register_client_with_key("robot", "no key");
}
