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
use sea_orm::sea_query::{Expr, ExprTrait, IntoTableRef, LockType, Order, Query, SelectStatement};
use sea_orm::{FromQueryResult, JoinType};

use crate::select::{cut, one, pairs, remove, total_of};
use crate::{Db, Fault};

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

/// Whether each of the terms occurs in one of the folded columns, which are never null; nothing
/// where there are no terms.
fn found(db: &Db, columns: &[Expr], terms: &[String]) -> Option<Expr> {
    let terms: Vec<String> = terms.iter().map(|term| text::fold(term)).collect();
    (!terms.is_empty()).then(|| db.dialect().contains_each(columns, &terms))
}
