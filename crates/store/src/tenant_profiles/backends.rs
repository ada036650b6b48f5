//! Backends: the application servers that an operator tells tenants apart by.

use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};

use super::{any, column, people};
use crate::batch::{Insert, value};
use crate::select::{self, one};
use crate::{Db, Fault, Tx};

/// A backend.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Backend {
    /// The key.
    pub id: i64,
    /// The name; unique, compared exactly.
    pub name: String,
    /// What others call it.
    pub external_name: String,
    /// Whether tenants get it that are made without one.
    pub is_default: bool,
}

const TABLE: &str = "profile_backends";

fn shown() -> SelectStatement {
    Query::select()
        .columns(["id", "name", "external_name", "is_default"])
        .from(TABLE)
        .order_by("name", Order::Asc)
        .take()
}

/// All backends, by name.
pub async fn all(db: &Db) -> Result<Vec<Backend>, Fault> {
    db.list(&shown()).await
}

/// The backend of exactly this name.
pub async fn find(db: &Db, name: &str) -> Result<Option<Backend>, Fault> {
    if name.contains('\0') {
        return Ok(None);
    }
    one(db, shown().and_where(Expr::col("name").eq(name))).await
}

/// The backends that others call exactly this, by name.
pub async fn called(db: &Db, external_name: &str) -> Result<Vec<Backend>, Fault> {
    if external_name.contains('\0') {
        return Ok(Vec::new());
    }
    let own = Expr::col("external_name").eq(external_name);
    db.list(shown().and_where(own)).await
}

/// The backends with these keys, by name.
pub async fn find_all(db: &Db, ids: &[i64]) -> Result<Vec<Backend>, Fault> {
    let listed = db.dialect().is_one_of_ids(Expr::col("id"), ids);
    db.list(shown().and_where(listed)).await
}

/// The backend that tenants get who are made without one.
pub async fn default(db: &Db) -> Result<Option<Backend>, Fault> {
    one(db, shown().and_where(Expr::col("is_default").eq(true))).await
}

/// Makes a backend. [`Fault::Duplicate`] with [`ProfileBackend`](crate::Constraint::ProfileBackend) when
/// there is one of that name.
pub async fn create(tx: &Tx, name: &str, external_name: &str) -> Result<Backend, Fault> {
    let row = vec![value(name), value(external_name), value(false)];
    let id = Insert::into(TABLE, &["name", "external_name", "is_default"])
        .one_id(tx, row)
        .await?;
    Ok(Backend {
        id,
        name: name.to_owned(),
        external_name: external_name.to_owned(),
        is_default: false,
    })
}

/// Writes what others call a backend.
pub async fn rename(tx: &Tx, id: i64, external_name: &str) -> Result<(), Fault> {
    let update = Query::update()
        .table(TABLE)
        .value("external_name", external_name)
        .and_where(Expr::col("id").eq(id))
        .take();
    tx.run(&update).await.map(drop)
}

/// Makes the backend with this key the default, or none.
pub async fn set_default(tx: &Tx, id: Option<i64>) -> Result<(), Fault> {
    // No key is zero.
    let is_it = Expr::col("id").eq(id.unwrap_or(0));
    let update = Query::update()
        .table(TABLE)
        .value("is_default", is_it)
        .take();
    tx.run(&update).await.map(drop)
}

/// Whether a tenant is on the backend, or somebody who is there may use it.
pub async fn is_used(db: &Db, id: i64) -> Result<bool, Fault> {
    let tenants = Query::select()
        .column("id")
        .from("tenant_profiles")
        .and_where(Expr::col("backend_id").eq(id))
        .take();
    let theirs = column("theirs", "user_id").eq(column("person", "user_id"));
    let people = people::there()
        .column(("person", "user_id"))
        .join_as(
            JoinType::InnerJoin,
            "profile_people_backends",
            "theirs",
            theirs,
        )
        .and_where(column("theirs", "backend_id").eq(id))
        .take();
    Ok(any(db, &tenants).await? || any(db, &people).await?)
}

/// Removes a backend that nothing [uses](is_used).
pub async fn remove(tx: &Tx, id: i64) -> Result<bool, Fault> {
    select::remove(tx, TABLE, id).await
}
