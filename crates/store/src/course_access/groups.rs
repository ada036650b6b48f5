//! The groups themselves.

use chrono::{DateTime, Utc};
use provost_listing::{LimitAsk, Slice};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};

use super::rules::{self, Rule};
use super::{R, column, locked, one};
use crate::batch::{Insert, value};
use crate::{Db, Fault, Tx, derive};

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Group {
    /// The key.
    pub id: i64,
    /// Whose it is; never changed.
    pub organization_id: i64,
    /// What people call it; others may be called the same.
    pub name: String,
    /// What it is; may be empty.
    pub description: String,
}

/// What went with a group that was removed, each in the order of its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// The memberships, with who was the member.
    pub memberships: Vec<(i64, i64)>,
    /// The rules that led into the group.
    pub rules: Vec<Rule>,
    /// The links, with the key of the course that the group opened.
    pub courses: Vec<(i64, String)>,
}

fn shown() -> SelectStatement {
    super::from("access_groups")
        .columns(["id", "organization_id", "name", "description"].map(|name| (R, name)))
        .take()
}

fn one_of(organization: i64, id: i64) -> SelectStatement {
    shown()
        .and_where(column(R, "id").eq(id))
        .and_where(column(R, "organization_id").eq(organization))
        .take()
}

/// A page of the organization's groups, in the order of their keys; `total` where it is known.
pub async fn page(
    db: &Db,
    organization: i64,
    ask: &LimitAsk,
    total: Option<u64>,
) -> Result<Slice<Group>, Fault> {
    let keys = super::from("access_groups")
        .column((R, "id"))
        .and_where(column(R, "organization_id").eq(organization))
        .take();
    super::page(db, keys, shown(), ask, total).await
}

/// The organization's group with this key.
pub async fn find(db: &Db, organization: i64, id: i64) -> Result<Option<Group>, Fault> {
    one(db, &one_of(organization, id)).await
}

/// As [`find`]; nobody else changes the group, or adds to it, until the transaction ends.
pub async fn lock(tx: &Tx, organization: i64, id: i64) -> Result<Option<Group>, Fault> {
    one(tx, locked(&mut one_of(organization, id))).await
}

/// Makes a group. [`Fault::Dangling`] when there is no such organization.
pub async fn create(
    tx: &Tx,
    organization: i64,
    name: &str,
    description: &str,
    now: DateTime<Utc>,
) -> Result<Group, Fault> {
    const COLUMNS: [&str; 5] = [
        "created",
        "modified",
        "name",
        "description",
        "organization_id",
    ];
    let now = derive::micros(now);
    let row = vec![
        value(now),
        value(now),
        value(name),
        value(description),
        value(organization),
    ];
    let id = Insert::into("access_groups", &COLUMNS)
        .one_id(tx, row)
        .await?;
    Ok(Group {
        id,
        organization_id: organization,
        name: name.to_owned(),
        description: description.to_owned(),
    })
}

/// Writes the name and the description of the group with `group`'s key.
pub async fn change(tx: &Tx, group: &Group, now: DateTime<Utc>) -> Result<(), Fault> {
    let update = Query::update()
        .table("access_groups")
        .value("name", group.name.as_str())
        .value("description", group.description.as_str())
        .value("modified", derive::micros(now))
        .and_where(Expr::col("id").eq(group.id))
        .take();
    tx.run(&update).await.map(drop)
}

/// Removes a group, and with it its memberships, rules and links; what they were. The group is to
/// be [locked](lock), so that nothing is added in the meantime.
pub async fn remove(tx: &Tx, id: i64) -> Result<Removed, Fault> {
    let removed = Removed {
        memberships: belonging(tx, "access_memberships", "user_id", id).await?,
        rules: rules::of_group(tx, id).await?,
        courses: belonging(tx, "group_courses", "course_id", id).await?,
    };
    super::remove(tx, "access_groups", id).await?;
    Ok(removed)
}

/// The keys of a group's rows in `table`, each with the value of another column.
async fn belonging<T: sea_orm::TryGetable>(
    tx: &Tx,
    table: &'static str,
    other: &'static str,
    group: i64,
) -> Result<Vec<(i64, T)>, Fault> {
    let select = Query::select()
        .columns(["id", other])
        .from(table)
        .and_where(Expr::col("group_id").eq(group))
        .order_by("id", Order::Asc)
        .take();
    super::pairs(tx, &select).await
}
