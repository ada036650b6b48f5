//! The first tables.

use sea_orm::sea_query::{Expr, Query};

use super::sheet::OnRemoval::{Cascade, Forget};
use super::sheet::{Sheet, sheet};
use crate::{Db, Fault};

pub(super) const NAME: &str = "0001_tables";

pub(super) async fn up(db: &Db) -> Result<(), Fault> {
    // An order in which every reference finds its table.
    for sheet in people(db)
        .into_iter()
        .chain(catalogue(db))
        .chain(policy(db))
        .chain(policy_ties(db))
        .chain(policy_records(db))
        .chain(flags(db))
        .chain(entrance(db))
        .chain(journal(db))
    {
        sheet.create(db).await?;
    }
    let mut counter = Query::insert();
    counter.into_table("change_counter").columns(["id", "seq"]);
    counter
        .values([Expr::val(1_i64), Expr::val(0_i64)])
        .map_err(Fault::broken)?;
    db.run(&counter).await?;
    Ok(())
}

fn people(db: &Db) -> Vec<Sheet> {
    vec![
        sheet(db, "users")
            .id()
            .texts(&["username", "username_lower", "email", "email_lower"])
            .texts(&["first_name", "last_name", "full_name_lower", "password"])
            .flags(&["is_active", "is_staff", "is_superuser"])
            .maybe_ints(&["last_login"])
            .ints(&["date_joined"])
            .texts(&["extra"])
            .unique("username")
            .index(&["email"])
            // The orders of the listings of active people, each with its tie-break.
            .index(&["is_active", "username_lower", "username"])
            .index(&["is_active", "full_name_lower", "username"])
            // Many people share a name, or have none: read backwards, the index above would leave
            // all of them to be sorted.
            .index_backwards(
                &["is_active", "full_name_lower", "username"],
                "full_name_lower",
            )
            .index(&["is_active", "email_lower", "username"]),
        sheet(db, "profiles")
            .id()
            .ints(&["user_id"])
            .texts(&["name", "name_lower", "extra"])
            .unique("user_id")
            .refers("user_id", "users", "id", Cascade),
        sheet(db, "retirements")
            .id()
            .ints(&["user_id"])
            .texts(&["extra"])
            .unique("user_id")
            .refers("user_id", "users", "id", Cascade),
    ]
}

fn catalogue(db: &Db) -> Vec<Sheet> {
    vec![
        sheet(db, "organizations")
            .id()
            .ints(&["created", "modified"])
            .texts(&["name", "name_lower", "short_name", "short_name_lower"])
            .maybe_texts(&["description"])
            .texts(&["logo"])
            .flags(&["active"])
            .texts(&["extra"])
            .unique("short_name")
            .index(&["active", "name", "id"]),
        sheet(db, "learning_packages")
            .id()
            .texts(&["title", "title_lower", "extra"]),
        sheet(db, "content_libraries")
            .id()
            .maybe_ints(&["org_id"])
            .texts(&["slug"])
            .maybe_ints(&["learning_package_id"])
            .texts(&["extra"])
            .index(&["org_id", "slug"])
            .index(&["learning_package_id"])
            .refers("org_id", "organizations", "id", Cascade)
            .refers("learning_package_id", "learning_packages", "id", Forget),
        sheet(db, "course_overviews")
            .text_key("id")
            .texts(&["org"])
            .maybe_texts(&["display_name", "display_name_lower"])
            .texts(&["extra"])
            // Without the title: PostgreSQL refuses to index texts beyond some 2,700 bytes.
            .index(&["org"]),
    ]
}

fn policy(db: &Db) -> Vec<Sheet> {
    vec![
        sheet(db, "casbin_rules")
            .id()
            .texts(&["ptype", "v0", "v1", "v2", "v3", "v4", "v5"])
            .maybe_texts(&["scope_org", "scope_org_lower"])
            .texts(&["v1_lower", "v2_lower"])
            // Not unique: the tables this is imported from hold doubled rows. Writers are kept
            // from doubling one by being one at a time.
            //
            // None begins with `ptype`: nearly all rows are `g`, but SQLite takes the first
            // column of an index for selective as long as nobody has analysed the table, and
            // would then read all assignments for each user. At the end, `ptype` spares lists
            // and counts the row itself.
            .index(&["v0", "v1", "v2", "scope_org_lower", "ptype"])
            .index(&["v2", "v0", "v1", "ptype"])
            .index(&["scope_org"])
            // The orders of the listing of assignments, each with its tie-break.
            .index(&["v1_lower", "v0"])
            .index(&["v2_lower", "v0"])
            .index(&["scope_org_lower", "v0"]),
    ]
}

