//! What people may do beside what their switches and roles say.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query};

use crate::batch::{Insert, value};
use crate::{Db, Fault, Tx};

const TABLE: &str = "user_permissions";

/// The permissions of an account, in byte order.
pub async fn permissions(db: &Db, user: i64) -> Result<Vec<String>, Fault> {
    let select = Query::select()
        .column("permission")
        .from(TABLE)
        .and_where(Expr::col("user_id").eq(user))
        .order_by("permission", Order::Asc)
        .take();
    db.column(&select).await
}

/// Gives an account a permission; whether it did not have it. [`Fault::Dangling`] when there is no
/// such account.
pub async fn permit(tx: &Tx, user: i64, permission: &str) -> Result<bool, Fault> {
    let there = OnConflict::columns(["user_id", "permission"])
        .do_nothing()
        .to_owned();
    let row = vec![value(user), value(permission)];
    let made = Insert::into(TABLE, &["user_id", "permission"])
        .on_conflict(there)
        .run(tx, vec![row])
        .await?;
    Ok(made > 0)
}

/// Takes a permission from an account; whether it had it.
pub async fn forbid(tx: &Tx, user: i64, permission: &str) -> Result<bool, Fault> {
    let delete = Query::delete()
        .from_table(TABLE)
        .and_where(Expr::col("user_id").eq(user))
        .and_where(Expr::col("permission").eq(permission))
        .take();
    Ok(tx.run(&delete).await? > 0)
}
