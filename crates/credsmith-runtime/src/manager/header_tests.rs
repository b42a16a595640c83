use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

use crate::{BoxFuture, SecretString, Token, TokenManager, Transport, TransportError};

/// A transport that is never asked.
struct Unused;

impl Transport for Unused {
    fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        panic!("there is a token")
    }
}

#[test]
fn a_call_does_not_wait_for_those_who_were_interrupted_while_they_looked() {
    let manager = TokenManager::builder("acme_oauth")
        .token_url("https://acme.example/oauth/token")
        .client_id("id")
        .client_secret(SecretString::from("secret"))
        .transport(Arc::new(Unused))
        .token(Token::new("t"))
        .build()
        .unwrap();
    let interrupted: Vec<_> = std::iter::from_fn(|| manager.engine.quick()).collect();
    assert!(!interrupted.is_empty());
    let (sender, receiver) = mpsc::channel();
    let calling = manager.clone();
    let call = thread::spawn(move || sender.send(calling.try_authorization()));
    let answer = receiver.recv_timeout(Duration::from_secs(10));
    drop(interrupted);
    call.join().unwrap().unwrap();
    assert_eq!(answer.unwrap().unwrap(), "Bearer t");
}
