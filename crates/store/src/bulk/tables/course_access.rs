//! Who belongs where, and may therefore see which course.

use super::super::Table;
use super::super::columns::{counted, flag, int, json, text, time, to};

/// The one site of an organization, where that is kept apart from the organization.
pub static TAHOE_SITES: Table = counted(
    "tahoe_sites",
    &[
        int("id"),
        to(int("organization_id"), "organizations"),
        text("site_uuid"),
        to(int("site_id"), "sites"),
    ],
    &[],
);

/// Who belongs to which organization.
pub static ORGANIZATION_MEMBERS: Table = counted(
    "organization_members",
    &[
        int("id"),
        to(int("user_id"), "users"),
        to(int("organization_id"), "organizations"),
        flag("is_active"),
        flag("is_admin"),
    ],
    &[],
);

/// Which courses organizations offer.
pub static ORGANIZATION_COURSES: Table = counted(
    "organization_courses",
    &[
        int("id"),
        time("created"),
        time("modified"),
        text("course_id"),
        to(int("organization_id"), "organizations"),
        flag("active"),
        json("extra"),
    ],
    &[],
);

/// Groups whose members may see courses.
pub static ACCESS_GROUPS: Table = counted(
    "access_groups",
    &[
        int("id"),
        time("created"),
        time("modified"),
        text("name"),
        text("description"),
        to(int("organization_id"), "organizations"),
    ],
    &[],
);

/// Who is in which access group.
pub static ACCESS_MEMBERSHIPS: Table = counted(
    "access_memberships",
    &[
        int("id"),
        time("created"),
        time("modified"),
        to(int("group_id"), "access_groups"),
        to(int("user_id"), "users"),
        flag("automatic"),
    ],
    &[],
);

/// Which access group people of a mail domain are put into.
pub static ACCESS_RULES: Table = counted(
    "access_rules",
    &[
        int("id"),
        time("created"),
        time("modified"),
        text("name"),
        text("domain"),
        to(int("group_id"), "access_groups"),
    ],
    &[],
);

/// Mail domains of a rule beside its first one.
pub static ACCESS_RULE_DOMAINS: Table = counted(
    "access_rule_domains",
    &[
        int("id"),
        to(int("rule_id"), "access_rules"),
        text("domain"),
    ],
    &[],
);

/// Courses that everybody may see.
pub static PUBLIC_COURSES: Table = counted(
    "public_courses",
    &[
        int("id"),
        time("created"),
        time("modified"),
        to(text("course_id"), "course_overviews"),
    ],
    &[],
);

/// Courses that the members of access groups may see.
pub static GROUP_COURSES: Table = counted(
    "group_courses",
    &[
        int("id"),
        time("created"),
        time("modified"),
        to(text("course_id"), "course_overviews"),
        to(int("group_id"), "access_groups"),
    ],
    &[],
);
