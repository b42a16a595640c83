//! What single types of schemes and grants have: keys, fields, assertions.

use super::{Line, Prefix, Prose, Required, Word, mapping};
use crate::located::Located;
use crate::model::Place;

mapping! {
    /// One API key.
    #[schemars(rename = "Key")]
    RawKey, "name" {
        /// The name it is sent under: a token (RFC 9110 section 5.6.2) for headers and cookies, any
        /// text for a query.
        #[schemars(extend("examples" = ["X-Api-Key"]))]
        "name" => name: Required<Line>,
        /// Where in the request it goes.
        #[schemars(extend("examples" = ["header"]))]
        "in" => place: Required<Word<Place>>,
        /// Name of its getter, setter and parameter. Default: `name` in snake case.
        #[schemars(extend("examples" = ["api_key"]))]
        "field" => field: Option<Line>,
        /// What is sent before the value, white space included. Default: nothing.
        #[schemars(extend("examples" = ["Token "]))]
        "prefix" => prefix: Option<Prefix>,
        /// What the key is, for the documentation.
        #[schemars(extend("examples" = ["The key of your account; the console shows it."]))]
        "description" => description: Option<Prose>,
    }
}

mapping! {
    /// One field of a custom scheme.
    #[schemars(rename = "CustomField")]
    RawCustomField, "name" {
        /// Its name; getter, setter and parameter are that in snake case.
        #[schemars(extend("examples" = ["app_id"]))]
        "name" => name: Required<Line>,
        /// Whether it is a secret, which is never shown and is wiped when it is dropped. Default:
        /// `true`.
        #[schemars(extend("default" = true))]
        "secret" => secret: Option<Located<bool>>,
        /// Whether the application may leave it out. Default: `false`.
        #[schemars(extend("default" = false))]
        "optional" => optional: Option<Located<bool>>,
        /// What the field is, for the documentation.
        #[schemars(extend("examples" = ["The id of your application."]))]
        "description" => description: Option<Prose>,
    }
}

mapping! {
    /// The assertion that the client signs (RFC 7523 section 3).
    #[schemars(rename = "Assertion")]
    RawAssertion {
        /// Whom it is for, its claim `aud`. Default: the token URL.
        #[schemars(extend("examples" = ["https://login.example.com"]))]
        "audience" => audience: Option<Line>,
        /// Whether the scopes are its claim `scope`, and no parameter of the request. Default: `false`.
        #[schemars(extend("default" = false))]
        "scope_claim" => scope_claim: Option<Located<bool>>,
        /// Seconds until it expires. Default: `300`.
        #[schemars(range(min = 1, max = 3_600), extend("default" = 300))]
        "lifetime" => lifetime: Option<Located<u64>>,
    }
}
