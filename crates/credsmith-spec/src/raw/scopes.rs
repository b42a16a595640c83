//! The `scopes` of a scheme.

use super::{Line, List, Prose, Required, ScopeValue, Separator, mapping};

mapping! {
    /// The scopes of a scheme.
    #[schemars(rename = "Scopes")]
    RawScopes, elsewhere super::elsewhere::scopes {
        /// Type name of the scopes. Default: `OauthScope` or `OAuthScope`, the scheme, and `Enum`.
        #[schemars(extend("examples" = ["OauthScopeEnum"]))]
        "enum" => enum_name: Option<Line>,
        /// Name of the module that holds them. Default: the type's name in snake case.
        #[schemars(extend("examples" = ["oauth_scope_enum"]))]
        "module" => module: Option<Line>,
        /// What separates scopes in the token request. Default: one space, as RFC 6749 section 3.3
        /// wants it.
        #[schemars(extend("default" = " "))]
        "separator" => separator: Option<Separator>,
        /// Scopes that are requested when the application names none, by their wire values. Default:
        /// none.
        #[schemars(extend("examples" = [["discovery:read"]]))]
        "default" => default: Option<List<ScopeValue>>,
        /// The scopes, in the order of the documentation; at least one.
        #[schemars(length(min = 1))]
        #[schemars(extend("examples" = [[{ "value": "discovery:read" }, { "value": "ts.mec.fullaccess" }]]))]
        "values" => values: Required<List<RawScope>>,
    }
}

mapping! {
    /// One scope.
    #[schemars(rename = "Scope")]
    RawScope, "value", elsewhere super::elsewhere::scope {
        /// The scope as it goes over the wire.
        #[schemars(extend("examples" = ["discovery:read"]))]
        "value" => value: Required<ScopeValue>,
        /// Name of the scope in tables and, in each language's case, of its member. Default: from
        /// `value`.
        #[schemars(extend("examples" = ["DISCOVERYREAD"]))]
        "name" => name: Option<Line>,
        /// What the scope grants, for the documentation.
        #[schemars(extend("examples" = ["Read-only access to discovery data"]))]
        "description" => description: Option<Prose>,
    }
}