/// What ties assignments to the people and the content that they are about.
fn policy_ties(db: &Db) -> Vec<Sheet> {
    vec![
        sheet(db, "authz_scopes")
            .id()
            .maybe_texts(&["external_key"])
            .unique("external_key"),
        sheet(db, "authz_library_scopes")
            .int_key("scope_id")
            .maybe_ints(&["content_library_id"])
            .index(&["content_library_id"])
            .refers("scope_id", "authz_scopes", "id", Cascade)
            .refers("content_library_id", "content_libraries", "id", Cascade),
        sheet(db, "authz_course_scopes")
            .int_key("scope_id")
            .maybe_texts(&["course_overview_id"])
            .index(&["course_overview_id"])
            .refers("scope_id", "authz_scopes", "id", Cascade)
            .refers("course_overview_id", "course_overviews", "id", Cascade),
        sheet(db, "authz_subjects").id(),
        sheet(db, "authz_user_subjects")
            .int_key("subject_id")
            .maybe_ints(&["user_id"])
            .index(&["user_id"])
            .refers("subject_id", "authz_subjects", "id", Cascade)
            .refers("user_id", "users", "id", Cascade),
    ]
}

fn policy_records(db: &Db) -> Vec<Sheet> {
    vec![
        sheet(db, "authz_extended_rules")
            .id()
            .texts(&["casbin_rule_key"])
            .ints(&["casbin_rule_id"])
            .maybe_texts(&["description"])
            .ints(&["created_at", "updated_at"])
            .maybe_texts(&["metadata"])
            .maybe_ints(&["scope_id", "subject_id"])
            .unique("casbin_rule_key")
            .unique("casbin_rule_id")
            .index(&["scope_id"])
            .index(&["subject_id"])
            .refers("casbin_rule_id", "casbin_rules", "id", Cascade)
            .refers("scope_id", "authz_scopes", "id", Cascade)
            .refers("subject_id", "authz_subjects", "id", Cascade),
        sheet(db, "authz_assignment_audits")
            .id()
            .texts(&["operation", "subject", "role", "scope"])
            .maybe_ints(&["actor_id"])
            .ints(&["timestamp"])
            .index(&["subject"])
            .index(&["scope"]),
        sheet(db, "authz_policy_cache_control")
            .int_key("id")
            .texts(&["version"]),
        sheet(db, "authz_migration_runs")
            .id()
            .texts(&["migration_type", "scope_type", "scope_key", "status"])
            .ints(&["created_at", "updated_at"])
            .maybe_ints(&["completed_at"])
            .texts(&["metadata"])
            .index(&["scope_type", "scope_key", "status"]),
    ]
}

fn flags(db: &Db) -> Vec<Sheet> {
    vec![
        sheet(db, "waffle_flags")
            .id()
            .texts(&["name"])
            .maybe_flags(&["everyone"])
            .texts(&["extra"])
            .unique("name"),
        sheet(db, "waffle_org_overrides")
            .id()
            .texts(&["org", "waffle_flag", "override_choice"])
            .flags(&["enabled"])
            .ints(&["change_date"])
            .texts(&["extra"])
            .index(&["waffle_flag", "org", "id"]),
        sheet(db, "waffle_course_overrides")
            .id()
            .texts(&["course_id", "waffle_flag", "override_choice"])
            .flags(&["enabled"])
            .ints(&["change_date"])
            .texts(&["extra"])
            .index(&["waffle_flag", "course_id", "id"]),
        sheet(db, "course_access_roles")
            .id()
            .ints(&["user_id"])
            .texts(&["org", "course_id", "role", "extra"])
            .index(&["user_id"])
            .index(&["course_id"])
            .index(&["org"])
            .refers("user_id", "users", "id", Cascade),
    ]
}

fn entrance(db: &Db) -> Vec<Sheet> {
    vec![
        sheet(db, "sessions")
            .text_key("key_hash")
            .ints(&["user_id", "created_at", "expires_at"])
            .index(&["user_id"])
            .index(&["expires_at"])
            .refers("user_id", "users", "id", Cascade),
        sheet(db, "oauth_applications")
            .id()
            .texts(&["client_id", "client_secret", "name"])
            .maybe_ints(&["user_id"])
            .texts(&["client_type", "grant_type"])
            .ints(&["created_at", "updated_at"])
            .texts(&["extra"])
            .unique("client_id")
            .index(&["user_id"])
            .refers("user_id", "users", "id", Cascade),
        sheet(db, "oauth_tokens")
            .text_key("token_hash")
            .ints(&["application_id", "user_id"])
            .texts(&["scope"])
            .ints(&["created_at", "expires_at"])
            .index(&["application_id"])
            .index(&["user_id"])
            .index(&["expires_at"])
            .refers("application_id", "oauth_applications", "id", Cascade)
            .refers("user_id", "users", "id", Cascade),
    ]
}

fn journal(db: &Db) -> Vec<Sheet> {
    vec![
        sheet(db, "changes")
            .int_key("seq")
            .ints(&["at"])
            .maybe_ints(&["actor_id"])
            .texts(&["actor"])
            .maybe_texts(&["on_behalf_of", "request_id", "org"])
            .texts(&["kind", "subject", "outcome"])
            .maybe_texts(&["before", "after"])
            .index(&["actor", "seq"])
            .index(&["kind", "seq"])
            .index(&["subject", "seq"])
            .index(&["org", "seq"])
            .index(&["at"]),
        sheet(db, "change_counter").int_key("id").ints(&["seq"]),
    ]
}
