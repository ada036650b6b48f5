//! The policy and its bookkeeping.

use super::super::Table;
use super::super::columns::{Derived, counted, int, json, keyed, maybe, text, time, to};

/// The rows of the policy.
pub static CASBIN_RULES: Table = counted(
    "casbin_rules",
    &[
        int("id"),
        text("ptype"),
        text("v0"),
        text("v1"),
        text("v2"),
        text("v3"),
        text("v4"),
        text("v5"),
    ],
    &[Derived::Rule {
        columns: ["scope_org", "v1_lower", "v2_lower", "scope_org_lower"],
    }],
);

/// Scopes that something was assigned in.
pub static AUTHZ_SCOPES: Table = counted(
    "authz_scopes",
    &[int("id"), maybe(text("external_key"))],
    &[],
);

/// The libraries of scopes.
pub static AUTHZ_LIBRARY_SCOPES: Table = keyed(
    "authz_library_scopes",
    "scope_id",
    &[
        to(int("scope_id"), "authz_scopes"),
        maybe(to(int("content_library_id"), "content_libraries")),
    ],
);

/// The courses of scopes.
pub static AUTHZ_COURSE_SCOPES: Table = keyed(
    "authz_course_scopes",
    "scope_id",
    &[
        to(int("scope_id"), "authz_scopes"),
        maybe(to(text("course_overview_id"), "course_overviews")),
    ],
);

/// Who something was assigned to.
pub static AUTHZ_SUBJECTS: Table = counted("authz_subjects", &[int("id")], &[]);

/// The users of subjects.
pub static AUTHZ_USER_SUBJECTS: Table = keyed(
    "authz_user_subjects",
    "subject_id",
    &[
        to(int("subject_id"), "authz_subjects"),
        maybe(to(int("user_id"), "users")),
    ],
);

/// What ties assignments to scopes and subjects.
pub static AUTHZ_EXTENDED_RULES: Table = counted(
    "authz_extended_rules",
    &[
        int("id"),
        text("casbin_rule_key"),
        to(int("casbin_rule_id"), "casbin_rules"),
        maybe(text("description")),
        time("created_at"),
        time("updated_at"),
        maybe(json("metadata")),
        maybe(to(int("scope_id"), "authz_scopes")),
        maybe(to(int("subject_id"), "authz_subjects")),
    ],
    &[],
);

/// Who was given or lost what.
pub static AUTHZ_ASSIGNMENT_AUDITS: Table = counted(
    "authz_assignment_audits",
    &[
        int("id"),
        text("operation"),
        text("subject"),
        text("role"),
        text("scope"),
        maybe(int("actor_id")),
        time("timestamp"),
    ],
    &[],
);

/// The version of the policy.
pub static AUTHZ_POLICY_CACHE_CONTROL: Table = keyed(
    "authz_policy_cache_control",
    "id",
    &[int("id"), text("version")],
);

/// Runs that moved roles from older tables.
pub static AUTHZ_MIGRATION_RUNS: Table = counted(
    "authz_migration_runs",
    &[
        int("id"),
        text("migration_type"),
        text("scope_type"),
        text("scope_key"),
        text("status"),
        time("created_at"),
        time("updated_at"),
        maybe(time("completed_at")),
        json("metadata"),
    ],
    &[],
);
