//! The directory of a store, with access for its owner only.

use std::fs;
use std::io;
use std::path::Path;

/// Creates the directory, if it does not exist.
pub(super) fn create(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

/// Returns an error if another user owns the directory, who could replace its content.
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

/// Returns the result of `work`. If a cleaner has deleted the directory, creates it and tries once more.
pub(super) fn restored<T>(directory: &Path, work: impl Fn() -> io::Result<T>) -> io::Result<T> {
    match work() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create(directory)?;
            work()
        }
        outcome => outcome,
    }
}

/// Makes a rename or a removal durable. Not every file system supports this, and other processes see the change
/// without it, so a failure is ignored.
#[cfg(unix)]
pub(super) fn sync(directory: &Path) {
    let _ = fs::File::open(directory).and_then(|directory| directory.sync_all());
}

/// On these systems a directory cannot be opened as a file.
#[cfg(not(unix))]
pub(super) fn sync(_: &Path) {}
