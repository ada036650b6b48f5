//! Sites, who belongs to which organization, and who may see which course.

use provost_keys::text;
use sea_orm::sea_query::{ColumnDef, Expr, ExprTrait, Index, Query, Table};

use super::sheet::OnRemoval::Cascade;
use super::sheet::{Sheet, sheet};
use crate::fault::unique_name;
use crate::{Db, Fault};

pub(super) const NAME: &str = "0002_course_access";

pub(super) async fn up(db: &Db) -> Result<(), Fault> {
    identify_organizations(db).await?;
    fold_course_keys(db).await?;
    // An order in which every reference finds its table.
    for sheet in sites(db)
        .into_iter()
        .chain(belonging(db))
        .chain(groups(db))
        .chain(courses(db))
    {
        sheet.create(db).await?;
    }
    sheet(db, "auth_tokens")
        .text_key("key")
        .ints(&["user_id", "created"])
        .unique("user_id")
        .refers("user_id", "users", "id", Cascade)
        .create(db)
        .await
}

/// Organizations may have a UUID.
async fn identify_organizations(db: &Db) -> Result<(), Fault> {
    let mut uuid = ColumnDef::new("uuid");
    uuid.text().null();
    if let Some(collation) = db.dialect().text_collation() {
        uuid.extra(collation);
    }
    let mut table = Table::alter();
    table.table("organizations").add_column(&mut uuid);
    db.run(&table).await?;
    let mut index = Index::create();
    index
        .name(unique_name("organizations", &["uuid"]))
        .table("organizations")
        .col("uuid")
        .unique();
    db.run(&index).await.map(drop)
}

/// Courses are searched by their key, whatever its case.
async fn fold_course_keys(db: &Db) -> Result<(), Fault> {
    let mut folded = ColumnDef::new("id_lower");
    folded.text().not_null().default("");
    if let Some(collation) = db.dialect().text_collation() {
        folded.extra(collation);
    }
    let mut table = Table::alter();
    table.table("course_overviews").add_column(&mut folded);
    db.run(&table).await?;
    let keys = Query::select().column("id").from("course_overviews").take();
    for key in db.column::<String>(&keys).await? {
        let update = Query::update()
            .table("course_overviews")
            .value("id_lower", text::fold(&key))
            .and_where(Expr::col("id").eq(key))
            .take();
        db.run(&update).await?;
    }
    Ok(())
}

fn sites(db: &Db) -> Vec<Sheet> {
    vec![
        sheet(db, "sites")
            .id()
            .texts(&["domain", "name", "extra"])
            .unique("domain"),
        sheet(db, "organization_sites")
            .ints_key(["organization_id", "site_id"])
            .index(&["site_id"])
            .refers("organization_id", "organizations", "id", Cascade)
            .refers("site_id", "sites", "id", Cascade),
        sheet(db, "tahoe_sites")
            .id()
            .ints(&["organization_id", "site_id"])
            .texts(&["site_uuid"])
            .unique("organization_id")
            .unique("site_id")
            .unique("site_uuid")
            .refers("organization_id", "organizations", "id", Cascade)
            .refers("site_id", "sites", "id", Cascade),
    ]
}

fn belonging(db: &Db) -> Vec<Sheet> {
    vec![
        // A person belongs to one organization, but rows that came from elsewhere may say more.
        sheet(db, "organization_members")
            .id()
            .ints(&["user_id", "organization_id"])
            .flags(&["is_active", "is_admin"])
            .index(&["organization_id", "is_admin", "user_id"])
            .index(&["user_id"])
            .refers("user_id", "users", "id", Cascade)
            .refers("organization_id", "organizations", "id", Cascade),
        sheet(db, "organization_courses")
            .id()
            .ints(&["created", "modified"])
            .texts(&["course_id"])
            .ints(&["organization_id"])
            .flags(&["active"])
            .texts(&["extra"])
            .unique_together(&["course_id", "organization_id"])
            .index(&["organization_id", "active", "course_id"])
            .refers("organization_id", "organizations", "id", Cascade),
    ]
}

fn groups(db: &Db) -> Vec<Sheet> {
    vec![
        sheet(db, "access_groups")
            .id()
            .ints(&["created", "modified"])
            .texts(&["name", "description"])
            .ints(&["organization_id"])
            .index(&["organization_id", "id"])
            .refers("organization_id", "organizations", "id", Cascade),
        sheet(db, "access_memberships")
            .id()
            .ints(&["created", "modified", "group_id", "user_id"])
            .flags(&["automatic"])
            .unique_together(&["user_id", "group_id"])
            .index(&["group_id", "id"])
            .index(&["group_id", "user_id"])
            .refers("group_id", "access_groups", "id", Cascade)
            .refers("user_id", "users", "id", Cascade),
        sheet(db, "access_rules")
            .id()
            .ints(&["created", "modified"])
            .texts(&["name", "domain"])
            .ints(&["group_id"])
            .index(&["group_id", "id"])
            .index(&["domain"])
            .refers("group_id", "access_groups", "id", Cascade),
        sheet(db, "access_rule_domains")
            .id()
            .ints(&["rule_id"])
            .texts(&["domain"])
            .unique_together(&["rule_id", "domain"])
            .refers("rule_id", "access_rules", "id", Cascade),
    ]
}

fn courses(db: &Db) -> Vec<Sheet> {
    vec![
        sheet(db, "public_courses")
            .id()
            .ints(&["created", "modified"])
            .texts(&["course_id"])
            .unique("course_id")
            .refers("course_id", "course_overviews", "id", Cascade),
        sheet(db, "group_courses")
            .id()
            .ints(&["created", "modified"])
            .texts(&["course_id"])
            .ints(&["group_id"])
            .unique_together(&["course_id", "group_id"])
            .index(&["group_id", "id"])
            .refers("course_id", "course_overviews", "id", Cascade)
            .refers("group_id", "access_groups", "id", Cascade),
    ]
}
