//! Over the wire: the default transport against a real server.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use credsmith_runtime::{
    ClientAuthentication, ManualClock, ReqwestTransport, SecretString, TokenErrorKind,
    TokenManager, TokenManagerBuilder, TokenRequestFormat, send_authorized,
};
use credsmith_token_server::{Reply, TokenServer};
use http::Request;

use crate::support::{crowd, seconds, start, text};

/// An id and a secret that Basic cannot carry without form-encoding.
const ID: &str = "an id: with ä";
const SECRET: &str = "s3cr&t +%/=";

fn server() -> TokenServer {
    let server = TokenServer::start_blocking();
    server.register_client(ID, SECRET);
    server
}

fn builder(server: &TokenServer) -> TokenManagerBuilder {
    TokenManager::builder("acme_oauth")
        .token_url(server.token_url())
        .client_id(ID)
        .client_secret(SecretString::from(SECRET))
}

async fn call(server: &TokenServer, manager: &TokenManager) -> u16 {
    let transport = ReqwestTransport::new().unwrap();
    let request = Request::get(server.api_url("things?x=1"))
        .body(Bytes::new())
        .unwrap();
    send_authorized(&transport, manager, request)
        .await
        .unwrap()
        .status()
        .as_u16()
}

#[tokio::test]
async fn peer_defect_18_a_strict_server_accepts_every_client_authentication() {
    let server = server();
    server.register_public_client("public");
    for way in [
        ClientAuthentication::ClientSecretBasic,
        ClientAuthentication::ClientSecretPost,
    ] {
        let manager = builder(&server)
            .client_authentication(way)
            .scope("a b")
            .parameter("audience", "x")
            .build()
            .unwrap();
        assert_eq!(call(&server, &manager).await, 200, "{way:?}");
        assert_eq!(manager.current_token().unwrap().scope(), Some("a b"));
    }
    let public = TokenManager::builder("acme_oauth")
        .token_url(server.token_url())
        .client_id("public")
        .client_authentication(ClientAuthentication::None);
    assert_eq!(call(&server, &public.build().unwrap()).await, 200);

    server.set_decodes_basic(false);
    server.register_client("raw", SECRET);
    let raw = builder(&server)
        .client_id("raw")
        .client_authentication(ClientAuthentication::ClientSecretBasicRaw);
    assert_eq!(call(&server, &raw.build().unwrap()).await, 200);

    let request = &server.token_requests()[0];
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.parameter("audience"), Some("x"));
    assert_eq!(request.parameters.len(), 3);
}

#[tokio::test]
async fn json_reaches_a_server_that_wants_it() {
    let server = server();
    server.register_public_client("public");
    for way in [
        ClientAuthentication::ClientSecretBasic,
        ClientAuthentication::ClientSecretPost,
        ClientAuthentication::None,
    ] {
        let build = |format| {
            let builder = builder(&server).client_authentication(way);
            let is_public = way == ClientAuthentication::None;
            let builder = builder.client_id(if is_public { "public" } else { ID });
            builder.scope("ä \"b\" \\").token_request_format(format)
        };
        let json = build(TokenRequestFormat::Json).build().unwrap();
        server.set_takes_json(false);
        let error = json.fetch_token().await.unwrap_err();
        assert_eq!(error.error(), Some("invalid_request"), "{way:?}: {error}");
        server.set_takes_json(true);
        assert_eq!(call(&server, &json).await, 200, "{way:?}");
        let scope = json.current_token().unwrap();
        assert_eq!(scope.scope(), Some("ä \"b\" \\"));
        let form = build(TokenRequestFormat::Form).build().unwrap();
        assert!(form.fetch_token().await.is_err(), "{way:?}");
    }
}

#[tokio::test]
async fn a_thousand_tasks_send_one_request() {
    let server = server();
    server.set_latency(Duration::from_millis(50));
    let manager = builder(&server).build().unwrap();
    assert!(
        crowd(&manager, 1_000)
            .await
            .into_iter()
            .all(|outcome| outcome.is_ok())
    );
    assert_eq!(server.token_requests().len(), 1);
}

#[tokio::test]
async fn peer_defect_13_a_revoked_token_is_replaced() {
    let server = server();
    let manager = builder(&server).build().unwrap();
    assert_eq!(call(&server, &manager).await, 200);
    server.revoke_all();
    assert_eq!(call(&server, &manager).await, 200);
    assert_eq!(server.token_requests().len(), 2);
    assert_eq!(server.api_requests().len(), 3);
}

#[tokio::test]
async fn peer_defect_33_redirects_are_not_followed() {
    let server = server();
    let elsewhere = format!("http://{}/elsewhere?code=1", server.address());
    server.enqueue(Reply::status(307).with_header("location", elsewhere));
    let error = builder(&server).build().unwrap().token().await.unwrap_err();
    assert!(
        error.to_string().contains("a redirect to http://127.0.0.1"),
        "{error}"
    );
    assert!(!error.to_string().contains("code=1"), "{error}");
    assert!(server.other_requests().is_empty());
    assert_eq!(server.token_requests().len(), 1);
}

