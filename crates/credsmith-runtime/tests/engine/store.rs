//! Tokens that outlive their manager.

use std::sync::Arc;

use credsmith_runtime::{FileStore, ManualClock, MemoryStore, TokenManager, TokenStore};

use crate::support::*;
use crate::test_store::{Method, TestStore};

fn stored_manager(
    endpoint: &Arc<Endpoint>,
    clock: &ManualClock,
    store: impl TokenStore,
) -> TokenManager {
    builder(endpoint, clock)
        .store(Arc::new(store))
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_second_manager_finds_the_token_of_the_first() {
    let directory = tempfile::tempdir().unwrap();
    let (endpoint, clock) = (Endpoint::new([Scripted::Token("3600")]), clock());
    let file = || FileStore::new(directory.path()).unwrap();
    assert_eq!(
        token_of(&stored_manager(&endpoint, &clock, file())).await,
        "token-1"
    );
    let second = stored_manager(&endpoint, &clock, file());
    assert_eq!(token_of(&second).await, "token-1");
    assert_eq!(second.statistics().store_loads, 1);
    assert_eq!(endpoint.count(), 1);
    let other = builder(&endpoint, &clock).scope("other");
    let other = other.store(Arc::new(file())).build().unwrap();
    assert_eq!(
        token_of(&other).await,
        "token-2",
        "another scope, another key"
    );
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&second).await, "token-3");
}

#[tokio::test]
async fn a_short_lifetime_is_scaled_in_the_next_process_too() {
    let (endpoint, clock) = (Endpoint::new([Scripted::Token("20")]), clock());
    let store = MemoryStore::new();
    assert_eq!(
        token_of(&stored_manager(&endpoint, &clock, store.clone())).await,
        "token-1"
    );
    assert_eq!(
        token_of(&stored_manager(&endpoint, &clock, store)).await,
        "token-1"
    );
}

#[tokio::test]
async fn a_refresh_uses_the_stored_token_of_another_process() {
    let (endpoint, clock) = (Endpoint::new([Scripted::Token("3600")]), clock());
    let store = MemoryStore::new();
    let first = stored_manager(&endpoint, &clock, store.clone());
    let second = stored_manager(&endpoint, &clock, store);
    assert_eq!(token_of(&first).await, "token-1");
    assert_eq!(token_of(&second).await, "token-1");
    clock.advance(seconds(3_000));
    for manager in [&first, &second] {
        token_of(manager).await;
        run_until_idle().await;
        assert_eq!(token_of(manager).await, "token-2");
    }
    assert_eq!(endpoint.count(), 2);
}

#[tokio::test]
async fn an_invalidated_token_is_not_loaded_from_the_store() {
    let (endpoint, clock) = (Endpoint::new([Scripted::Token("3600")]), clock());
    let manager = stored_manager(&endpoint, &clock, MemoryStore::new());
    manager.invalidate(&manager.token().await.unwrap());
    assert_eq!(token_of(&manager).await, "token-2");
}

#[tokio::test]
async fn a_broken_store_does_not_prevent_a_refresh() {
    for hangs in [false, true] {
        let (endpoint, clock) = (Endpoint::new([Scripted::Token("3600")]), clock());
        let store = TestStore::default().with_leases();
        let store = if hangs {
            store.hanging(&Method::ALL)
        } else {
            store.failing(&Method::ALL, usize::MAX)
        };
        let manager = stored_manager(&endpoint, &clock, store);
        assert_eq!(token_of(&manager).await, "token-1");
        run_until_idle().await;
        let failures = manager.statistics().store_failures;
        let expected = if hangs { 1 } else { 3 };
        assert_eq!(failures, expected, "load, lease and save, or down at once");
        assert_eq!(endpoint.count(), 1);
    }
}

#[tokio::test]
async fn a_damaged_file_is_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let (endpoint, clock) = (Endpoint::new([Scripted::Token("3600")]), clock());
    let store = || FileStore::new(directory.path()).unwrap();
    token_of(&stored_manager(&endpoint, &clock, store())).await;
    let file = json_file(directory.path());
    std::fs::write(&file, "{\"token\":{\"acc").unwrap();
    assert_eq!(
        token_of(&stored_manager(&endpoint, &clock, store())).await,
        "token-2"
    );
    assert_eq!(
        token_of(&stored_manager(&endpoint, &clock, store())).await,
        "token-2"
    );
}

fn json_file(directory: &std::path::Path) -> std::path::PathBuf {
    let mut files = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .find(|path| path.extension().is_some_and(|end| end == "json"))
        .unwrap()
}

#[cfg(unix)]
#[tokio::test]
async fn files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let outer = tempfile::tempdir().unwrap();
    let directory = outer.path().join("tokens");
    let (endpoint, clock) = (Endpoint::new([Scripted::Token("3600")]), clock());
    let store = FileStore::new(&directory).unwrap();
    token_of(&stored_manager(&endpoint, &clock, store)).await;
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&directory), 0o700);
    for entry in std::fs::read_dir(&directory).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    assert!(
        !json_file(&directory)
            .display()
            .to_string()
            .contains("the-id")
    );
}

/// One of the processes of the test below, when that test runs it.
#[tokio::test]
async fn one_process_of_many() {
    let (Some(directory), Some(url)) = (
        std::env::var_os("STORE_DIRECTORY"),
        std::env::var("STORE_TOKEN_URL").ok(),
    ) else {
        return;
    };
    let manager = TokenManager::builder("acme_oauth")
        .token_url(url)
        .client_id("id")
        .client_secret("secret".into())
        .store(Arc::new(FileStore::new(directory).unwrap()))
        .build()
        .unwrap();
    println!("got={}", token_of(&manager).await);
}

#[test]
fn many_processes_share_one_fetch() {
    let server = credsmith_token_server::TokenServer::start_blocking();
    server.register_client("id", "secret");
    server.set_latency(std::time::Duration::from_millis(300));
    let directory = tempfile::tempdir().unwrap();
    let children: Vec<_> = (0..6)
        .map(|_| {
            std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "store::one_process_of_many", "--nocapture"])
                .env("STORE_DIRECTORY", directory.path())
                .env("STORE_TOKEN_URL", server.token_url())
                .stdout(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            text.contains(&format!("got={}", server.issued_tokens()[0])),
            "{text}"
        );
    }
    assert_eq!(server.token_requests().len(), 1);
}
