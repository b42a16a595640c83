//! From the checked spec to its plan.

use credsmith_spec::facts::{self, Endpoint as Kinds};
use credsmith_spec::model::{self, Overrides, SchemeKind, Spec};
use credsmith_spec::{Located, Span};

use super::words::Splitter;
use super::{
    Endpoint, Environment, Field, Group, Kind, Nameable, OAuth2, Plan, Role, Scheme, Scope, Scopes,
    Sdk, Spelling, Urls, Words,
};

/// The plan of a spec.
pub(crate) fn build(spec: &Spec) -> Plan<'_, Nameable> {
    let splitter = &Splitter::new(&spec.sdk);
    Plan {
        spec,
        sdk: sdk(&spec.sdk, splitter),
        schemes: spec
            .schemes
            .iter()
            .map(|scheme| SchemeBuilder::new(scheme, &spec.sdk, splitter).build())
            .collect(),
        groups: spec
            .security
            .iter()
            .enumerate()
            .map(|(position, it)| group(it, position == 0, splitter))
            .collect(),
    }
}

fn sdk<'s>(sdk: &'s model::Sdk, splitter: &Splitter) -> Sdk<'s, Nameable> {
    let words = splitter.split(&sdk.name);
    let here = sdk.name.span;
    let set =
        |name: Option<&'s Located<String>>| name.map(|name| (name, splitter.split_chosen(name)));
    let named = |role, path: &str, what, setting: &str, derived: (Span, Words)| {
        let name = match setting {
            "sdk.client" => sdk.client.as_ref(),
            _ => sdk.names.get(setting),
        };
        let derived = (derived.0, || derived.1);
        Nameable::choose(role, path.to_owned(), (what, setting), set(name), derived)
    };
    let shared = |role, path, what, setting, source| {
        named(role, path, what, setting, (here, splitter.split(source)))
    };
    let client = named(
        Role::Client,
        "client",
        "the client's type",
        "sdk.client",
        (here, words.clone().and("Client")),
    );
    let config = named(
        Role::Config,
        "config",
        "the client configuration's type",
        "sdk.names.config",
        (client.place, client.words().and("Config")),
    );
    Sdk {
        name: &sdk.name,
        description: sdk.description.as_deref(),
        token: shared(
            Role::Token,
            "token",
            "the token's type",
            "sdk.names.token",
            "OAuthToken",
        ),
        token_error: shared(
            Role::TokenError,
            "provider_error",
            "the provider error's type",
            "sdk.names.provider_error",
            "OAuthProviderException",
        ),
        environment: shared(
            Role::Environments,
            "environment",
            "the environments' type",
            "sdk.names.environment",
            "Environment",
        ),
        environments: sdk
            .environments
            .iter()
            .map(|it| environment(it, splitter))
            .collect(),
        client,
        config,
        words,
    }
}

fn environment<'s>(
    environment: &'s model::Environment,
    splitter: &Splitter,
) -> Environment<'s, Nameable> {
    let title = &environment.name;
    let set = environment.variant.as_ref();
    Environment {
        title,
        description: environment.description.as_deref(),
        name: Nameable::choose(
            Role::Environment,
            format!("environments.{}", title.value),
            ("the environment", "variant"),
            set.map(|name| (name, splitter.split_chosen(name))),
            (title.span, || splitter.split(title)),
        ),
    }
}

fn group<'s>(
    group: &'s model::SecurityGroup,
    is_default: bool,
    splitter: &Splitter,
) -> Group<'s, Nameable> {
    let method = |role, verb: &str| Nameable {
        role,
        scheme: None,
        path: format!("security.{}.{verb}", group.name.value),
        spelling: if is_default {
            Spelling::Fixed(verb.to_owned())
        } else {
            Spelling::Words(Words::of(verb).followed_by(&splitter.split(&group.name)))
        },
        what: "the method for a group",
        setting: "security".to_owned(),
        place: group.name.span,
        set: Some(format!("{verb}_{}", group.name.value)),
    };
    Group {
        title: &group.name,
        description: group.description.as_deref(),
        execute: method(Role::Execute, "execute"),
        security: method(Role::Security, "security"),
        alternatives: group.alternatives.iter().map(Vec::as_slice).collect(),
    }
}

/// What the parts of a scheme need to be planned.
struct SchemeBuilder<'s, 'b> {
    scheme: &'s model::Scheme,
    sdk: &'s model::Sdk,
    splitter: &'b Splitter,
    words: Words,
}

