//! Course access groups: who is in which group, which courses a group opens, which courses are
//! open to everyone, and the rules by which people come into groups on their own.
//!
//! Everything is asked for on behalf of one organization, the one a request works on: a row of
//! another organization is not there. A list is a count and a page; what is nested in its rows
//! comes by one more statement for all of them.

pub mod candidates;
pub mod courses;
pub mod evaluations;
pub mod facts;
pub mod groups;
pub mod memberships;
pub mod people;
pub mod rules;

use provost_keys::text;
use provost_listing::{LimitAsk, Slice};
use sea_orm::sea_query::{
    Expr, ExprTrait, Func, IntoTableRef, LockType, Order, Query, SelectStatement,
};
use sea_orm::{FromQueryResult, JoinType, QueryResult, TryGetable};

use crate::{Db, Fault, Tx};

/// A group, as what refers to it shows it.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Named {
    /// The key.
    #[sea_orm(from_alias = "group_id")]
    pub id: i64,
    /// What people call it.
    #[sea_orm(from_alias = "group_name")]
    pub name: String,
}

/// A person, as what refers to them shows them.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct PersonRef {
    /// The key.
    #[sea_orm(from_alias = "user_id")]
    pub id: i64,
    /// The username.
    pub username: String,
    /// The mail address.
    pub email: String,
}

/// A course, as what refers to it shows it.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct CourseRef {
    /// The key, `course-v1:Org+Course+Run`.
    #[sea_orm(from_alias = "course_id")]
    pub id: String,
    /// Its title, if there is one.
    #[sea_orm(from_alias = "course_name")]
    pub name: Option<String>,
}

/// Alias of the rows a list is of.
const R: &str = "r";
/// Alias of groups.
const G: &str = "g";
/// Alias of courses.
const C: &str = "c";
/// Alias of what organizations offer.
const O: &str = "o";

fn column(alias: &'static str, name: &'static str) -> Expr {
    Expr::col((alias, name))
}

/// A selection from rows `r`.
fn from(table: &'static str) -> SelectStatement {
    Query::select().from_as(table, R).take()
}

/// Adds the group of each row `r`.
fn with_group(select: &mut SelectStatement) -> &mut SelectStatement {
    let own = column(G, "id").eq(column(R, "group_id"));
    select
        .expr_as(column(G, "id"), "group_id")
        .expr_as(column(G, "name"), "group_name")
        .join_as(JoinType::InnerJoin, "access_groups", G, own)
}

/// Adds the course of each row `r`.
fn with_course(select: &mut SelectStatement) -> &mut SelectStatement {
    let own = column(C, "id").eq(column(R, "course_id"));
    select
        .expr_as(column(C, "id"), "course_id")
        .expr_as(column(C, "display_name"), "course_name")
        .join_as(JoinType::InnerJoin, "course_overviews", C, own)
}

/// The keys of the rows of `table` whose group is of the organization.
fn keys_by_group(table: &'static str, organization: i64) -> SelectStatement {
    // A cross join keeps its order in SQLite.
    Query::select()
        .column((R, "id"))
        .from_as("access_groups", G)
        .cross_join(table.into_table_ref().alias(R))
        .and_where(column(G, "organization_id").eq(organization))
        .and_where(column(R, "group_id").eq(column(G, "id")))
        .take()
}

/// Keeps the row `r` with this key, if its group `g` is of the organization.
fn only(select: &mut SelectStatement, organization: i64, id: i64) -> &mut SelectStatement {
    select
        .and_where(column(R, "id").eq(id))
        .and_where(column(G, "organization_id").eq(organization))
}

/// Keeps others from changing the selected rows `r` until the transaction ends.
fn locked(select: &mut SelectStatement) -> &mut SelectStatement {
    select.lock_with_tables(LockType::Update, [R])
}

/// A page of the rows whose keys `keys` selects, in the order of their keys; `shown` selects what
/// is read of rows `r`.
async fn page<T: FromQueryResult>(
    db: &Db,
    keys: SelectStatement,
    shown: SelectStatement,
    ask: &LimitAsk,
    total: Option<u64>,
) -> Result<Slice<T>, Fault> {
    let total = total_of(db, &keys, total).await?;
    rows(db, keys, shown, ask, total).await
}

