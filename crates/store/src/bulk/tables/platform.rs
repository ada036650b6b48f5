//! What belongs to the platform: people, organizations, courses, flags.

use super::super::columns::{
    Derived, counted, flag, fold, int, json, linked, maybe, text, time, to,
};
use super::super::{Link, Table};

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

/// Web sites, by host name.
pub static SITES: Table = counted(
    "sites",
    &[int("id"), text("domain"), text("name"), json("extra")],
    &[],
);

/// Organizations.
pub static ORGANIZATIONS: Table = linked(
    counted(
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
            maybe(text("uuid")),
            json("extra"),
        ],
        &[
            fold("name", "name_lower"),
            fold("short_name", "short_name_lower"),
        ],
    ),
    &[Link {
        table: "organization_sites",
        from: "organization_id",
        to: ("site_id", "sites"),
    }],
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
    links: &[],
    derived: &[
        fold("id", "id_lower"),
        fold("display_name", "display_name_lower"),
    ],
    counted: false,
};

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
