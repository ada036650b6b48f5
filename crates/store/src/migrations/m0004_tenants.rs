//! Tenants: what each is configured to, the hosts it answers under, and what was done to it.

use sea_orm::sea_query::{ColumnDef, Expr, Query, Table};

use super::sheet::OnRemoval::Cascade;
use super::sheet::{Sheet, sheet};
use crate::{Db, Fault};

pub(super) const NAME: &str = "0004_tenants";

pub(super) async fn up(db: &Db) -> Result<(), Fault> {
    // An order in which every reference finds its table.
    for sheet in configs(db)
        .into_iter()
        .chain(microsites(db))
        .chain(records(db))
        .chain(sync(db))
    {
        sheet.create(db).await?;
    }
    sheet(db, "user_permissions")
        .ints(&["user_id"])
        .texts(&["permission"])
        .key(&["user_id", "permission"])
        .refers("user_id", "users", "id", Cascade)
        .create(db)
        .await?;
    begin_sync(db).await?;
    know_redirects(db).await
}

fn configs(db: &Db) -> Vec<Sheet> {
    vec![
        sheet(db, "tenant_organizations")
            .id()
            .texts(&["name"])
            .unique("name"),
        // What lists read stands before the documents: SQLite walks through a long value to
        // come to what is behind it.
        sheet(db, "tenant_configs")
            .id()
            .texts(&["external_key", "key_lower"])
            .maybe_texts(&["name_lower", "platform_lower"])
            .texts(&["summary"])
            .texts(&["meta", "theming_configs", "studio_configs", "lms_configs"])
            .index(&["external_key", "id"]),
        sheet(db, "tenant_config_organizations")
            .ints_key(["config_id", "organization_id"])
            .index(&["organization_id"])
            .refers("config_id", "tenant_configs", "id", Cascade)
            .refers("organization_id", "tenant_organizations", "id", Cascade),
        sheet(db, "tenant_routes")
            .id()
            .texts(&["domain", "domain_lower"])
            .ints(&["config_id"])
            .unique("domain")
            .index(&["config_id", "id"])
            .refers("config_id", "tenant_configs", "id", Cascade),
    ]
}

fn microsites(db: &Db) -> Vec<Sheet> {
    vec![
        sheet(db, "microsites")
            .id()
            .texts(&["key", "subdomain", "values"])
            .index(&["key", "id"])
            .index(&["subdomain", "id"]),
        sheet(db, "microsite_organizations")
            .ints_key(["microsite_id", "organization_id"])
            .index(&["organization_id"])
            .refers("microsite_id", "microsites", "id", Cascade)
            .refers("organization_id", "tenant_organizations", "id", Cascade),
    ]
}

/// What was done to tenants, which outlives them: nothing here refers to one.
fn records(db: &Db) -> Vec<Sheet> {
    vec![
        sheet(db, "provisioning_logs")
            .id()
            .texts(&["action", "status", "tenant_name"])
            .maybe_ints(&["tenant_id"])
            .texts(&["performed_by", "request_data"])
            .ints(&["response_status"])
            .texts(&["error_message"])
            .maybe_texts(&["ip_address"])
            .ints(&["created_at"])
            .index(&["created_at", "id"])
            .index(&["tenant_name", "created_at", "id"]),
        sheet(db, "deleted_tenants")
            .id()
            .ints(&["tenant_id"])
            .texts(&["tenant_name", "external_key"])
            .ints(&["deleted_at"])
            .texts(&["deleted_by", "shared_with", "document"])
            .index(&["external_key", "id"])
            .index(&["tenant_name", "id"])
            .index(&["deleted_at", "id"]),
        sheet(db, "kept_answers")
            .ints(&["user_id"])
            .texts(&["operation", "key", "body_hash"])
            .ints(&["status", "created_at"])
            .texts(&["body"])
            .key(&["user_id", "operation", "key"])
            .index(&["created_at"])
            .refers("user_id", "users", "id", Cascade),
    ]
}

/// What another platform was told of tenants.
fn sync(db: &Db) -> Vec<Sheet> {
    vec![
        sheet(db, "lms_sync")
            .int_key("id")
            .maybe_texts(&["target"])
            .ints(&["seq"])
            .maybe_texts(&["holder"])
            .maybe_ints(&["lease_until", "last_pushed_at"])
            .maybe_texts(&["last_error"])
            .maybe_ints(&["last_error_at"])
            .ints(&["failures"]),
        sheet(db, "lms_objects")
            .texts(&["kind"])
            .ints(&["local_id", "remote_id"])
            .key(&["kind", "local_id"]),
        sheet(db, "lms_refused")
            .id()
            .ints(&["seq"])
            .texts(&["kind", "subject"])
            .ints(&["status"])
            .texts(&["error"])
            .ints(&["at"])
            .index(&["subject"]),
    ]
}

/// The one row of `lms_sync`.
async fn begin_sync(db: &Db) -> Result<(), Fault> {
    let mut row = Query::insert();
    row.into_table("lms_sync")
        .columns(["id", "seq", "failures"]);
    row.values([1_i64, 0, 0].map(Expr::val))
        .map_err(Fault::broken)?;
    db.run(&row).await.map(drop)
}

/// Programs may be known by where they send browsers back to.
async fn know_redirects(db: &Db) -> Result<(), Fault> {
    let mut redirects = ColumnDef::new("redirect_uris");
    redirects.text().not_null().default("");
    if let Some(collation) = db.dialect().text_collation() {
        redirects.extra(collation);
    }
    let mut table = Table::alter();
    table.table("oauth_applications").add_column(&mut redirects);
    db.run(&table).await.map(drop)
}
