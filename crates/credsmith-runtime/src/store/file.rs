//! Tokens in files of one directory: one file and one lock file per key.
//!
//! A file is replaced as a whole, by renaming, so that no reader sees half of one. Files are for
//! their owner alone (mode 0600; elsewhere than on Unix what the directory grants). They are small
//! and local: reading and writing them blocks the polling thread for a moment. Waiting for a lock
//! does not.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use fs4::{FileExt, TryLockError};
use zeroize::Zeroizing;

use super::{StoreError, StoreKey, StoreLock, StoredToken, TokenStore};
use crate::BoxFuture;

/// Whoever waits for a lock looks again after this, and then less and less often.
const FIRST_LOOK: Duration = Duration::from_millis(5);
const LAST_LOOK: Duration = Duration::from_millis(100);

/// Keeps tokens in the files of a directory, which several processes may share: whoever locks a key
/// first fetches for all of them.
///
/// ```
/// use credsmith_runtime::FileStore;
///
/// let directory = std::env::temp_dir().join("acme-tokens");
/// let store = FileStore::new(&directory)?;
/// # std::fs::remove_dir_all(directory)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct FileStore {
    directory: PathBuf,
}

impl FileStore {
    /// A store in `directory`, which is created for its owner alone where it does not exist.
    pub fn new(directory: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let directory = directory.into();
        create(&directory).map_err(StoreError::new)?;
        Ok(Self { directory })
    }

    fn path(&self, key: &StoreKey, extension: &str) -> PathBuf {
        self.directory.join(format!("{key}.{extension}"))
    }

    fn read(&self, key: &StoreKey) -> io::Result<Option<StoredToken>> {
        let text = match fs::read(self.path(key, "json")) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        // The cause is left out: it could quote the file.
        let stored = serde_json::from_slice(&text);
        stored
            .map(Some)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "the file holds no token"))
    }

    fn write(&self, key: &StoreKey, token: &StoredToken) -> io::Result<()> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let text = Zeroizing::new(serde_json::to_vec(token)?);
        let beside = self.path(key, &format!("{}-{number}.tmp", std::process::id()));
        let written =
            write_all(&beside, &text).and_then(|()| fs::rename(&beside, self.path(key, "json")));
        if written.is_err() {
            // What is left of it may hold the token.
            let _ = fs::remove_file(&beside);
        }
        written
    }

    async fn locked(&self, key: &StoreKey) -> io::Result<StoreLock> {
        let file = private()
            .write(true)
            .create(true)
            .truncate(false)
            .open(self.path(key, "lock"))?;
        let mut pause = FIRST_LOOK;
        loop {
            match FileExt::try_lock(&file) {
                Ok(()) => return Ok(StoreLock::new(file)),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
            futures_timer::Delay::new(pause).await;
            pause = (pause * 2).min(LAST_LOOK);
        }
    }
}

fn write_all(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file: File = private().write(true).create_new(true).open(path)?;
    file.write_all(text)?;
    file.sync_all()
}

/// Options for files that their owner alone may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // Changed above on Unix only.
    let _ = &mut options;
    options
}

fn create(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

impl TokenStore for FileStore {
    fn load<'a>(
        &'a self,
        key: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
        Box::pin(async move { self.read(key).map_err(StoreError::new) })
    }

    fn save<'a>(
        &'a self,
        key: &'a StoreKey,
        token: &'a StoredToken,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move { self.write(key, token).map_err(StoreError::new) })
    }

    fn remove<'a>(&'a self, key: &'a StoreKey) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            match fs::remove_file(self.path(key, "json")) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(StoreError::new(error))
                }
                _ => Ok(()),
            }
        })
    }

    fn lock<'a>(&'a self, key: &'a StoreKey) -> BoxFuture<'a, Result<StoreLock, StoreError>> {
        Box::pin(async move { self.locked(key).await.map_err(StoreError::new) })
    }
}
