//! Specs around the text fields: between them, they have everything that a field may need.

use serde_json::{Value, json};

/// The keys that the author chooses.
pub(crate) const SCHEME: &str = "acme_auth";
pub(crate) const ENVIRONMENT: &str = "production";
pub(crate) const GROUP: &str = "health";

/// The specs, the one with the fewest surprises first.
pub(crate) fn all() -> Vec<Value> {
    let mut all = vec![one_endpoint(), environments()];
    all.extend(grants());
    all.extend(simple());
    let mut secured = spec(&json!({ "type": "basic" }));
    secured["security"] = json!({ "default": [SCHEME], GROUP: { "any": [[]] } });
    all.push(secured);
    all
}

/// A spec with one endpoint for everything.
fn one_endpoint() -> Value {
    let mut spec = environments();
    spec["sdk"].as_object_mut().unwrap().remove("environments");
    let scheme = &mut spec["schemes"][SCHEME];
    scheme.as_object_mut().unwrap().remove("token_urls");
    scheme["token_url"] = json!("https://api.example.com/token");
    spec
}

/// A spec with an environment.
fn environments() -> Value {
    with_environment(&json!({
        "type": "oauth2",
        "grant": "client_credentials",
        "token_urls": { ENVIRONMENT: "https://api.example.com/token" },
        "scopes": { "values": [{ "value": "scope" }] },
    }))
}

fn grants() -> Vec<Value> {
    let url = "https://api.example.com/x";
    let urls = json!({ ENVIRONMENT: url });
    let assertion = json!({ "audience": url });
    vec![
        spec(&json!({
            "type": "oauth2", "grant": "authorization_code", "authorization_url": url,
            "token_url": url, "revocation_url": url, "introspection_url": url,
        })),
        with_environment(&json!({
            "type": "oauth2", "grant": "authorization_code", "authorization_urls": urls,
            "token_urls": urls, "revocation_urls": urls, "introspection_urls": urls,
        })),
        spec(&json!({ "type": "oauth2", "grant": "authorization_code", "issuer": url })),
        spec(&json!({
            "type": "oauth2", "grant": "device_code", "device_authorization_url": url,
            "token_url": url,
        })),
        with_environment(&json!({
            "type": "oauth2", "grant": "device_code", "device_authorization_urls": urls,
            "token_urls": urls,
        })),
        spec(&json!({ "type": "oauth2", "grant": "password", "token_url": url })),
        spec(&json!({
            "type": "oauth2", "grant": "jwt_bearer", "token_url": url, "assertion": assertion,
        })),
        spec(&json!({ "type": "oauth2", "grant": "token_exchange", "token_url": url })),
    ]
}

fn simple() -> Vec<Value> {
    vec![
        spec(&json!({ "type": "basic" })),
        spec(&json!({ "type": "bearer" })),
        spec(&json!({ "type": "api_key", "keys": [{ "name": "key", "in": "query" }] })),
        spec(&json!({ "type": "api_key", "keys": [{ "name": "key", "in": "header" }] })),
        spec(&json!({ "type": "custom", "fields": [{ "name": "app_id" }] })),
    ]
}

fn spec(scheme: &Value) -> Value {
    json!({
        "credsmith": 1,
        "sdk": { "name": "Acme", "rust": { "blocking": true } },
        "schemes": { SCHEME: scheme },
    })
}

fn with_environment(scheme: &Value) -> Value {
    let mut spec = spec(scheme);
    spec["sdk"]["environments"] = json!({ ENVIRONMENT: {} });
    spec
}
