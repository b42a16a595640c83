use credsmith_token_server::keys::{P256, RSA};
use ring::signature::{ECDSA_P256_SHA256_FIXED, KeyPair, UnparsedPublicKey};
use serde_json::Value;

use super::*;

/// The same keys in other forms.
const RSA_PKCS1: &str = include_str!("../../tests/keys/rsa-pkcs1.pem");
const P256_SEC1: &str = include_str!("../../tests/keys/p256-sec1.pem");

const NOW: Duration = Duration::from_secs(1_767_225_600);

fn made(signer: Signer<'_>) -> String {
    assertion(
        signer,
        "the-id",
        "https://a.example/token",
        UNIX_EPOCH + NOW,
    )
    .unwrap()
    .to_string()
}

fn part(token: &str, index: usize) -> Vec<u8> {
    URL_SAFE_NO_PAD
        .decode(token.split('.').nth(index).unwrap())
        .unwrap()
}

fn json_part(token: &str, index: usize) -> Value {
    serde_json::from_slice(&part(token, index)).unwrap()
}

#[test]
fn claims_name_the_client_and_the_endpoint_for_a_minute() {
    let token = made(Signer::Secret("s3cret"));
    assert_eq!(
        json_part(&token, 0),
        json!({ "alg": "HS256", "typ": "JWT" })
    );
    let claims = json_part(&token, 1);
    assert_eq!(
        (&claims["iss"], &claims["sub"]),
        (&json!("the-id"), &json!("the-id"))
    );
    assert_eq!(claims["aud"], "https://a.example/token");
    assert_eq!(claims["iat"], NOW.as_secs());
    assert_eq!(claims["exp"], NOW.as_secs() + 60);
}

#[test]
fn no_two_assertions_share_an_id() {
    let id = || json_part(&made(Signer::Secret("s")), 1)["jti"].clone();
    assert_ne!(id(), id());
}

#[test]
fn signatures_verify() {
    let check = |token: &str, verify: &dyn Fn(&[u8], &[u8]) -> bool| {
        let (message, _) = token.rsplit_once('.').unwrap();
        assert!(verify(message.as_bytes(), &part(token, 2)), "{token}");
    };
    let hmac_key = hmac::Key::new(hmac::HMAC_SHA256, b"s3cret");
    check(&made(Signer::Secret("s3cret")), &|message, signature| {
        hmac::verify(&hmac_key, message, signature).is_ok()
    });
    for pem in [RSA, RSA_PKCS1] {
        let key = SigningKey::rs256_from_pem(&pem.into())
            .unwrap()
            .with_key_id("k1");
        let Pair::Rsa(pair) = &*key.pair else {
            panic!("not RSA")
        };
        let public = pair.public_key().as_ref().to_vec();
        let token = made(Signer::Key(&key));
        assert_eq!(json_part(&token, 0)["kid"], "k1");
        check(&token, &|message, signature| {
            let scheme = &ring::signature::RSA_PKCS1_2048_8192_SHA256;
            UnparsedPublicKey::new(scheme, &public)
                .verify(message, signature)
                .is_ok()
        });
    }
    let key = SigningKey::es256_from_pem(&P256.into()).unwrap();
    let Pair::P256(pair) = &*key.pair else {
        panic!("not P-256")
    };
    let public = pair.public_key().as_ref().to_vec();
    check(&made(Signer::Key(&key)), &|message, signature| {
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &public)
            .verify(message, signature)
            .is_ok()
    });
}

#[test]
fn unsuitable_keys_are_errors_that_do_not_contain_them() {
    let rs = |pem: &str| {
        SigningKey::rs256_from_pem(&pem.into())
            .unwrap_err()
            .to_string()
    };
    let es = |pem: &str| {
        SigningKey::es256_from_pem(&pem.into())
            .unwrap_err()
            .to_string()
    };
    assert!(es(P256_SEC1).contains("openssl pkcs8 -topk8"));
    for problem in [rs("nothing"), rs(P256), es(RSA), rs(&RSA[..200]), es("")] {
        assert!(problem.contains("key"), "{problem}");
        assert!(!problem.contains("MII"), "{problem}");
    }
    let shown = format!("{:?}", SigningKey::rs256_from_pem(&RSA.into()).unwrap());
    assert_eq!(
        shown,
        "SigningKey { algorithm: \"RS256\", key_id: None, .. }"
    );
}
