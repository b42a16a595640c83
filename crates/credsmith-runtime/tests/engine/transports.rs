//! What the transports say when nothing comes back.

use std::error::Error;
use std::net::TcpListener;

use bytes::Bytes;
#[cfg(feature = "blocking")]
use credsmith_runtime::UreqTransport;
use credsmith_runtime::{ReqwestTransport, Transport, TransportError, TransportErrorKind};
use credsmith_token_server::TokenServer;
use http::Request;

fn transports() -> Vec<Box<dyn Transport>> {
    vec![
        Box::new(ReqwestTransport::new().unwrap()),
        #[cfg(feature = "blocking")]
        Box::new(UreqTransport::new()),
    ]
}

async fn failure(transport: &dyn Transport, url: &str) -> TransportError {
    let request = Request::get(url).body(Bytes::new()).unwrap();
    transport.send(request).await.unwrap_err()
}

/// Everything an error says, its sources included.
fn said(error: &TransportError) -> String {
    let mut said = format!("{error:?} {error}");
    let mut next = error.source();
    while let Some(error) = next {
        said.push_str(&format!(" {error:?} {error}"));
        next = error.source();
    }
    said
}

/// An address where nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

#[tokio::test]
async fn a_host_without_an_address_and_a_closed_port_are_connect_errors() {
    // No such name will ever be (RFC 6761 section 6.4).
    for host in ["no-such-host.invalid", &nobody()] {
        for transport in transports() {
            let error = failure(&*transport, &format!("http://{host}/?key=concealed")).await;
            assert_eq!(error.kind(), TransportErrorKind::Connect, "{error:?}");
            let said = said(&error);
            assert!(!said.contains("concealed"), "{said}");
        }
    }
}

#[tokio::test]
async fn errors_hold_neither_query_nor_user_info() {
    let nobody = nobody();
    for url in [
        &*format!("http://concealed:concealed@{nobody}/things?key=concealed"),
        "/things?key=concealed",
        "ftp://concealed@a.example/?key=concealed",
        "unknown://a.example/?key=concealed",
        "http://a.example:0x/?key=concealed",
        "http://[::1]:1/?key=concealed#concealed",
    ] {
        let Ok(request) = Request::get(url).body(Bytes::new()) else {
            continue;
        };
        for transport in transports() {
            let said = said(&transport.send(request.clone()).await.unwrap_err());
            assert!(!said.contains("concealed"), "{said}");
        }
    }
}

#[tokio::test]
async fn user_info_of_a_url_is_not_sent() {
    let server = TokenServer::start_blocking();
    let url = server
        .api_url("things")
        .replace("://", "://user:concealed@");
    for transport in transports() {
        let request = Request::get(&url).body(Bytes::new()).unwrap();
        transport.send(request).await.unwrap();
        let seen = server.api_requests().pop().unwrap();
        assert_eq!(seen.header("authorization"), None);
        assert_eq!(seen.header("host"), Some(&*server.address().to_string()));
    }
}
