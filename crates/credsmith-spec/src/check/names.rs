//! Names that are set by hand.

use super::line;
use crate::diagnostic::Problems;
use crate::model::{FieldNames, SchemeNames};
use crate::raw::{RawFieldNames, RawSchemeNames};

pub(super) fn check(raw: &RawSchemeNames, problems: &mut Problems) -> SchemeNames {
    let fields = raw.fields.as_ref();
    SchemeNames {
        credentials: line(raw.credentials.as_ref(), problems),
        parameter: line(raw.parameter.as_ref(), problems),
        manager: line(raw.manager.as_ref(), problems),
        accessor: line(raw.accessor.as_ref(), problems),
        token_url: line(raw.token_url.as_ref(), problems),
        authorization_url: line(raw.authorization_url.as_ref(), problems),
        device_authorization_url: line(raw.device_authorization_url.as_ref(), problems),
        revocation_url: line(raw.revocation_url.as_ref(), problems),
        introspection_url: line(raw.introspection_url.as_ref(), problems),
        issuer: line(raw.issuer.as_ref(), problems),
        module: line(raw.module.as_ref(), problems),
        env_prefix: line(raw.env_prefix.as_ref(), problems),
        fields: fields
            .map(|names| check_fields(names, problems))
            .unwrap_or_default(),
    }
}

fn check_fields(raw: &RawFieldNames, problems: &mut Problems) -> FieldNames {
    FieldNames {
        client_id: line(raw.client_id.as_ref(), problems),
        client_secret: line(raw.client_secret.as_ref(), problems),
        token: line(raw.token.as_ref(), problems),
        scopes: line(raw.scopes.as_ref(), problems),
        token_provider: line(raw.token_provider.as_ref(), problems),
        on_token_update: line(raw.on_token_update.as_ref(), problems),
        clock_skew: line(raw.clock_skew.as_ref(), problems),
        redirect_uri: line(raw.redirect_uri.as_ref(), problems),
        username: line(raw.username.as_ref(), problems),
        password: line(raw.password.as_ref(), problems),
        access_token: line(raw.access_token.as_ref(), problems),
        private_key: line(raw.private_key.as_ref(), problems),
        private_key_id: line(raw.private_key_id.as_ref(), problems),
        issuer: line(raw.issuer.as_ref(), problems),
        subject: line(raw.subject.as_ref(), problems),
        subject_token: line(raw.subject_token.as_ref(), problems),
        user_sign_in: line(raw.user_sign_in.as_ref(), problems),
    }
}
