//! Traits that users of generated types count on.

use credsmith_runtime::bytes::Bytes;
use credsmith_runtime::http::{Request, Response};
use credsmith_seeds::verizon_edge::{
    ClientCredentialsAuthCredentials, ClientCredentialsAuthCredentialsBuilder, Oauth2Manager,
    OauthProviderException, OauthScopeEnum, OauthToken, SendError, VerizonClient,
    VerizonClientBuilder, VerizonClientConfig,
};
use credsmith_seeds::verizon_thingspace as thingspace;

fn is_shared_between_threads<T: Send + Sync + Clone + std::fmt::Debug + 'static>() {}
fn is_error<T: std::error::Error + Send + Sync + 'static>() {}
fn is_sent<T: Send>(_: &T) {}

#[test]
fn types_go_between_threads_and_futures_too() {
    is_shared_between_threads::<VerizonClient>();
    is_shared_between_threads::<VerizonClientBuilder>();
    is_shared_between_threads::<VerizonClientConfig>();
    is_shared_between_threads::<ClientCredentialsAuthCredentials>();
    is_shared_between_threads::<ClientCredentialsAuthCredentialsBuilder>();
    is_shared_between_threads::<Oauth2Manager>();
    is_shared_between_threads::<OauthToken>();
    is_shared_between_threads::<OauthScopeEnum>();
    is_shared_between_threads::<thingspace::ThingspaceOauth1Credentials>();
    is_shared_between_threads::<thingspace::blocking::VerizonClient>();
    is_error::<OauthProviderException>();
    is_error::<SendError>();
    let client = VerizonClient::builder().build().unwrap();
    is_sent(&client.oauth_2().token());
    is_sent(&client.oauth_2().fetch_token());
    let execute: fn(_) -> _ = |client: VerizonClient| async move {
        let response: Result<Response<Bytes>, SendError> =
            client.execute(Request::new(Bytes::new())).await;
        response
    };
    is_sent(&execute(client));
}

#[test]
fn scopes_are_written_parsed_and_serialized_alike() {
    for scope in OauthScopeEnum::ALL {
        let wire = scope.as_str();
        assert_eq!(scope.to_string(), wire);
        assert_eq!(wire.parse::<OauthScopeEnum>().unwrap(), *scope);
        assert_eq!(serde_json::to_value(scope).unwrap(), wire);
        let parsed: OauthScopeEnum = serde_json::from_value(wire.into()).unwrap();
        assert_eq!(parsed, *scope);
    }
    let error = serde_json::from_str::<OauthScopeEnum>("\"discovery\"")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`discovery` is not a value of OauthScopeEnum"),
        "{error}"
    );
}