impl<'s, 'b> SchemeBuilder<'s, 'b> {
    fn new(scheme: &'s model::Scheme, sdk: &'s model::Sdk, splitter: &'b Splitter) -> Self {
        Self {
            words: splitter.split(&scheme.name),
            scheme,
            sdk,
            splitter,
        }
    }

    fn build(self) -> Scheme<'s, Nameable> {
        let words = || self.words.clone();
        let credentials = self.named(
            Role::Credentials,
            "credentials",
            "the credentials' type",
            || words().and("Credentials"),
        );
        let parameter = self.named(Role::Parameter, "parameter", "the parameter", || {
            if credentials.set.is_some() {
                credentials.words()
            } else {
                words().and("credentials")
            }
        });
        let manager = self.named(Role::Manager, "manager", "the manager's type", || {
            words().and("Manager")
        });
        let accessor = self.named(Role::Accessor, "accessor", "the accessor", words);
        let kind = match &self.scheme.kind {
            SchemeKind::OAuth2(oauth2) => Kind::OAuth2(self.oauth2(oauth2, &accessor, &manager)),
            SchemeKind::Basic(basic) => Kind::Basic(basic),
            SchemeKind::Bearer => Kind::Bearer,
            SchemeKind::ApiKey(api_key) => Kind::ApiKey(api_key),
            SchemeKind::Custom(_) => Kind::Custom,
        };
        Scheme {
            title: &self.scheme.name,
            description: self.scheme.description.as_deref(),
            module: self.named(Role::Module, "module", "the module", words),
            fields: self.fields(),
            credentials,
            manager,
            parameter,
            accessor,
            kind,
        }
    }

    /// A name of the scheme, which `names` can set.
    fn named(
        &self,
        role: Role,
        key: &str,
        what: &'static str,
        derived: impl FnOnce() -> Words,
    ) -> Nameable {
        self.choose(role, key, what, (self.scheme.name.span, derived))
    }

    fn choose(
        &self,
        role: Role,
        key: &str,
        what: &'static str,
        derived: (Span, impl FnOnce() -> Words),
    ) -> Nameable {
        let setting = format!("names.{key}");
        let set = self.names().get(&setting);
        let set = set.map(|name| (name, self.splitter.split_chosen(name)));
        let nameable = Nameable::choose(role, self.path(key), (what, &setting), set, derived);
        nameable.of_scheme(&self.scheme.name)
    }

    fn names(&self) -> &'s Overrides {
        &self.scheme.names
    }

    fn path(&self, key: &str) -> String {
        format!("{}.{key}", self.scheme.name.value)
    }

    fn oauth2(
        &self,
        model: &'s model::OAuth2,
        accessor: &Nameable,
        manager: &Nameable,
    ) -> OAuth2<'s, Nameable> {
        let endpoints: Vec<_> = model.endpoints().into_iter().collect();
        let has_token_alone = endpoints == [Kinds::Token];
        OAuth2 {
            model,
            endpoints_type: (!has_token_alone).then(|| self.endpoints_type(manager)),
            endpoints: endpoints
                .into_iter()
                .map(|kind| self.endpoint(kind, &model.endpoints, accessor))
                .collect(),
            scopes: model.scopes.as_ref().map(|scopes| self.scopes(scopes)),
        }
    }

    /// It follows the manager's type, which is what has to be set if it does not fit.
    fn endpoints_type(&self, manager: &Nameable) -> Nameable {
        Nameable {
            role: Role::Endpoints,
            path: self.path("endpoints"),
            spelling: Spelling::Words(manager.words().without("Manager").and("Endpoints")),
            set: manager.set.as_ref().map(|set| {
                let stem = set.strip_suffix("Manager").unwrap_or(set);
                format!("{stem}Endpoints")
            }),
            ..manager.clone()
        }
    }

    /// Its parameter follows the accessor, which is what has to be set if it does not fit.
    fn endpoint(
        &self,
        kind: facts::Endpoint,
        endpoints: &'s model::Endpoints,
        accessor: &Nameable,
    ) -> Endpoint<'s, Nameable> {
        let what = match kind {
            Kinds::Authorization => "the parameter for authorization URLs",
            Kinds::DeviceAuthorization => "the parameter for device authorization URLs",
            Kinds::Token => "the parameter for token URLs",
            Kinds::Revocation => "the parameter for revocation URLs",
            Kinds::Introspection => "the parameter for introspection URLs",
            Kinds::Issuer => "the parameter for issuers",
        };
        let words = || accessor.words().followed_by(&Words::of(kind.key()));
        let parameter = self.choose(Role::Endpoint, kind.key(), what, (accessor.place, words));
        let parameter = if parameter.set.is_some() {
            parameter
        } else {
            Nameable {
                role: parameter.role,
                path: parameter.path,
                spelling: parameter.spelling,
                set: accessor
                    .set
                    .as_ref()
                    .map(|set| format!("{set}_{}", kind.key())),
                ..accessor.clone()
            }
        };
        Endpoint {
            kind,
            parameter,
            urls: urls(kind, endpoints),
        }
    }

    fn scopes(&self, scopes: &'s model::Scopes) -> Scopes<'s, Nameable> {
        let set = |name: &'s Option<Located<String>>| {
            let name = name.as_ref();
            name.map(|name| (name, self.splitter.split_chosen(name)))
        };
        let name = Nameable::choose(
            Role::ScopesType,
            self.path("scopes"),
            ("the scopes' type", "scopes.enum"),
            set(&scopes.enum_name),
            (self.scheme.name.span, || {
                let words = self.splitter.split("OAuthScope");
                words.followed_by(&self.words).and("Enum")
            }),
        );
        let module = Nameable::choose(
            Role::ScopesModule,
            self.path("scopes_module"),
            ("the scopes' module", "scopes.module"),
            set(&scopes.module),
            (name.place, || name.words()),
        );
        let values = scopes.values.iter();
        Scopes {
            separator: &scopes.separator,
            values: values.map(|scope| self.scope(scope)).collect(),
            defaults: &scopes.default,
            name,
            module,
        }
    }

    fn scope(&self, scope: &'s model::Scope) -> Scope<'s, Nameable> {
        let set = scope.name.as_ref();
        let title = set.map_or_else(|| scope_title(&scope.value), |name| name.value.clone());
        let place = set.unwrap_or(&scope.value).span;
        Scope {
            value: &scope.value,
            description: scope.description.as_deref(),
            name: Nameable {
                role: Role::Scope,
                scheme: Some(self.scheme.name.value.clone()),
                path: self.path(&format!("scopes.{}", scope.value.value)),
                spelling: scope_spelling(&title),
                what: "the scope",
                setting: "name".to_owned(),
                place,
                set: set.map(|name| name.value.clone()),
            },
            title,
        }
    }

    fn fields(&self) -> Vec<Field<'s, Nameable>> {
        let prefix = self.variable_prefix();
        let fields = self.scheme.fields().into_iter();
        fields.map(|kind| self.field(kind, &prefix)).collect()
    }

    fn field(&self, kind: facts::Field, prefix: &Nameable) -> Field<'s, Nameable> {
        let scheme: &'s SchemeKind = &self.scheme.kind;
        let mut title: &'s str = fixed_title(kind, scheme);
        let (mut key, mut description) = (None, None);
        let name = match (kind, scheme) {
            (facts::Field::Key(index), SchemeKind::ApiKey(api_key)) => {
                let known = &api_key.keys[index];
                title = &known.wire_name;
                key = Some(known);
                description = known.description.as_deref();
                let set = known.field.as_ref();
                Nameable::choose(
                    Role::OwnField,
                    self.path(&format!("fields.{title}")),
                    ("the field", "field"),
                    set.map(|name| (name, self.splitter.split_chosen(name))),
                    (known.wire_name.span, || self.splitter.split(title)),
                )
            }
            (facts::Field::Custom(index), SchemeKind::Custom(custom)) => {
                let known = &custom.fields[index];
                title = &known.name;
                description = known.description.as_deref();
                Nameable::choose(
                    Role::OwnField,
                    self.path(&format!("fields.{title}")),
                    ("the field", "name"),
                    Some((&known.name, self.splitter.split(title))),
                    (known.name.span, || self.splitter.split(title)),
                )
            }
            _ => {
                let key = format!("fields.{}", kind.key().unwrap_or_default());
                self.named(Role::Field, &key, fixed_title(kind, scheme), || {
                    self.splitter.split(title)
                })
            }
        };
        let variable = kind.has_variable().then(|| Nameable {
            role: Role::Variable,
            path: format!("{}.variable", name.path),
            spelling: Spelling::Fixed(variable(prefix, &name)),
            ..prefix.clone()
        });
        let name = name.of_scheme(&self.scheme.name);
        Field {
            kind,
            title,
            description,
            key,
            required: kind.is_required(scheme),
            secret: kind.is_secret(scheme),
            name,
            variable,
        }
    }

    /// The beginning of the scheme's environment variables.
    fn variable_prefix(&self) -> Nameable {
        let set = self.names().get("names.env_prefix");
        let of_sdk = || match self.sdk.names.get("sdk.names.env_prefix") {
            Some(prefix) => prefix.value.clone(),
            None => self.splitter.split(&self.sdk.name).screaming(),
        };
        let derived = || format!("{}_{}", of_sdk(), self.words.screaming());
        Nameable {
            role: Role::Variable,
            scheme: Some(self.scheme.name.value.clone()),
            path: self.path("env_prefix"),
            spelling: Spelling::Fixed(set.map_or_else(derived, |name| name.value.clone())),
            what: "the prefix of environment variables",
            setting: "names.env_prefix".to_owned(),
            place: set.unwrap_or(&self.scheme.name).span,
            set: set.map(|name| name.value.clone()),
        }
    }
}

