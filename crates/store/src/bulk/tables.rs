//! The description of every table, in an order in which references point backwards.

use super::Table;
use super::columns::{Derived, counted, flag, fold, int, json, keyed, maybe, text, time, to};

/// All tables but those of the migrations; a reference points to a table further up.
pub static ALL: [&Table; 26] = [
    &USERS,
    &PROFILES,
    &RETIREMENTS,
    &ORGANIZATIONS,
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

/// Accounts.
pub static USERS: Table = counted(
    "users",
    &[
        int("id"),
        text("username"),
        text("email"),
        text("first_name"),
        text("last_name"),
        text("password"),
        flag("is_active"),
        flag("is_staff"),
        flag("is_superuser"),
        maybe(time("last_login")),
        time("date_joined"),
        json("extra"),
    ],
    &[
        fold("username", "username_lower"),
        fold("email", "email_lower"),
        Derived::FullName {
            columns: ["full_name_lower"],
        },
    ],
);

/// What people say about themselves.
pub static PROFILES: Table = counted(
    "profiles",
    &[
        int("id"),
        to(int("user_id"), "users"),
        text("name"),
        json("extra"),
    ],
    &[fold("name", "name_lower")],
);

/// Requests to be forgotten.
pub static RETIREMENTS: Table = counted(
    "retirements",
    &[int("id"), to(int("user_id"), "users"), json("extra")],
    &[],
);

/// Organizations.
pub static ORGANIZATIONS: Table = counted(
    "organizations",
    &[
        int("id"),
        time("created"),
        time("modified"),
        text("name"),
        text("short_name"),
        maybe(text("description")),
        text("logo"),
        flag("active"),
        json("extra"),
    ],
    &[
        fold("name", "name_lower"),
        fold("short_name", "short_name_lower"),
    ],
);

/// Titles of libraries.
pub static LEARNING_PACKAGES: Table = counted(
    "learning_packages",
    &[int("id"), text("title"), json("extra")],
    &[fold("title", "title_lower")],
);

/// Content libraries.
pub static CONTENT_LIBRARIES: Table = counted(
    "content_libraries",
    &[
        int("id"),
        maybe(to(int("org_id"), "organizations")),
        text("slug"),
        maybe(to(int("learning_package_id"), "learning_packages")),
        json("extra"),
    ],
    &[],
);

/// Courses.
pub static COURSE_OVERVIEWS: Table = Table {
    name: "course_overviews",
    key: "id",
    columns: &[
        text("id"),
        text("org"),
        maybe(text("display_name")),
        json("extra"),
    ],
    derived: &[fold("display_name", "display_name_lower")],
    counted: false,
};

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

/// Feature flags.
pub static WAFFLE_FLAGS: Table = counted(
    "waffle_flags",
    &[
        int("id"),
        text("name"),
        maybe(flag("everyone")),
        json("extra"),
    ],
    &[],
);

/// What organizations say about feature flags.
pub static WAFFLE_ORG_OVERRIDES: Table = counted(
    "waffle_org_overrides",
    &[
        int("id"),
        text("org"),
        text("waffle_flag"),
        text("override_choice"),
        flag("enabled"),
        time("change_date"),
        json("extra"),
    ],
    &[],
);

/// What courses say about feature flags.
pub static WAFFLE_COURSE_OVERRIDES: Table = counted(
    "waffle_course_overrides",
    &[
        int("id"),
        text("course_id"),
        text("waffle_flag"),
        text("override_choice"),
        flag("enabled"),
        time("change_date"),
        json("extra"),
    ],
    &[],
);

/// Roles of the older kind.
pub static COURSE_ACCESS_ROLES: Table = counted(
    "course_access_roles",
    &[
        int("id"),
        to(int("user_id"), "users"),
        text("org"),
        text("course_id"),
        text("role"),
        json("extra"),
    ],
    &[],
);

/// Signed-in browsers.
pub static SESSIONS: Table = keyed(
    "sessions",
    "key_hash",
    &[
        text("key_hash"),
        to(int("user_id"), "users"),
        time("created_at"),
        time("expires_at"),
    ],
);

/// Programs that may ask for tokens.
pub static OAUTH_APPLICATIONS: Table = counted(
    "oauth_applications",
    &[
        int("id"),
        text("client_id"),
        text("client_secret"),
        text("name"),
        maybe(to(int("user_id"), "users")),
        text("client_type"),
        text("grant_type"),
        time("created_at"),
        time("updated_at"),
        json("extra"),
    ],
    &[],
);

/// Tokens.
pub static OAUTH_TOKENS: Table = keyed(
    "oauth_tokens",
    "token_hash",
    &[
        text("token_hash"),
        to(int("application_id"), "oauth_applications"),
        to(int("user_id"), "users"),
        text("scope"),
        time("created_at"),
        time("expires_at"),
    ],
);

/// The change log.
pub static CHANGES: Table = keyed(
    "changes",
    "seq",
    &[
        int("seq"),
        time("at"),
        maybe(int("actor_id")),
        text("actor"),
        maybe(text("on_behalf_of")),
        maybe(text("request_id")),
        maybe(text("org")),
        text("kind"),
        text("subject"),
        text("outcome"),
        maybe(json("before")),
        maybe(json("after")),
    ],
);

/// The last number of the change log.
pub static CHANGE_COUNTER: Table = keyed("change_counter", "id", &[int("id"), int("seq")]);
