//! From one way to name things to another.

use super::{Endpoint, Environment, Field, Group, Kind, OAuth2, Plan, Scheme, Scope, Scopes, Sdk};

impl<'s, N> Plan<'s, N> {
    /// The same plan with other names, in the order in which names are given.
    pub(crate) fn map<M>(&self, mut name: impl FnMut(&N) -> M) -> Plan<'s, M> {
        let name = &mut name;
        Plan {
            spec: self.spec,
            sdk: self.sdk.map(name),
            schemes: self.schemes.iter().map(|scheme| scheme.map(name)).collect(),
            groups: self.groups.iter().map(|group| group.map(name)).collect(),
        }
    }
}

impl<'s, N> Sdk<'s, N> {
    fn map<M>(&self, name: &mut impl FnMut(&N) -> M) -> Sdk<'s, M> {
        Sdk {
            name: self.name,
            description: self.description,
            client: name(&self.client),
            config: name(&self.config),
            token: name(&self.token),
            token_error: name(&self.token_error),
            environment: name(&self.environment),
            environments: self.environments.iter().map(|it| it.map(name)).collect(),
            words: self.words.clone(),
        }
    }
}

impl<'s, N> Environment<'s, N> {
    fn map<M>(&self, name: &mut impl FnMut(&N) -> M) -> Environment<'s, M> {
        Environment {
            title: self.title,
            description: self.description,
            name: name(&self.name),
        }
    }
}

impl<'s, N> Group<'s, N> {
    fn map<M>(&self, name: &mut impl FnMut(&N) -> M) -> Group<'s, M> {
        Group {
            title: self.title,
            description: self.description,
            execute: name(&self.execute),
            security: name(&self.security),
            alternatives: self.alternatives.clone(),
        }
    }
}

impl<'s, N> Scheme<'s, N> {
    fn map<M>(&self, name: &mut impl FnMut(&N) -> M) -> Scheme<'s, M> {
        Scheme {
            title: self.title,
            description: self.description,
            credentials: name(&self.credentials),
            manager: name(&self.manager),
            parameter: name(&self.parameter),
            accessor: name(&self.accessor),
            kind: match &self.kind {
                Kind::OAuth2(oauth2) => Kind::OAuth2(oauth2.map(name)),
                Kind::Basic(basic) => Kind::Basic(basic),
                Kind::Bearer => Kind::Bearer,
                Kind::ApiKey(api_key) => Kind::ApiKey(api_key),
                Kind::Custom => Kind::Custom,
            },
            module: name(&self.module),
            fields: self.fields.iter().map(|field| field.map(name)).collect(),
        }
    }
}

impl<'s, N> OAuth2<'s, N> {
    fn map<M>(&self, name: &mut impl FnMut(&N) -> M) -> OAuth2<'s, M> {
        OAuth2 {
            model: self.model,
            endpoints: self.endpoints.iter().map(|it| it.map(name)).collect(),
            endpoints_type: self.endpoints_type.as_ref().map(&mut *name),
            scopes: self.scopes.as_ref().map(|scopes| scopes.map(name)),
        }
    }
}

impl<'s, N> Endpoint<'s, N> {
    fn map<M>(&self, name: &mut impl FnMut(&N) -> M) -> Endpoint<'s, M> {
        Endpoint {
            kind: self.kind,
            parameter: name(&self.parameter),
            urls: self.urls,
        }
    }
}

impl<'s, N> Scopes<'s, N> {
    fn map<M>(&self, name: &mut impl FnMut(&N) -> M) -> Scopes<'s, M> {
        Scopes {
            name: name(&self.name),
            module: name(&self.module),
            separator: self.separator,
            values: self.values.iter().map(|scope| scope.map(name)).collect(),
            defaults: self.defaults,
        }
    }
}

impl<'s, N> Scope<'s, N> {
    fn map<M>(&self, name: &mut impl FnMut(&N) -> M) -> Scope<'s, M> {
        Scope {
            value: self.value,
            title: self.title.clone(),
            description: self.description,
            name: name(&self.name),
        }
    }
}

impl<'s, N> Field<'s, N> {
    fn map<M>(&self, name: &mut impl FnMut(&N) -> M) -> Field<'s, M> {
        Field {
            kind: self.kind,
            title: self.title,
            description: self.description,
            key: self.key,
            required: self.required,
            secret: self.secret,
            name: name(&self.name),
            variable: self.variable.as_ref().map(&mut *name),
        }
    }
}
