//! Promises of the documentation (E18).

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
    use std::path::{Path, PathBuf};

    use credsmith_runtime::FileStore;

    /// A user id that differs from that of the tests.
    const STRANGER: u32 = 65_534;

    /// A directory of somebody else, which only root can make; for others there is that of root.
    fn owned_by_another_user(parent: &Path) -> PathBuf {
        let theirs = parent.join("theirs");
        fs::create_dir(&theirs).unwrap();
        let given = chown(&theirs, Some(STRANGER), Some(STRANGER));
        let may_be_shared = fs::Permissions::from_mode(0o777);
        fs::set_permissions(&theirs, may_be_shared).unwrap();
        if given.is_ok() { theirs } else { "/tmp".into() }
    }

    #[test]
    fn fault_e18_a_directory_of_another_user_is_an_error() {
        let parent = tempfile::tempdir().unwrap();
        let theirs = owned_by_another_user(parent.path());
        let error = FileStore::new(&theirs).expect_err("tokens can be planted there");
        let said = super::super::text_of_chain(&error);
        assert!(said.contains("own") || said.contains("user"), "{said}");
    }

    #[test]
    fn fault_e18_a_link_to_a_directory_of_another_user_is_an_error() {
        let parent = tempfile::tempdir().unwrap();
        let link = parent.path().join("ours");
        symlink(owned_by_another_user(parent.path()), &link).unwrap();
        assert!(FileStore::new(&link).is_err());
    }

    #[test]
    fn fault_e18_a_directory_of_the_same_user_is_accepted() {
        let parent = tempfile::tempdir().unwrap();
        assert!(FileStore::new(parent.path()).is_ok());
        assert!(FileStore::new(parent.path().join("new/one")).is_ok());
    }
}
