//! The description of every table, in an order in which references point backwards.

mod authz;
mod course_access;
mod own;
mod platform;
mod tenants;

use super::Table;

pub use authz::*;
pub use course_access::*;
pub use own::*;
pub use platform::*;
pub use tenants::*;

/// All tables but those of the migrations; a reference points to a table further up.
pub static ALL: [&Table; 42] = [
    &USERS,
    &PROFILES,
    &RETIREMENTS,
    &SITES,
    &ORGANIZATIONS,
    &TAHOE_SITES,
    &ORGANIZATION_MEMBERS,
    &ORGANIZATION_COURSES,
    &LEARNING_PACKAGES,
    &CONTENT_LIBRARIES,
    &COURSE_OVERVIEWS,
    &CASBIN_RULES,
    &AUTHZ_SCOPES,
    &AUTHZ_LIBRARY_SCOPES,
    &AUTHZ_COURSE_SCOPES,
    &AUTHZ_SUBJECTS,
    &AUTHZ_USER_SUBJECTS,
    &AUTHZ_EXTENDED_RULES,
    &AUTHZ_ASSIGNMENT_AUDITS,
    &AUTHZ_POLICY_CACHE_CONTROL,
    &AUTHZ_MIGRATION_RUNS,
    &WAFFLE_FLAGS,
    &WAFFLE_ORG_OVERRIDES,
    &WAFFLE_COURSE_OVERRIDES,
    &COURSE_ACCESS_ROLES,
    &ACCESS_GROUPS,
    &ACCESS_MEMBERSHIPS,
    &ACCESS_RULES,
    &ACCESS_RULE_DOMAINS,
    &PUBLIC_COURSES,
    &GROUP_COURSES,
    &TENANT_ORGANIZATIONS,
    &TENANT_CONFIGS,
    &TENANT_ROUTES,
    &MICROSITES,
    &PROVISIONING_LOGS,
    &AUTH_TOKENS,
    &SESSIONS,
    &OAUTH_APPLICATIONS,
    &OAUTH_TOKENS,
    &CHANGES,
    &CHANGE_COUNTER,
];

/// The table of this name.
#[must_use]
pub fn table(name: &str) -> Option<&'static Table> {
    ALL.into_iter().find(|table| table.name == name)
}
