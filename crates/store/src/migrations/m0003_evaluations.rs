//! Evaluations of rules of automatic membership, and what came of them for whom.

use sea_orm::sea_query::Index;

use super::sheet::OnRemoval::Cascade;
use super::sheet::sheet;
use crate::{Db, Fault};

pub(super) const NAME: &str = "0003_evaluations";

pub(super) async fn up(db: &Db) -> Result<(), Fault> {
    // The people of an organization are gone through in the order of their keys.
    let mut index = Index::create();
    index
        .name("organization_members_organization_id_user_id_idx")
        .table("organization_members")
        .col("organization_id")
        .col("user_id");
    db.run(&index).await?;
    sheet(db, "access_evaluations")
        .id()
        .ints(&["organization_id"])
        .texts(&["state"])
        .flags(&["dry_run"])
        .ints(&["total", "done", "joined", "created_at", "updated_at"])
        .maybe_ints(&["started_at", "finished_at"])
        .maybe_texts(&["error", "idempotency_key", "body_hash"])
        .unique_together(&["organization_id", "idempotency_key"])
        .index(&["organization_id", "id"])
        .refers("organization_id", "organizations", "id", Cascade)
        .create(db)
        .await?;
    // Rules and groups are remembered by key, since the record outlives them.
    sheet(db, "access_evaluation_results")
        .ints_key(["evaluation_id", "user_id"])
        .texts(&["outcome"])
        .maybe_ints(&["rule_id", "group_id"])
        .index(&["user_id"])
        .refers("evaluation_id", "access_evaluations", "id", Cascade)
        .refers("user_id", "users", "id", Cascade)
        .create(db)
        .await
}