/// A page of the rows of `table` whose group is of the organization, as [`page`].
async fn page_by_group<T: FromQueryResult>(
    db: &Db,
    table: &'static str,
    organization: i64,
    shown: SelectStatement,
    ask: &LimitAsk,
    total: Option<u64>,
) -> Result<Slice<T>, Fault> {
    let total = total_of(db, &keys_by_group(table, organization), total).await?;
    // What is on the page is among the first of its group, and an index has those in order: a
    // page costs the same however many rows the groups have.
    let of_group = Query::select()
        .column("id")
        .from(table)
        .and_where(Expr::col("group_id").eq(column(G, "id")))
        .order_by("id", Order::Asc)
        .limit(Ord::min(ask.offset.saturating_add(ask.limit), total))
        .take();
    let mut keys = Query::select();
    keys.column((R, "id"))
        .from_as("access_groups", G)
        .and_where(column(G, "organization_id").eq(organization));
    db.dialect().join_limited(&mut keys, (table, R), of_group);
    rows(db, keys, shown, ask, total).await
}

/// The first `limit` rows of `table` whose key is greater than `after`, whose group `g` is of the
/// organization and of which `wanted` holds, in the order of their keys.
async fn after_by_group<T: FromQueryResult>(
    db: &Db,
    table: &'static str,
    organization: i64,
    mut shown: SelectStatement,
    (after, limit): (i64, u64),
    wanted: Option<Expr>,
) -> Result<Vec<T>, Fault> {
    // As in `page_by_group`: what is on the page is among the first of its group.
    let of_group = Query::select()
        .column((table, "id"))
        .from(table)
        .and_where(Expr::col((table, "group_id")).eq(column(G, "id")))
        .and_where(Expr::col((table, "id")).gt(after))
        .and_where_option(wanted)
        .order_by((table, "id"), Order::Asc)
        .limit(limit)
        .take();
    let mut keys = Query::select();
    keys.column((R, "id"))
        .from_as("access_groups", G)
        .and_where(column(G, "organization_id").eq(organization));
    db.dialect().join_limited(&mut keys, (table, R), of_group);
    keys.order_by_expr(Expr::cust("1"), Order::Asc).limit(limit);
    shown
        .and_where(column(R, "id").in_subquery(keys))
        .order_by((R, "id"), Order::Asc);
    db.list(&shown).await
}

async fn rows<T: FromQueryResult>(
    db: &Db,
    mut keys: SelectStatement,
    mut shown: SelectStatement,
    ask: &LimitAsk,
    total: u64,
) -> Result<Slice<T>, Fault> {
    if !cut(&mut keys, ask, total) {
        return Ok(Slice::new(Vec::new(), total, ask.window()));
    }
    keys.order_by_expr(Expr::cust("1"), Order::Asc);
    shown
        .and_where(column(R, "id").in_subquery(keys))
        .order_by((R, "id"), Order::Asc);
    Ok(Slice::new(db.list(&shown).await?, total, ask.window()))
}

/// How many rows a statement selects, unless it is known.
async fn total_of(db: &Db, all: &SelectStatement, known: Option<u64>) -> Result<u64, Fault> {
    if let Some(total) = known {
        return Ok(total);
    }
    let count = Query::select()
        .expr(Func::count(Expr::cust("*")))
        .from_subquery(all.clone(), "counted")
        .take();
    let counted: Vec<i64> = db.column(&count).await?;
    Ok(counted.first().map_or(0, |count| count.unsigned_abs()))
}

/// Cuts the window out of the `total` rows of a statement; whether there is anything in it.
///
/// No number that is bound is greater than the total, however large those asked for are.
fn cut(select: &mut SelectStatement, ask: &LimitAsk, total: u64) -> bool {
    let window = ask.window();
    let left = total.saturating_sub(window.offset);
    if left > 0 {
        let limit = Ord::min(window.limit, left);
        select.limit(limit).offset(window.offset);
    }
    left > 0
}

/// The first row of a statement.
async fn one<T: FromQueryResult>(db: &Db, select: &SelectStatement) -> Result<Option<T>, Fault> {
    Ok(db.list(select).await?.into_iter().next())
}

/// Two columns of all rows of a statement.
async fn pairs<A: TryGetable, B: TryGetable>(
    db: &Db,
    select: &SelectStatement,
) -> Result<Vec<(A, B)>, Fault> {
    let rows = db.rows(select).await?;
    let pair = |row: &QueryResult| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
    rows.iter()
        .map(|row| pair(row).map_err(Fault::of))
        .collect()
}

/// Whether each of the terms occurs in one of the folded columns, which are never null; nothing
/// where there are no terms.
fn found(db: &Db, columns: &[Expr], terms: &[String]) -> Option<Expr> {
    let terms: Vec<String> = terms.iter().map(|term| text::fold(term)).collect();
    (!terms.is_empty()).then(|| db.dialect().contains_each(columns, &terms))
}

/// Removes the row of a table with this key; whether there was one.
async fn remove(tx: &Tx, table: &'static str, id: i64) -> Result<bool, Fault> {
    let delete = Query::delete()
        .from_table(table)
        .and_where(Expr::col("id").eq(id))
        .take();
    Ok(tx.run(&delete).await? > 0)
}
