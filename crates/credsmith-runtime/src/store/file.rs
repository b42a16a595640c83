//! Tokens in files of one directory. Each key has a file for the token, a file that the holder of the lease keeps
//! locked, and a file for the number of the last lease.
//!
//! A file is replaced as a whole, by renaming, so that no reader sees a partial file. Only the owner can read the files
//! (mode 0600; on systems other than Unix the permissions of the directory apply). All work is done on threads of the
//! crate, since the directory may be on a network.
//!
//! - [`numbers`]: the number of the last lease.
//! - [`directory`]: creates the directory for its owner, also after a cleaner has deleted it.
//! - [`regular`]: reads regular files of limited size.
//! - [`temporary`]: the temporary file that replaces a file. [`leftovers`]: the temporary files of processes that ended
//!   during a save.

mod directory;
mod leftovers;
mod numbers;
mod regular;
mod temporary;

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};
use zeroize::Zeroizing;

use self::numbers::Numbers;
use self::temporary::Temporary;
use super::{Lease, Leases, StoreError, StoreKey, StoredToken, TokenStore};
use crate::BoxFuture;
use crate::threads::{DropOnThread, IO};

/// Keeps tokens in the files of a directory, which several processes may share. The holder of the lease of a key
/// requests a token for all of them.
///
/// A directory that is removed while the store is in use is created again. Temporary files of processes that ended
/// during a save are deleted by `remove`, or by a save at least an hour later. Files over 1 MiB, and anything that is
/// not a regular file, are errors.
///
/// Only this user may be able to write to the directory, as to one below the user's home: whoever can write to it can
/// plant tokens. A directory in a shared temporary directory may belong to another user.
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
    /// Makes a store in `directory`, which is created with access for its owner only if it does not exist.
    ///
    /// # Errors
    ///
    /// Returns an error if the directory cannot be created, or on Unix, if it belongs to another user, who could
    /// replace tokens.
    pub fn new(directory: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let directory = directory.into();
        directory::create(&directory).map_err(StoreError::new)?;
        directory::check_owner(&directory).map_err(StoreError::new)?;
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
        stored.map(Some).map_err(|_| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                "the file does not contain a token",
            )
        })
    }

    fn write(&self, key: &StoreKey, token: &StoredToken, lease: Option<u64>) -> io::Result<bool> {
        let text = Zeroizing::new(serde_json::to_vec(token)?);
        regular::check_length(text.len())?;
        self.unless_superseded(key, lease, || {
            let create = || Temporary::create(&self.directory, key);
            let (beside, file) = directory::restored(&self.directory, create)?;
            let written = temporary::write(file, &text)?;
            beside.replace(&self.path(key, "json"))?;
            directory::sync(&self.directory);
            if let Some(now) = written {
                // The token is saved. If this fails, the next save tries again.
                let _ = leftovers::remove_stale(&self.directory, key, now);
            }
            Ok(())
        })
    }

    /// Leftover files of saves may contain the token as well.
    fn erase(&self, key: &StoreKey, lease: Option<u64>) -> io::Result<bool> {
        self.unless_superseded(key, lease, || {
            let removed = removed(&self.path(key, "json"));
            let cleaned = leftovers::remove_all(&self.directory, key);
            directory::sync(&self.directory);
            removed.and(cleaned)
        })
    }

    /// Writes under `lease`. Returns false if a later lease was granted.
    fn unless_superseded(
        &self,
        key: &StoreKey,
        lease: Option<u64>,
        write: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<bool> {
        let numbers = directory::restored(&self.directory, || self.numbers(key))?;
        if lease.is_some_and(|number| number < numbers.last()) {
            return Ok(false);
        }
        write()?;
        drop(numbers);
        Ok(true)
    }

    fn numbers(&self, key: &StoreKey) -> io::Result<Numbers> {
        Numbers::lock(&self.path(key, "lease"))
    }

    fn lease(&self, key: &StoreKey) -> io::Result<Option<Lease>> {
        let path = self.path(key, "lock");
        // Opened anew each time: a cleaner may have deleted the previous file.
        let file = directory::restored(&self.directory, || open_lock(&path))?;
        match FileExt::try_lock(&file) {
            Ok(()) if is_at(&file, &path) => {
                let number = self.numbers(key)?.next()?;
                // Closing a file may block.
                Ok(Some(Lease::new(number, DropOnThread::new(file))))
            }
            Ok(()) | Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Runs `work` on a thread where it may block.
    fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> io::Result<T> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        let store = self.clone();
        let done = IO.run(move || work(&store));
        Box::pin(async move {
            match done.await {
                Ok(outcome) => outcome.map_err(StoreError::new),
                Err(_) => Err(StoreError::new("the thread for file access panicked")),
            }
        })
    }
}

fn open_lock(path: &Path) -> io::Result<File> {
    // Opening a pipe would block until its other end is opened.
    regular::metadata(path)?;
    let mut options = private();
    options.read(true).write(true).create(true).truncate(false);
    options.open(path)
}

/// Returns whether `file` is the one that other processes find at `path`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(ours), Ok(theirs)) = (file.metadata(), fs::metadata(path)) else {
        return false;
    };
    (ours.dev(), ours.ino()) == (theirs.dev(), theirs.ino())
}

