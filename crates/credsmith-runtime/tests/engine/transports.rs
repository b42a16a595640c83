//! Errors of the transports when there is no complete response.

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener};
use std::thread;

use bytes::Bytes;
#[cfg(feature = "blocking")]
use credsmith_runtime::UreqTransport;
use credsmith_runtime::{
    ReqwestTransport, Transport, TransportError, TransportErrorKind, default_transport_with,
};
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
fn chain_of(error: &TransportError) -> String {
    let mut said = format!("{error:?} {error}");
    let mut next = error.source();
    while let Some(error) = next {
        said.push_str(&format!(" {error:?} {error}"));
        next = error.source();
    }
    said
}

/// An address without a listener.
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
            let said = chain_of(&error);
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
            let said = chain_of(&transport.send(request.clone()).await.unwrap_err());
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

/// A peer that does not use TLS, and a peer that closes the connection.
#[tokio::test]
async fn a_handshake_that_fails_is_a_connect_error() {
    for answer in [
        &b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"[..],
        b"",
    ] {
        for transport in transports() {
            let url = format!("https://{}/", answering(answer, 1));
            // Only if something is sent, it can be distinguished from a truncated response.
            let methods = if answer.is_empty() {
                &["POST"][..]
            } else {
                &["POST", "GET"]
            };
            for method in methods {
                let request = Request::builder().method(*method).uri(&url);
                let request = request.body(Bytes::from_static(b"body")).unwrap();
                let error = transport.send(request).await.unwrap_err();
                assert_eq!(error.kind(), TransportErrorKind::Connect, "{error:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_truncated_response_is_not_a_connect_error() {
    for answer in [&b""[..], b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"] {
        for transport in transports() {
            for (method, body) in [("POST", "body"), ("POST", ""), ("GET", "")] {
                let url = format!("http://{}/", answering(answer, 20));
                let request = Request::builder().method(method).uri(&url);
                let request = request.body(Bytes::from(body)).unwrap();
                let error = transport.send(request).await.unwrap_err();
                assert_eq!(error.kind(), TransportErrorKind::Body, "{method} {error:?}");
            }
        }
    }
}

/// An address that sends `answer` once `least` bytes have arrived, and nothing after it.
fn answering(answer: &'static [u8], least: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut read = 0;
            let mut buffer = [0; 4096];
            while read < least {
                read += stream.read(&mut buffer).unwrap();
            }
            stream.write_all(answer).unwrap();
            let _ = stream.shutdown(Shutdown::Write);
            // Unread bytes would reset the connection, and the response would be lost.
            while stream.read(&mut buffer).is_ok_and(|read| read > 0) {}
        }
    });
    address
}

#[tokio::test]
async fn a_body_is_sent_whatever_the_method() {
    let server = TokenServer::start_blocking();
    for method in ["POST", "DELETE", "GET", "OPTIONS", "QUERY"] {
        for transport in transports() {
            let request = Request::builder().method(method).uri(server.api_url("x"));
            let request = request.body(Bytes::from_static(b"body")).unwrap();
            transport.send(request).await.unwrap();
            let seen = server.api_requests().pop().unwrap();
            assert_eq!((&*seen.method, &*seen.body), (method, &b"body"[..]));
            assert_eq!(seen.header("content-length"), Some("4"));
            assert_eq!(seen.header("transfer-encoding"), None);
        }
    }
}

#[cfg(feature = "blocking")]
#[tokio::test]
async fn the_error_of_an_agent_with_fewer_methods_has_a_hint() {
    let agent = ureq::Agent::new_with_defaults();
    let request = Request::builder().method("QUERY").uri("http://a.example/");
    let request = request.body(Bytes::new()).unwrap();
    let sent = UreqTransport::from_agent(agent).send(request).await;
    let error = sent.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Other);
    let said = chain_of(&error);
    assert!(said.contains("allow_non_standard_methods"), "{said}");
}

/// The user agents that a server gets.
async fn user_agents(transport: &dyn Transport, request: Request<Bytes>) -> Vec<String> {
    let server = TokenServer::start_blocking();
    let mut request = request;
    *request.uri_mut() = server.api_url("things").parse().unwrap();
    transport.send(request).await.unwrap();
    let sent = server.api_requests().pop().unwrap();
    let named = sent
        .headers
        .into_iter()
        .filter(|(name, _)| name == "user-agent");
    named.map(|(_, value)| value).collect()
}

#[tokio::test]
async fn f08_requests_name_their_sender() {
    const OWN: &str = concat!("credsmith-runtime/", env!("CARGO_PKG_VERSION"));
    let bare = || Request::new(Bytes::new());
    for transport in transports() {
        assert_eq!(user_agents(&*transport, bare()).await, [OWN]);
        let mut request = bare();
        let given = "acme-app/7".parse().unwrap();
        request.headers_mut().insert("user-agent", given);
        assert_eq!(user_agents(&*transport, request).await, ["acme-app/7"]);
    }
    let transport = default_transport_with("acme-sdk/1.2").unwrap();
    assert_eq!(user_agents(&*transport, bare()).await, ["acme-sdk/1.2"]);
    assert_eq!(credsmith_runtime::user_agent!(), OWN);
}

#[tokio::test]
async fn f08_a_client_of_the_application_keeps_its_user_agent() {
    let client = reqwest::Client::builder().user_agent("acme-client/3");
    let transport = ReqwestTransport::from_client(client.build().unwrap());
    let sent = user_agents(&transport, Request::new(Bytes::new())).await;
    assert_eq!(sent, ["acme-client/3"]);
}
