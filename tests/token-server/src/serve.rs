//! Connections: accepting, reading a request, carrying out its script.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::header::{HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;

use crate::body::ScriptedBody;
use crate::record::RecordedRequest;
use crate::reply::Reply;
use crate::state::{Shared, State};
use crate::{api, grant, sign_in};

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 4_096;

/// Serves until `stopped` says so; reports the address first.
pub(crate) fn run(
    shared: &Arc<Shared>,
    report: &mpsc::Sender<SocketAddr>,
    stopped: oneshot::Receiver<()>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    raise_descriptor_limit();
    runtime.block_on(async {
        let listener = listen().expect("a port on loopback");
        report
            .send(listener.local_addr().expect("the address of the port"))
            .expect("someone to start the server");
        tokio::select! {
            () = accept(listener, shared) => {}
            _ = stopped => {}
        }
    });
}

/// Lets the process have as many file descriptors as the system allows it. Where that fails, fewer
/// connections are open at a time, and the others wait.
#[cfg(unix)]
fn raise_descriptor_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    let _ = setrlimit(Resource::Nofile, raised);
}

#[cfg(not(unix))]
fn raise_descriptor_limit() {}

fn listen() -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    socket.listen(BACKLOG)
}

async fn accept(listener: TcpListener, shared: &Arc<Shared>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(connection(stream, Arc::clone(shared)))),
            // No file descriptor left, most likely: others will be given back.
            Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    // Without it, small responses wait for the client's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let reset = AtomicBool::new(false);
    let service = service_fn(|request| handle(request, &shared, &reset));
    let mut connection =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // An error is a script that tore the connection, or a client that went away.
    let _ = (&mut connection).await;
    let stream = connection.into_parts().io.into_inner();
    if reset.load(Ordering::Relaxed) {
        let _ = stream.set_zero_linger();
    }
}

async fn handle(
    request: Request<Incoming>,
    shared: &Shared,
    reset: &AtomicBool,
) -> Result<Response<ScriptedBody>, io::Error> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let request = RecordedRequest::new(&parts, &body);
    let (endpoint, reply, latency) = take_script(&mut shared.lock(), &request);
    tokio::time::sleep(latency + reply.delay).await;
    if reply.reset {
        reset.store(true, Ordering::Relaxed);
        return Err(io::Error::other("reset by script"));
    }
    Ok(respond(&mut shared.lock(), endpoint, &request, reply))
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Token,
    Api,
    SignIn,
    Other,
}

/// Records the request, and takes its script from the queue.
fn take_script(state: &mut State, request: &RecordedRequest) -> (Endpoint, Reply, Duration) {
    if request.path == "/token" {
        state.token_requests.push(request.clone());
        (
            Endpoint::Token,
            state.replies.pop_front().unwrap_or_default(),
            state.latency,
        )
    } else if request.path == "/api" || request.path.starts_with("/api/") {
        state.api_requests.push(request.clone());
        (
            Endpoint::Api,
            state.api_replies.pop_front().unwrap_or_default(),
            state.api_latency,
        )
    } else if sign_in::is_endpoint(&request.path) {
        state.endpoint_requests.push(request.clone());
        let reply = state.endpoint_replies.pop_front().unwrap_or_default();
        (Endpoint::SignIn, reply, state.latency)
    } else {
        state.other_requests.push(request.clone());
        (Endpoint::Other, Reply::status(404), Duration::ZERO)
    }
}

fn respond(
    state: &mut State,
    endpoint: Endpoint,
    request: &RecordedRequest,
    reply: Reply,
) -> Response<ScriptedBody> {
    let mut response = match reply.body {
        Some(body) => scripted(state, body, reply.truncate_at, reply.drip),
        None => ordinary(state, endpoint, request, &reply),
    };
    if let Some(status) = reply.status {
        *response.status_mut() =
            StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    }
    for (name, value) in reply.headers {
        insert(&mut response, &name, &value);
    }
    response
}

fn scripted(
    state: &mut State,
    body: Vec<u8>,
    truncate_at: Option<usize>,
    drip: Option<Duration>,
) -> Response<ScriptedBody> {
    let body = match String::from_utf8(body) {
        Ok(text) if text.contains("{access_token}") => text
            .replace("{access_token}", &state.issue(None))
            .into_bytes(),
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    };
    Response::new(ScriptedBody::new(body.into(), truncate_at, drip))
}

fn ordinary(
    state: &mut State,
    endpoint: Endpoint,
    request: &RecordedRequest,
    reply: &Reply,
) -> Response<ScriptedBody> {
    let issuer = &format!("http://{}", request.header("host").unwrap_or_default());
    let response = match endpoint {
        Endpoint::Token => grant::respond(state, request, issuer),
        Endpoint::SignIn => sign_in::respond(state, request, issuer),
        Endpoint::Api | Endpoint::Other => api::respond(state, request),
    };
    let (status, headers, json) = state.error_shape.reshape(endpoint, response);
    let body = Bytes::from(json.to_string());
    let mut response = Response::new(ScriptedBody::new(body, reply.truncate_at, reply.drip));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        // A 401 may have several challenges.
        if let Ok(value) = value.parse::<HeaderValue>() {
            response.headers_mut().append(name, value);
        }
    }
    if !response.headers().contains_key("content-type") {
        insert(&mut response, "content-type", "application/json");
    }
    response
}

/// Sets a header; one that cannot be sent is left out.
fn insert(response: &mut Response<ScriptedBody>, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
        response.headers_mut().insert(name, value);
    }
}