#[tokio::test]
async fn torn_and_reset_responses_are_tried_again() {
    for fault in [
        Reply::reset(),
        Reply::ordinary().truncated(10),
        Reply::status(503),
    ] {
        let server = server();
        server.enqueue(fault.clone());
        let manager = builder(&server).build().unwrap();
        assert!(manager.token().await.is_ok(), "{fault:?}");
        assert_eq!(server.token_requests().len(), 2, "{fault:?}");
    }
}

#[tokio::test]
async fn a_slow_body_that_ends_in_time_is_read() {
    let server = server();
    server.enqueue(Reply::ordinary().dripped(Duration::from_millis(1)));
    assert!(builder(&server).build().unwrap().token().await.is_ok());
}

#[tokio::test]
async fn an_endless_body_is_an_error_at_a_mebibyte() {
    let server = server();
    server.enqueue(Reply::json(200, "x".repeat(3 << 20)));
    let error = builder(&server).build().unwrap().token().await.unwrap_err();
    assert!(!error.is_transient(), "{error}");
    assert_eq!(server.token_requests().len(), 1);
}

#[tokio::test]
async fn an_unreachable_endpoint_is_a_connect_error() {
    let server = server();
    let manager = builder(&server).build().unwrap();
    drop(server);
    let error = manager.token().await.unwrap_err();
    assert!(
        error.is_transient() && error.kind() != TokenErrorKind::Timeout,
        "{error:?}"
    );
}

#[test]
fn peer_defect_34_the_runtime_may_end_during_a_fetch() {
    let server = server();
    server.set_latency(Duration::from_millis(50));
    let manager = builder(&server).build().unwrap();
    let runtime = || tokio::runtime::Runtime::new().unwrap();
    let first = runtime();
    first.block_on(async {
        assert!(
            tokio::time::timeout(Duration::from_millis(10), manager.token())
                .await
                .is_err()
        );
    });
    drop(first);
    let token = runtime().block_on(manager.token()).unwrap();
    assert!(server.is_valid(&text(&token)));
}

#[test]
fn peer_defect_34_a_runtime_that_does_not_run_delays_no_caller_for_long() {
    let server = server();
    server.set_latency(Duration::from_millis(100));
    let clock = ManualClock::new(start());
    let manager = builder(&server)
        .clock(Arc::new(clock.clone()))
        .build()
        .unwrap();
    let stopped = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    stopped.block_on(async {
        assert!(
            tokio::time::timeout(Duration::from_millis(10), manager.token())
                .await
                .is_err()
        );
    });
    server.set_latency(Duration::ZERO);
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let waiter = tokio::spawn(async move { manager.token().await });
        clock.advance(seconds(35));
        // On a busy machine the waiter may take a while to notice, and to ask for its next pause.
        while !waiter.is_finished() {
            tokio::time::sleep(Duration::from_millis(10)).await;
            clock.advance(seconds(1));
        }
        assert!(waiter.await.unwrap().is_ok());
    });
    drop(stopped);
}

#[test]
fn peer_defect_34_a_fetch_needs_no_runtime() {
    let server = server();
    let manager = builder(&server).build().unwrap();
    let callers: Vec<_> = (0..16)
        .map(|_| {
            let manager = manager.clone();
            std::thread::spawn(move || crate::runtimes::block_on(manager.token()).unwrap())
        })
        .collect();
    for caller in callers {
        assert!(server.is_valid(&text(&caller.join().unwrap())));
    }
    assert_eq!(server.token_requests().len(), 1);
}

#[cfg(feature = "blocking")]
mod blocking {
    use credsmith_runtime::UreqTransport;
    use credsmith_runtime::blocking::block_on;

    use super::*;

    #[test]
    fn blocking_callers_share_the_engine() {
        let server = server();
        server.set_latency(Duration::from_millis(30));
        let manager = builder(&server)
            .transport(Arc::new(UreqTransport::new()))
            .build()
            .unwrap();
        let callers: Vec<_> = (0..16)
            .map(|_| {
                let manager = manager.clone();
                std::thread::spawn(move || block_on(manager.token()).unwrap())
            })
            .collect();
        for caller in callers {
            assert!(server.is_valid(&text(&caller.join().unwrap())));
        }
        assert_eq!(server.token_requests().len(), 1);
    }

    #[test]
    fn the_blocking_transport_has_the_same_rules() {
        let server = server();
        let manager = builder(&server)
            .transport(Arc::new(UreqTransport::new()))
            .build()
            .unwrap();
        server.enqueue(Reply::status(307).with_header("location", "/elsewhere"));
        let error = block_on(manager.fetch_token()).unwrap_err();
        assert!(
            error.to_string().contains("a redirect to /elsewhere"),
            "{error}"
        );
        for fault in [
            Reply::reset(),
            Reply::ordinary().truncated(10),
            Reply::status(503),
        ] {
            server.enqueue(fault.clone());
            assert!(block_on(manager.fetch_token()).is_ok(), "{fault:?}");
        }
        server.enqueue(Reply::json(200, "x".repeat(3 << 20)));
        assert!(!block_on(manager.fetch_token()).unwrap_err().is_transient());
        server.register_client(ID, "another");
        assert_eq!(
            block_on(manager.fetch_token()).unwrap_err().kind(),
            TokenErrorKind::InvalidClient
        );
    }
}
