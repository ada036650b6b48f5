//! Which reseller owns the groups of a tenant.

use sea_orm::sea_query::{Expr, ExprTrait, Query};

use super::{any, same};
use crate::batch::value;
use crate::{Db, Fault, Tx};

const TABLE: &str = "profile_groups";

/// Which groups of a tenant get its new reseller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owned {
    /// All.
    All,
    /// Those of this reseller, or of none.
    By(Option<i64>),
}

/// Whether a tenant has a group that is not this reseller's.
pub async fn has_others(db: &Db, tenant: i64, reseller: i64) -> Result<bool, Fault> {
    let own = || Expr::col("reseller_id");
    let select = Query::select()
        .column("id")
        .from(TABLE)
        .and_where(Expr::col("profile_id").eq(tenant))
        .and_where(own().is_null().or(own().ne(reseller)))
        .take();
    any(db, &select).await
}

/// Gives groups of a tenant to a reseller, or to none; the ids of those that were not its already.
pub async fn give(
    tx: &Tx,
    tenant: i64,
    owned: Owned,
    reseller: Option<i64>,
) -> Result<Vec<String>, Fault> {
    let own = || Expr::col("reseller_id");
    let mut update = Query::update();
    update
        .table(TABLE)
        .value("reseller_id", value(reseller))
        .and_where(Expr::col("profile_id").eq(tenant));
    if let Owned::By(former) = owned {
        if former == reseller {
            return Ok(Vec::new());
        }
        update.and_where(same(own(), former));
    } else {
        update.and_where(match reseller {
            Some(id) => own().is_null().or(own().ne(id)),
            None => own().is_not_null(),
        });
    }
    update.returning(Query::returning().column("group_id"));
    let mut given: Vec<String> = tx.column(&update).await?;
    given.sort_unstable();
    Ok(given)
}