/// Returns whether `file` is the one that other processes find at `path`. On these systems an open file keeps its
/// name.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

/// Returns options for files that only their owner may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // Changed above on Unix only.
    let _ = &mut options;
    options
}

/// Removes a file, if it exists.
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
        let key = key.clone();
        self.run(move |store| store.read(&key))
    }

    fn save<'a>(
        &'a self,
        key: &'a StoreKey,
        token: &'a StoredToken,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        let (key, token) = (key.clone(), token.clone());
        let written = self.run(move |store| store.write(&key, &token, lease));
        Box::pin(async { is_written(written.await?) })
    }

    fn remove<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        let key = key.clone();
        let erased = self.run(move |store| store.erase(&key, lease));
        Box::pin(async { is_written(erased.await?) })
    }

    fn leases(&self) -> Option<&dyn Leases> {
        Some(self)
    }
}

impl Leases for FileStore {
    fn try_lease<'a>(
        &'a self,
        key: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<Lease>, StoreError>> {
        let key = key.clone();
        self.run(move |store| store.lease(&key))
    }
}

fn is_written(written: bool) -> Result<(), StoreError> {
    if written {
        Ok(())
    } else {
        Err(StoreError::superseded())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::Duration;

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

    #[expect(clippy::unwrap_used, reason = "a helper of tests")]
    async fn granted(store: &FileStore) -> Option<Lease> {
        store.try_lease(&key()).await.unwrap()
    }

    #[tokio::test]
    async fn a_lease_is_that_of_the_file_that_others_find() {
        let directory = tempfile::tempdir().unwrap();
        let store = FileStore::new(directory.path()).unwrap();
        let first = granted(&store).await.unwrap();
        assert!(granted(&store).await.is_none());
        removed(&store.path(&key(), "lock")).unwrap();
        let second = granted(&store).await.unwrap();
        assert!(second.number() > first.number());
        drop(first);
        assert!(granted(&store).await.is_none(), "two hold the lease");
    }

    #[tokio::test]
    async fn numbers_grow_when_a_cleaner_has_taken_all_files() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("tokens");
        let store = FileStore::new(&path).unwrap();
        let before = granted(&store).await.unwrap().number();
        std::thread::sleep(Duration::from_millis(2));
        fs::remove_dir_all(&path).unwrap();
        assert!(granted(&store).await.unwrap().number() > before);
    }

    #[tokio::test]
    async fn a_write_under_an_earlier_lease_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let (store, key) = (FileStore::new(directory.path()).unwrap(), key());
        let token = |name: &str| StoredToken::new(crate::Token::new(name));
        let lost = granted(&store).await.unwrap().number();
        let later = loop {
            if let Some(lease) = granted(&store).await {
                break lease.number();
            }
        };
        store.save(&key, &token("new"), Some(later)).await.unwrap();
        let refused = store.save(&key, &token("old"), Some(lost)).await;
        assert!(refused.unwrap_err().is_superseded());
        let refused = store.remove(&key, Some(lost)).await;
        assert!(refused.unwrap_err().is_superseded());
        let stored = store.load(&key).await.unwrap().unwrap();
        assert_eq!(stored.token(), &crate::Token::new("new"));
    }
}
