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

/// A user came: `after` holds `{id, username, is_active, is_staff, is_superuser, retired}`.
pub const USER_CREATED: &str = "user.created";
/// A user changed. Where the switches did, `before` and `after` hold all that [`USER_CREATED`] does; where
/// they did not, none of it (`{password}`), and the indexes keep what they know.
pub const USER_CHANGED: &str = "user.changed";
/// A user went, and the grants to the user's name with it.
pub const USER_DELETED: &str = "user.deleted";
/// A user was retired: as deleted, but the row stays.
pub const USER_RETIRED: &str = "user.retired";
/// A course went, and the grants on it with it.
pub const COURSE_DELETED: &str = "course.deleted";
/// A content library went, and the grants on it with it.
pub const LIBRARY_DELETED: &str = "library.deleted";

/// A course access group was created: `after` holds `{id, organization, name, description}`.
pub const GROUP_CREATED: &str = "course_access.group.created";
/// A course access group was changed: `before` and `after` as for [`GROUP_CREATED`].
pub const GROUP_CHANGED: &str = "course_access.group.changed";
/// A course access group went: `before` as for [`GROUP_CREATED`], with the `memberships`, `rules` and
/// `courses` that went with it.
pub const GROUP_DELETED: &str = "course_access.group.deleted";
/// A person came into a group: `after` holds `{id, user, group, automatic}`.
pub const MEMBERSHIP_CREATED: &str = "course_access.membership.created";
/// A membership was changed: `before` and `after` as for [`MEMBERSHIP_CREATED`].
pub const MEMBERSHIP_CHANGED: &str = "course_access.membership.changed";
/// A person left a group: `before` as for [`MEMBERSHIP_CREATED`].
pub const MEMBERSHIP_DELETED: &str = "course_access.membership.deleted";
/// A rule of automatic membership was created: `after` holds `{id, name, domain, domains, group}`.
pub const RULE_CREATED: &str = "course_access.rule.created";
/// A rule was changed: `before` and `after` as for [`RULE_CREATED`].
pub const RULE_CHANGED: &str = "course_access.rule.changed";
/// A rule went: `before` as for [`RULE_CREATED`].
pub const RULE_DELETED: &str = "course_access.rule.deleted";
/// A course was made public: `after` holds `{id, course}`.
pub const PUBLIC_COURSE_CREATED: &str = "course_access.public_course.created";
/// A public flag was moved: `before` and `after` as for [`PUBLIC_COURSE_CREATED`].
pub const PUBLIC_COURSE_CHANGED: &str = "course_access.public_course.changed";
/// A course is public no more: `before` as for [`PUBLIC_COURSE_CREATED`].
pub const PUBLIC_COURSE_DELETED: &str = "course_access.public_course.deleted";
/// A course was linked to a group: `after` holds `{id, course, group}`.
pub const GROUP_COURSE_CREATED: &str = "course_access.group_course.created";
/// A link was changed: `before` and `after` as for [`GROUP_COURSE_CREATED`].
pub const GROUP_COURSE_CHANGED: &str = "course_access.group_course.changed";
/// A link went: `before` as for [`GROUP_COURSE_CREATED`].
pub const GROUP_COURSE_DELETED: &str = "course_access.group_course.deleted";
/// People of an organization are held against its rules: `after` holds `{id, dry_run, total}`.
pub const EVALUATION_CREATED: &str = "course_access.evaluation.created";
/// An evaluation put people into groups: `after` holds `{evaluation, memberships}`, of which each is
/// `[id, user, group]`.
pub const EVALUATION_APPLIED: &str = "course_access.evaluation.applied";

/// A tenant's configuration was created, or restored under its old key: `after` holds `{id, lms_configs,
/// studio_configs, theming_configs, meta, external_key, organizations}`. Its routes are entries of their
/// own, after this one.
pub const TENANT_CONFIG_CREATED: &str = "tenant.config.created";
/// A tenant's configuration was changed: `before` and `after` as for [`TENANT_CONFIG_CREATED`].
pub const TENANT_CONFIG_CHANGED: &str = "tenant.config.changed";
/// A tenant's configuration went: `before` as for [`TENANT_CONFIG_CREATED`]. Its routes went by entries
/// of their own, before this one.
pub const TENANT_CONFIG_DELETED: &str = "tenant.config.deleted";
/// A host leads to a tenant: `after` holds `{id, domain, config}`.
pub const TENANT_ROUTE_CREATED: &str = "tenant.route.created";
/// A route was changed: `before` and `after` as for [`TENANT_ROUTE_CREATED`].
pub const TENANT_ROUTE_CHANGED: &str = "tenant.route.changed";
/// A host leads to a tenant no more: `before` as for [`TENANT_ROUTE_CREATED`].
pub const TENANT_ROUTE_DELETED: &str = "tenant.route.deleted";
/// A microsite was created: `after` holds `{id, values, key, subdomain, organizations}`.
pub const TENANT_MICROSITE_CREATED: &str = "tenant.microsite.created";
/// A microsite was changed: `before` and `after` as for [`TENANT_MICROSITE_CREATED`].
pub const TENANT_MICROSITE_CHANGED: &str = "tenant.microsite.changed";
/// A microsite went: `before` as for [`TENANT_MICROSITE_CREATED`].
pub const TENANT_MICROSITE_DELETED: &str = "tenant.microsite.deleted";
/// What was kept of a deleted tenant is forgotten: `before` holds `{id, tenant_name, external_key, deleted_at, deleted_by}`.
pub const TENANT_PURGED: &str = "tenant.purged";
/// An organization came: `after` holds `{id, name, short_name}`.
pub const ORGANIZATION_CREATED: &str = "organization.created";

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
