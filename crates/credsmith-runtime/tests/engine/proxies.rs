//! Plain http is allowed for loopback, because such requests stay on the machine: no proxy of the system
//! sees it.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Child, Command};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use credsmith_runtime::{
    ClientAuthentication, ReqwestTransport, TokenManager, Transport, UreqTransport,
};
use http::Request;

use crate::runtimes::block_on;

/// The part of the tests below that runs in a separate process, with proxies in its environment.
#[test]
fn one_process_with_a_proxy() {
    let Ok(transport) = std::env::var("TEST_TRANSPORT") else {
        return;
    };
    let transport: Arc<dyn Transport> = match &*transport {
        "ureq" => Arc::new(UreqTransport::new()),
        "ureq, from an agent" => {
            Arc::new(UreqTransport::from_agent(ureq::Agent::new_with_defaults()))
        }
        _ => Arc::new(ReqwestTransport::new().unwrap()),
    };
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let manager = TokenManager::builder("acme_oauth")
            .token_url(format!("http://{host}:9/token"))
            .client_id("id")
            .client_secret("the-secret".into())
            .client_authentication(ClientAuthentication::ClientSecretPost)
            .transport(Arc::clone(&transport))
            .build()
            .unwrap();
        assert!(block_on(manager.token()).is_err());
        send(&*transport, &format!("http://{host}:9/loopback"));
    }
    send(&*transport, "http://far.example/elsewhere");
}

fn send(transport: &dyn Transport, url: &str) {
    let request = Request::get(url).body(Bytes::new()).unwrap();
    let _ = block_on(transport.send(request));
}

fn process(transport: &str, proxy: &str) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "proxies::one_process_with_a_proxy"])
        .env("TEST_TRANSPORT", transport)
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        // If it is set, reqwest takes the process for a CGI script, and ignores HTTP_PROXY.
        .env_remove("REQUEST_METHOD");
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env(name, proxy);
    }
    command.spawn().unwrap()
}

/// Everything that a proxy in the environment is sent.
fn seen_by_the_proxy(transport: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut child = process(
        transport,
        &format!("http://{}", listener.local_addr().unwrap()),
    );
    listener.set_nonblocking(true).unwrap();
    let mut seen = Vec::new();
    let status = loop {
        if let Ok((mut stream, _)) = listener.accept() {
            stream.set_nonblocking(false).unwrap();
            let limit = Duration::from_millis(300);
            stream.set_read_timeout(Some(limit)).unwrap();
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = stream.read(&mut buffer) {
                seen.extend_from_slice(&buffer[..count]);
                if buffer.starts_with(b"CONNECT") {
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
                }
                buffer.fill(0);
            }
        }
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(status.success());
    String::from_utf8_lossy(&seen).into_owned()
}

#[test]
fn requests_to_loopback_bypass_proxies() {
    for transport in ["reqwest", "ureq", "ureq, from an agent"] {
        let seen = seen_by_the_proxy(transport);
        assert!(!seen.contains("the-secret"), "{transport}: {seen}");
        assert!(!seen.contains("loopback"), "{transport}: {seen}");
        assert!(seen.contains("elsewhere"), "{transport}: {seen}");
    }
}
