//! What specs ask of the crate that their modules are in.

use credsmith_spec::model::{ClientAuthentication, Grant, OAuth2, SchemeKind, Spec as Model};

/// Features, of the crate and of the runtime.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Needs {
    /// A blocking client, which the crate has a feature for.
    pub(super) blocking: bool,
    /// Assertions that clients sign.
    pub(super) jwt: bool,
}

impl Needs {
    /// What any of the specs asks for.
    pub(super) fn of<'m>(mut models: impl Iterator<Item = &'m Model> + Clone) -> Self {
        Self {
            blocking: models.clone().any(|model| model.sdk.rust.blocking),
            jwt: models.any(has_signed_assertions),
        }
    }
}

fn has_signed_assertions(model: &Model) -> bool {
    model.schemes.iter().any(|scheme| match &scheme.kind {
        SchemeKind::OAuth2(oauth2) => is_signed(oauth2),
        _ => false,
    })
}

fn is_signed(oauth2: &OAuth2) -> bool {
    let by_client = matches!(
        oauth2.client_authentication,
        ClientAuthentication::ClientSecretJwt | ClientAuthentication::PrivateKeyJwt
    );
    by_client || oauth2.grant == Grant::JwtBearer
}