fn variable(prefix: &Nameable, field: &Nameable) -> String {
    let prefix = prefix.fixed().unwrap_or_default();
    let is_snake = |name: &&String| {
        name.chars()
            .all(|c| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    let name = match field.set.as_ref().filter(is_snake) {
        Some(set) => set.to_uppercase(),
        None => field.words().screaming(),
    };
    format!("{prefix}_{name}")
}

fn urls(kind: facts::Endpoint, endpoints: &model::Endpoints) -> Urls<'_> {
    let written = match kind {
        Kinds::Authorization => &endpoints.authorization,
        Kinds::DeviceAuthorization => &endpoints.device_authorization,
        Kinds::Token => &endpoints.token,
        Kinds::Revocation => &endpoints.revocation,
        Kinds::Introspection => &endpoints.introspection,
        Kinds::Issuer => {
            let issuer = endpoints.issuer.as_deref();
            return issuer.map_or(Urls::Discovered, Urls::Everywhere);
        }
    };
    match written {
        Some(model::Urls::Everywhere(url)) => Urls::Everywhere(url),
        Some(model::Urls::PerEnvironment(urls)) => Urls::PerEnvironment(urls),
        None => Urls::Discovered,
    }
}

/// The name of a scope in tables: `:` vanishes, letters and digits stay, everything else separates words.
fn scope_title(value: &str) -> String {
    let kept = value.chars().filter(|c| *c != ':');
    let spaced: String = kept
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    Words::of_constant(&spaced.to_uppercase()).screaming()
}

/// Characters other than letters, digits and underscores would vanish from the name without a word, so a title with
/// such stays as it is, and is refused when it gets its name.
fn scope_spelling(title: &str) -> Spelling {
    let is_plain = title.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_plain {
        Spelling::Words(Words::of_constant(title))
    } else {
        Spelling::Fixed(title.to_owned())
    }
}

/// The name of a field in tables, whatever the style of names. The spec names API keys and the fields of custom
/// schemes.
fn fixed_title(kind: facts::Field, scheme: &SchemeKind) -> &'static str {
    use facts::Field;
    let title = match kind {
        Field::ClientId => "OAuthClientId",
        Field::ClientSecret => "OAuthClientSecret",
        Field::PrivateKey => "OAuthPrivateKey",
        Field::PrivateKeyId => "OAuthPrivateKeyId",
        Field::RedirectUri => "OAuthRedirectUri",
        Field::Username => "OAuthUsername",
        Field::Password => "OAuthPassword",
        Field::Issuer => "OAuthIssuer",
        Field::Subject => "OAuthSubject",
        Field::SubjectToken => "OAuthSubjectToken",
        Field::Token => "OAuthToken",
        Field::Scopes => "OAuthScopes",
        Field::TokenProvider => "OAuthTokenProvider",
        Field::OnTokenUpdate => "OAuthOnTokenUpdate",
        Field::UserSignIn => "OAuthUserSignIn",
        Field::ClockSkew => "OAuthClockSkew",
        Field::AccessToken => "AccessToken",
        Field::Key(_) | Field::Custom(_) => "",
    };
    match scheme {
        SchemeKind::OAuth2(_) => title,
        _ => title.strip_prefix("OAuth").unwrap_or(title),
    }
}

#[cfg(test)]
mod tests {
    use super::scope_title;

    #[test]
    fn scopes_are_named_after_their_wire_values() {
        assert_eq!(scope_title("discovery:read"), "DISCOVERYREAD");
        assert_eq!(scope_title("ts.mec.fullaccess"), "TS_MEC_FULLACCESS");
        assert_eq!(scope_title("ts.application.ro"), "TS_APPLICATION_RO");
        assert_eq!(scope_title("user-read/all_of"), "USER_READ_ALL_OF");
    }
}
