//! The directory of a store: for its owner alone, and there when it is needed.

use std::fs;
use std::io;
use std::path::Path;

/// Creates it, if it is not there.
pub(super) fn create(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

/// An error if somebody else owns the directory, and could replace what is in it.
#[cfg(unix)]
pub(super) fn check_owner(directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let owner = fs::metadata(directory)?.uid();
    if owner == rustix::process::geteuid().as_raw() {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        format!("the directory belongs to another user, of id {owner}"),
    ))
}

#[cfg(not(unix))]
pub(super) fn check_owner(_: &Path) -> io::Result<()> {
    Ok(())
}

/// What `work` comes to; tried once more in a new directory, where a cleaner has taken the old one.
pub(super) fn restored<T>(directory: &Path, work: impl Fn() -> io::Result<T>) -> io::Result<T> {
    match work() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create(directory)?;
            work()
        }
        outcome => outcome,
    }
}

/// Has the machine keep what was renamed or removed, also if it stops now. Not every file system can,
/// and others see the change without it, so a failure is none of the change.
#[cfg(unix)]
pub(super) fn sync(directory: &Path) {
    let _ = fs::File::open(directory).and_then(|directory| directory.sync_all());
}

/// Elsewhere a directory cannot be opened as a file.
#[cfg(not(unix))]
pub(super) fn sync(_: &Path) {}
