//! Whom rules of automatic membership are about: the active people of an organization.

use std::collections::HashSet;

use sea_orm::sea_query::{
    Expr, ExprTrait, Func, IntoTableRef, LockType, Order, Query, SelectStatement,
};

use super::{PersonRef, R, column};
use crate::{Db, Fault, Tx};

/// An active person of an organization, who may administer it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub person: PersonRef,
    /// Whether they are in any group already, whosever it is.
    pub is_member: bool,
}

/// Alias of who belongs to which organization.
const B: &str = "b";

fn people(organization: i64) -> SelectStatement {
    // A cross join keeps its order in SQLite.
    Query::select()
        .from_as("organization_members", B)
        .cross_join("users".into_table_ref().alias(R))
        .and_where(column(B, "organization_id").eq(organization))
        .and_where(column(R, "id").eq(column(B, "user_id")))
        .and_where(column(R, "is_active").eq(true))
        .take()
}

fn chunk(organization: i64, after: i64, limit: u64) -> SelectStatement {
    people(organization)
        .column((B, "user_id"))
        .columns([(R, "username"), (R, "email")])
        .and_where(column(B, "user_id").gt(after))
        .order_by((B, "user_id"), Order::Asc)
        .limit(limit)
        .take()
}

/// How many there are.
pub async fn count(db: &Db, organization: i64) -> Result<i64, Fault> {
    let select = people(organization)
        .expr(Func::count_distinct(column(B, "user_id")))
        .take();
    Ok(db.column(&select).await?.first().copied().unwrap_or(0))
}

/// The first of them, at most `limit`, whose key is greater than `after`, in the order of their
/// keys. None are left if there are none.
pub async fn after(
    db: &Db,
    organization: i64,
    after: i64,
    limit: u64,
) -> Result<Vec<Candidate>, Fault> {
    read(db, &chunk(organization, after, limit)).await
}

/// As [`after`]; their memberships stay as they are until the transaction ends, as far as others
/// [lock](super::memberships::lock_person) the person too.
pub async fn lock_after(
    tx: &Tx,
    organization: i64,
    after: i64,
    limit: u64,
) -> Result<Vec<Candidate>, Fault> {
    let mut select = chunk(organization, after, limit);
    read(tx, select.lock_with_tables(LockType::NoKeyUpdate, [R])).await
}

/// The memberships are read by a statement of their own, after that which may have had to wait.
async fn read(db: &Db, select: &SelectStatement) -> Result<Vec<Candidate>, Fault> {
    let mut people: Vec<PersonRef> = db.list(select).await?;
    // Rows that came from elsewhere may say twice that somebody belongs here.
    people.dedup_by_key(|person| person.id);
    let ids: Vec<i64> = people.iter().map(|person| person.id).collect();
    let select = Query::select()
        .column("user_id")
        .from("access_memberships")
        .and_where(db.dialect().is_one_of_ids(Expr::col("user_id"), &ids))
        .take();
    let members: HashSet<i64> = db.column(&select).await?.into_iter().collect();
    let candidates = people.into_iter().map(|person| Candidate {
        is_member: members.contains(&person.id),
        person,
    });
    Ok(candidates.collect())
}

/// Those of some groups that are there; they stay until the transaction ends.
pub async fn lock_groups(tx: &Tx, groups: &[i64]) -> Result<HashSet<i64>, Fault> {
    let select = Query::select()
        .column("id")
        .from("access_groups")
        .and_where(tx.dialect().is_one_of_ids(Expr::col("id"), groups))
        .order_by("id", Order::Asc)
        .lock(LockType::KeyShare)
        .take();
    Ok(tx.column(&select).await?.into_iter().collect())
}
