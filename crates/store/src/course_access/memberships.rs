//! Who is in which group. A person may be in several; where one is shown, it is the oldest.

use chrono::{DateTime, Utc};
use provost_listing::{LimitAsk, Slice};
use sea_orm::sea_query::{Expr, ExprTrait, LockType, OnConflict, Order, Query, SelectStatement};
use sea_orm::{FromQueryResult, JoinType, QueryResult};

use super::{G, Named, PersonRef, R, column, locked, one, only, with_group};
use crate::batch::{Insert, value};
use crate::{Db, Fault, Tx, derive};

/// That somebody is in a group.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Membership {
    /// The key.
    pub id: i64,
    /// Who, of whatever organization, active or not.
    #[sea_orm(nested)]
    pub user: PersonRef,
    /// In which group.
    #[sea_orm(nested)]
    pub group: Named,
    /// Whether a rule made it.
    pub automatic: bool,
}

const TABLE: &str = "access_memberships";
const COLUMNS: [&str; 5] = ["created", "modified", "user_id", "group_id", "automatic"];

fn shown() -> SelectStatement {
    const U: &str = "u";
    let mut shown = super::from(TABLE);
    with_group(&mut shown)
        .columns([(R, "id"), (R, "user_id"), (R, "automatic")])
        .columns([(U, "username"), (U, "email")])
        .join_as(
            JoinType::InnerJoin,
            "users",
            U,
            column(U, "id").eq(column(R, "user_id")),
        )
        .take()
}

/// A page of the memberships in the organization's groups, in the order of their keys; `total`
/// where it is known.
pub async fn page(
    db: &Db,
    organization: i64,
    ask: &LimitAsk,
    total: Option<u64>,
) -> Result<Slice<Membership>, Fault> {
    super::page_by_group(db, TABLE, organization, shown(), ask, total).await
}

/// The membership with this key, if its group is of the organization.
pub async fn find(db: &Db, organization: i64, id: i64) -> Result<Option<Membership>, Fault> {
    one(db, only(&mut shown(), organization, id)).await
}

/// As [`find`]; nobody else changes the membership until the transaction ends.
pub async fn lock(tx: &Tx, organization: i64, id: i64) -> Result<Option<Membership>, Fault> {
    one(tx, locked(only(&mut shown(), organization, id))).await
}

/// The first `limit` memberships after the one with the key `after`, in the order of their keys, in
/// the organization's groups, of people who belong to it.
pub async fn own_after(
    db: &Db,
    organization: i64,
    after: i64,
    limit: u64,
) -> Result<Vec<Membership>, Fault> {
    let own = belongs(Expr::col((TABLE, "user_id")), organization);
    let span = (after, limit);
    super::after_by_group(db, TABLE, organization, shown(), span, Some(own)).await
}

/// As [`find`], if the person belongs to the organization.
pub async fn find_own(db: &Db, organization: i64, id: i64) -> Result<Option<Membership>, Fault> {
    one(db, own(&mut shown(), organization, id)).await
}

/// As [`lock`], if the person belongs to the organization.
pub async fn lock_own(tx: &Tx, organization: i64, id: i64) -> Result<Option<Membership>, Fault> {
    one(tx, locked(own(&mut shown(), organization, id))).await
}

fn own(select: &mut SelectStatement, organization: i64, id: i64) -> &mut SelectStatement {
    only(select, organization, id).and_where(belongs(column(R, "user_id"), organization))
}

/// Whether a person belongs to the organization.
pub(super) fn belongs(user: Expr, organization: i64) -> Expr {
    const B: &str = "b";
    let rows = Query::select()
        .expr(Expr::val(1))
        .from_as("organization_members", B)
        .and_where(column(B, "user_id").eq(user))
        .and_where(column(B, "organization_id").eq(organization))
        .take();
    Expr::exists(rows)
}

/// Puts a person into a group; the key of the membership. [`Fault::Duplicate`] with
/// [`Membership`](crate::Constraint::Membership) when they are in it, [`Fault::Dangling`] when
/// either does not exist.
pub async fn create(
    tx: &Tx,
    user: i64,
    group: i64,
    automatic: bool,
    now: DateTime<Utc>,
) -> Result<i64, Fault> {
    let row = row((user, group), automatic, now);
    Insert::into(TABLE, &COLUMNS).one_id(tx, row).await
}

/// Values in the order of [`COLUMNS`].
fn row((user, group): (i64, i64), automatic: bool, now: DateTime<Utc>) -> Vec<Expr> {
    let now = derive::micros(now);
    vec![
        value(now),
        value(now),
        value(user),
        value(group),
        value(automatic),
    ]
}

/// Puts people into groups (pairs of both keys) where they are not in them yet: key, user and
/// group of each membership that was made, in the order of keys.
pub async fn create_many(
    tx: &Tx,
    pairs: &[(i64, i64)],
    automatic: bool,
    now: DateTime<Utc>,
) -> Result<Vec<(i64, i64, i64)>, Fault> {
    let rows = pairs.iter().map(|pair| row(*pair, automatic, now));
    let there = OnConflict::columns(["user_id", "group_id"])
        .do_nothing()
        .to_owned();
    let made = Insert::into(TABLE, &COLUMNS)
        .on_conflict(there)
        .returning(tx, rows.collect(), &["id", "user_id", "group_id"])
        .await?;
    let key = |row: &QueryResult, name| row.try_get("", name).map_err(Fault::of);
    let mut made = made
        .iter()
        .map(|row| Ok((key(row, "id")?, key(row, "user_id")?, key(row, "group_id")?)))
        .collect::<Result<Vec<_>, Fault>>()?;
    made.sort_unstable();
    Ok(made)
}

/// Writes who is in which group by the membership with this key; its `automatic` stays. Faults as
/// [`create`].
pub async fn change(
    tx: &Tx,
    id: i64,
    user: i64,
    group: i64,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let update = Query::update()
        .table(TABLE)
        .value("user_id", user)
        .value("group_id", group)
        .value("modified", derive::micros(now))
        .and_where(Expr::col("id").eq(id))
        .take();
    tx.run(&update).await.map(drop)
}

/// Removes a membership; whether there was one.
pub async fn remove(tx: &Tx, id: i64) -> Result<bool, Fault> {
    super::remove(tx, TABLE, id).await
}

/// Keeps other transactions that call this from changing the same person's memberships until this
/// one ends; whether there is such a person.
pub async fn lock_person(tx: &Tx, user: i64) -> Result<bool, Fault> {
    // Not so strong that what refers to the person, such as a sign-in, would have to wait.
    let lock = Query::select()
        .column("id")
        .from("users")
        .and_where(Expr::col("id").eq(user))
        .lock(LockType::NoKeyUpdate)
        .take();
    Ok(!tx.rows(&lock).await?.is_empty())
}

/// All memberships of a person, whosever the groups are, oldest first: their keys with those of
/// the groups.
pub async fn of_person(db: &Db, user: i64) -> Result<Vec<(i64, i64)>, Fault> {
    let select = Query::select()
        .columns(["id", "group_id"])
        .from(TABLE)
        .and_where(Expr::col("user_id").eq(user))
        .order_by("id", Order::Asc)
        .take();
    super::pairs(db, &select).await
}

/// The memberships of a person in the organization's groups, oldest first.
pub async fn all_of(db: &Db, organization: i64, user: i64) -> Result<Vec<Membership>, Fault> {
    let select = shown()
        .and_where(column(R, "user_id").eq(user))
        .and_where(column(G, "organization_id").eq(organization))
        .order_by((R, "id"), Order::Asc)
        .take();
    db.list(&select).await
}
