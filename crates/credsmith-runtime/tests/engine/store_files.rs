//! The file store after changes by other processes, cleaners or a crash.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use credsmith_runtime::{FileStore, ManualClock, TokenManager};

use crate::support::*;

fn stored(endpoint: &Arc<Endpoint>, clock: &ManualClock, directory: &Path) -> TokenManager {
    builder(endpoint, clock)
        .store(Arc::new(FileStore::new(directory).unwrap()))
        .revocation_url("https://acme.example/revoke")
        .build()
        .unwrap()
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

fn files_of_kind(directory: &Path, extension: &str) -> Vec<PathBuf> {
    let mut files = files(directory);
    files.retain(|path| path.extension().is_some_and(|found| found == extension));
    files.sort();
    files
}

/// The one file that holds the token.
fn json_file(directory: &Path) -> PathBuf {
    let mut files = files_of_kind(directory, "json");
    assert_eq!(files.len(), 1, "{files:?}");
    files.remove(0)
}

/// The files beside it.
fn temporaries(directory: &Path) -> Vec<PathBuf> {
    files_of_kind(directory, "tmp")
}

/// A directory in which a manager has saved `token-1`, and what it takes for another manager.
async fn saved() -> (tempfile::TempDir, Arc<Endpoint>, ManualClock) {
    let directory = tempfile::tempdir().unwrap();
    let (endpoint, clock) = (Endpoint::new([Scripted::Token("3600")]), clock());
    token_of(&stored(&endpoint, &clock, directory.path())).await;
    (directory, endpoint, clock)
}

/// Leaves what another process with our number has written and not renamed yet.
fn leave_temporaries(directory: &Path) {
    let json = json_file(directory);
    for number in 0..500 {
        let theirs = json.with_extension(format!("{}-{number}.tmp", std::process::id()));
        fs::write(theirs, "theirs, not renamed yet").unwrap();
    }
}

/// In containers every process has the same number.
#[tokio::test]
async fn temporary_files_of_a_process_with_the_same_id_do_not_matter_and_are_kept() {
    let (directory, endpoint, clock) = saved().await;
    leave_temporaries(directory.path());
    fs::remove_file(json_file(directory.path())).unwrap();
    for _ in 0..2 {
        let manager = stored(&endpoint, &clock, directory.path());
        token_of(&manager).await;
        run_until_idle().await;
        assert_eq!(manager.statistics().store_failures, 0);
        clock.advance(seconds(3_600));
    }
    json_file(directory.path());
    assert_eq!(temporaries(directory.path()).len(), 500);
}

#[tokio::test]
async fn the_next_save_removes_leftover_temporary_files() {
    let (directory, endpoint, clock) = saved().await;
    let json = json_file(directory.path());
    let two_hours = seconds(7_200);
    let now = SystemTime::now();
    for (name, written) in [
        ("old.tmp", now - two_hours),
        ("of-a-wrong-clock.tmp", now + two_hours),
        ("young.tmp", now),
    ] {
        let left = fs::File::create(json.with_extension(name)).unwrap();
        left.set_modified(written).unwrap();
    }
    let another_key = fs::File::create(directory.path().join("another-key.x.tmp")).unwrap();
    another_key.set_modified(now - two_hours).unwrap();
    clock.advance(seconds(3_600));
    token_of(&stored(&endpoint, &clock, directory.path())).await;
    let mut expected = [
        json.with_extension("young.tmp"),
        directory.path().join("another-key.x.tmp"),
    ];
    expected.sort();
    assert_eq!(temporaries(directory.path()), expected);
}

/// As `kill -9` leaves it between writing and renaming.
#[tokio::test]
async fn signing_out_leaves_no_token_in_the_directory() {
    let (directory, endpoint, clock) = saved().await;
    let json = json_file(directory.path());
    fs::copy(&json, json.with_extension("4711-0.tmp")).unwrap();
    endpoint.then([Scripted::Response(200, None, "")]);
    let manager = stored(&endpoint, &clock, directory.path());
    manager.revoke_token().await.unwrap();
    for file in files(directory.path()) {
        let text = fs::read_to_string(&file).unwrap();
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        assert!(is_number, "{}: {text}", file.display());
    }
}

#[tokio::test]
async fn a_failed_save_leaves_no_temporary_file() {
    let (directory, endpoint, clock) = saved().await;
    let json = json_file(directory.path());
    fs::remove_file(&json).unwrap();
    fs::create_dir(&json).unwrap();
    let manager = stored(&endpoint, &clock, directory.path());
    assert_eq!(token_of(&manager).await, "token-2");
    run_until_idle().await;
    assert!(manager.statistics().store_failures > 0);
    assert!(temporaries(directory.path()).is_empty());
}

#[tokio::test]
async fn a_directory_that_a_cleaner_removed_is_created_again() {
    let outer = tempfile::tempdir().unwrap();
    let directory = outer.path().join("tokens");
    let (endpoint, clock) = (Endpoint::new([Scripted::Token("3600")]), clock());
    let manager = stored(&endpoint, &clock, &directory);
    token_of(&manager).await;
    fs::remove_dir_all(&directory).unwrap();
    clock.advance(seconds(3_600));
    token_of(&manager).await;
    run_until_idle().await;
    json_file(&directory);
    assert_eq!(manager.statistics().store_failures, 0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = directory.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
    fs::remove_dir_all(&directory).unwrap();
    endpoint.then([Scripted::Response(200, None, "")]);
    manager.revoke_token().await.unwrap();
    assert_eq!(manager.statistics().store_failures, 0);
}

/// A token is saved whatever is at the path of its file.
#[tokio::test]
async fn odd_files_do_not_prevent_a_refresh() {
    let long = " ".repeat(1024 * 1024);
    let long = format!(r#"{{"token":{{"access_token":"long","expires_at":99999999999}}}}{long}"#);
    let contents: [&[u8]; 10] = [
        b"",
        b"\0\0\0\0",
        b"null",
        b"[]",
        br#"{"version":9}"#,
        br#"{"token":{"access_token":"x","expires_at":"2026"}}"#,
        br#"{"token":{"access_token":"x"},"lifetime_seconds":-1}"#,
        br#"{"token":{"access_token":"","expires_at":99999999999}}"#,
        b"\xff\xfe{",
        long.as_bytes(),
    ];
    for content in contents {
        let (directory, endpoint, clock) = saved().await;
        fs::write(json_file(directory.path()), content).unwrap();
        for _ in 0..2 {
            let manager = stored(&endpoint, &clock, directory.path());
            let start: String = String::from_utf8_lossy(content).chars().take(60).collect();
            assert_eq!(token_of(&manager).await, "token-2", "{start}");
        }
    }
}

/// Opening a pipe waits for a writer; there is none.
#[cfg(unix)]
#[tokio::test]
async fn pipes_and_devices_are_not_read() {
    for extension in ["json", "lock"] {
        let (directory, endpoint, clock) = saved().await;
        let json = json_file(directory.path());
        let pipe = json.with_extension(extension);
        fs::remove_file(&json).unwrap();
        let _ = fs::remove_file(&pipe);
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let manager = stored(&endpoint, &clock, directory.path());
        assert_eq!(token_of(&manager).await, "token-2");
        assert!(json.is_file(), "saved nevertheless");
    }
    let (directory, endpoint, clock) = saved().await;
    let json = json_file(directory.path());
    fs::remove_file(&json).unwrap();
    std::os::unix::fs::symlink("/dev/zero", &json).unwrap();
    token_of(&stored(&endpoint, &clock, directory.path())).await;
    assert!(fs::symlink_metadata(&json).unwrap().is_file(), "replaced");
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_is_replaced_and_its_target_kept() {
    let (directory, endpoint, clock) = saved().await;
    let json = json_file(directory.path());
    let victim = directory.path().join("victim");
    fs::write(&victim, "precious").unwrap();
    fs::remove_file(&json).unwrap();
    std::os::unix::fs::symlink(&victim, &json).unwrap();
    assert_eq!(
        token_of(&stored(&endpoint, &clock, directory.path())).await,
        "token-2"
    );
    assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
}
