//! The kinds of entries in the change log that the program itself reads back.

/// A role was given: `after` holds `{id, subject, role, scope}`, namespaced.
pub const GRANTED: &str = "authz.grant.created";
/// A role was taken: `before` holds `{subject, role, scope}`, namespaced.
pub const REVOKED: &str = "authz.grant.deleted";
/// Role definitions or implications were added or removed.
pub const POLICY_LOADED: &str = "authz.policy.loaded";
/// Rows came in from a Django fixture.
pub const IMPORTED: &str = "fixtures.imported";
/// A write that was refused for want of permission.
pub const DENIED: &str = "request.denied";

/// A user came: `after` holds `{id, username, is_staff, is_superuser}`.
pub const USER_CREATED: &str = "user.created";
/// A user's facts changed: `after` holds `{id, username, is_staff, is_superuser}`.
pub const USER_CHANGED: &str = "user.changed";
/// A user went, and the grants to the user's name with it.
pub const USER_DELETED: &str = "user.deleted";
/// A user was retired: as deleted, but the row stays.
pub const USER_RETIRED: &str = "user.retired";
/// A course went, and the grants on it with it.
pub const COURSE_DELETED: &str = "course.deleted";
/// A content library went, and the grants on it with it.
pub const LIBRARY_DELETED: &str = "library.deleted";

/// Whether an entry of this kind changes what the policy index holds in a way that only
/// compiling it again follows.
pub(crate) fn recompiles(kind: &str) -> bool {
    [
        POLICY_LOADED,
        IMPORTED,
        USER_DELETED,
        USER_RETIRED,
        COURSE_DELETED,
        LIBRARY_DELETED,
    ]
    .contains(&kind)
}

/// Whether an entry of this kind can change a user row.
pub(crate) fn changes_users(kind: &str) -> bool {
    kind == IMPORTED || kind.starts_with("user.")
}
