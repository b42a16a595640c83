//! Tokens in files of one directory: one file and one lock file per key.
//!
//! A file is replaced as a whole, by renaming, so that no reader sees half of one. Files are for
//! their owner alone (mode 0600; elsewhere than on Unix what the directory grants). They are small
//! and local: reading and writing them blocks the polling thread for a moment. Waiting for a lock
//! does not.
//!
//! - [`directory`]: created for its owner, and again where a cleaner has taken it.
//! - [`regular`]: what is read, which is neither a pipe nor endless.
//! - [`temporary`]: the file beside the one that it will replace. [`leftovers`]: those of processes that
//!   ended in between.

mod directory;
mod leftovers;
mod regular;
mod temporary;

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fs4::{FileExt, TryLockError};
use zeroize::Zeroizing;

use self::temporary::Temporary;
use super::{StoreError, StoreKey, StoreLock, StoredToken, TokenStore};
use crate::BoxFuture;

/// Whoever waits for a lock looks again after this, and then less and less often.
const FIRST_LOOK: Duration = Duration::from_millis(5);
const LAST_LOOK: Duration = Duration::from_millis(100);

/// Keeps tokens in the files of a directory, which several processes may share: whoever locks a key
/// first fetches for all of them.
///
/// A directory that is removed while the store is in use is created again. What is left of a process
/// that ended in the middle of a save goes with the token when that is removed, else with a save an
/// hour later. A file of more than 1 MiB, or one that is none, a named pipe for instance, is an error
/// and is not read.
///
/// The directory must be one that only this user can write to, as one below the user's home: who can
/// write to it can plant tokens. One in a shared temporary directory may belong to somebody else.
///
/// ```no_run
/// use std::path::PathBuf;
///
/// use credsmith_runtime::FileStore;
///
/// let home = std::env::var_os("HOME").ok_or("HOME is not set")?;
/// let directory = PathBuf::from(home).join(".local/share/acme/tokens");
/// let store = FileStore::new(directory)?;
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
        directory::create(&directory).map_err(StoreError::new)?;
        Ok(Self { directory })
    }

    fn path(&self, key: &StoreKey, extension: &str) -> PathBuf {
        self.directory.join(format!("{key}.{extension}"))
    }

    fn read(&self, key: &StoreKey) -> io::Result<Option<StoredToken>> {
        let Some(text) = regular::read(&self.path(key, "json"))? else {
            return Ok(None);
        };
        // The cause is left out: it could quote the file.
        let stored = serde_json::from_slice(&text);
        stored
            .map(Some)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "the file holds no token"))
    }

    fn write(&self, key: &StoreKey, token: &StoredToken) -> io::Result<()> {
        let text = Zeroizing::new(serde_json::to_vec(token)?);
        regular::check_length(text.len())?;
        let create = || Temporary::create(&self.directory, key);
        let (beside, file) = directory::restored(&self.directory, create)?;
        let written = temporary::write(file, &text)?;
        beside.replace(&self.path(key, "json"))?;
        directory::sync(&self.directory);
        if let Some(now) = written {
            // The token is saved; where this fails, the next save tries it again.
            let _ = leftovers::remove_stale(&self.directory, key, now);
        }
        Ok(())
    }

    /// What is left of saves may hold the token as well.
    fn erase(&self, key: &StoreKey) -> io::Result<()> {
        let removed = removed(&self.path(key, "json"));
        let cleaned = leftovers::remove_all(&self.directory, key);
        directory::sync(&self.directory);
        removed.and(cleaned)
    }

    async fn locked(&self, key: &StoreKey) -> io::Result<StoreLock> {
        let path = self.path(key, "lock");
        let mut pause = FIRST_LOOK;
        loop {
            // Opened anew each time: a cleaner may have taken the file that was there before.
            let file = directory::restored(&self.directory, || open_lock(&path))?;
            match FileExt::try_lock(&file) {
                Ok(()) if is_at(&file, &path) => return Ok(StoreLock::new(file)),
                Ok(()) | Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
            futures_timer::Delay::new(pause).await;
            pause = (pause * 2).min(LAST_LOOK);
        }
    }
}

fn open_lock(path: &Path) -> io::Result<File> {
    // To open a pipe would be to wait for whoever is at its other end.
    regular::metadata(path)?;
    let mut options = private();
    options.write(true).create(true).truncate(false).open(path)
}

/// Whether `file` is the one that others find at `path`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(ours), Ok(theirs)) = (file.metadata(), fs::metadata(path)) else {
        return false;
    };
    (ours.dev(), ours.ino()) == (theirs.dev(), theirs.ino())
}

/// Whether `file` is the one that others find at `path`: elsewhere an open file keeps its name.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
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

/// Removes a file, if there is one.
fn removed(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
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
        Box::pin(async move { self.erase(key).map_err(StoreError::new) })
    }

    fn lock<'a>(&'a self, key: &'a StoreKey) -> BoxFuture<'a, Result<StoreLock, StoreError>> {
        Box::pin(async move { self.locked(key).await.map_err(StoreError::new) })
    }
}

#[cfg(all(test, unix))]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::store::Identity;

    fn key() -> StoreKey {
        StoreKey::new(&Identity {
            server: "https://acme.example/token",
            client_id: "id",
            who: &[],
            account: "",
            scope: "",
            parameters: &[],
            headers: None,
        })
    }

    #[tokio::test]
    async fn who_waits_for_a_lock_gets_that_of_the_file_that_others_find() {
        let directory = tempfile::tempdir().unwrap();
        let (store, key) = (FileStore::new(directory.path()).unwrap(), key());
        let first = store.lock(&key).await.unwrap();
        let mut waiting = store.lock(&key);
        assert!((&mut waiting).now_or_never().is_none());
        removed(&store.path(&key, "lock")).unwrap();
        drop(first);
        let _second = waiting.await.unwrap();
        let third = store.lock(&key).now_or_never();
        assert!(third.is_none(), "two have the lock");
    }
}
