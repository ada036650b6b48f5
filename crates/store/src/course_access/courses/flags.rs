//! Flags that make a course public: visible to everyone, whatever the groups say.

use chrono::{DateTime, Utc};
use provost_listing::{LimitAsk, Slice};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait, IntoTableRef, Query, SelectStatement};

use crate::batch::{Insert, value};
use crate::course_access::{CourseRef, O, R, column, from, locked, one, page, remove, with_course};
use crate::{Db, Fault, Tx, derive};

/// A flag.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Flag {
    /// The key.
    pub id: i64,
    /// The course it makes public.
    #[sea_orm(nested)]
    pub course: CourseRef,
}

const TABLE: &str = "public_courses";

fn shown() -> SelectStatement {
    with_course(&mut from(TABLE)).column((R, "id")).take()
}

/// The keys of the flags of courses that the organization offers.
fn keys(organization: i64) -> SelectStatement {
    // A cross join keeps its order in SQLite.
    Query::select()
        .column((R, "id"))
        .from_as("organization_courses", O)
        .cross_join(TABLE.into_table_ref().alias(R))
        .and_where(column(O, "organization_id").eq(organization))
        .and_where(column(O, "active").eq(true))
        .and_where(column(R, "course_id").eq(column(O, "course_id")))
        .take()
}

fn one_of(organization: i64, id: i64) -> SelectStatement {
    let mut keys = keys(organization);
    keys.and_where(column(R, "id").eq(id));
    shown().and_where(column(R, "id").in_subquery(keys)).take()
}

/// A page of the flags of courses that the organization offers, in the order of their keys;
/// `total` where it is known.
pub async fn flags(
    db: &Db,
    organization: i64,
    ask: &LimitAsk,
    total: Option<u64>,
) -> Result<Slice<Flag>, Fault> {
    page(db, keys(organization), shown(), ask, total).await
}

/// The flag with this key, if the organization offers its course.
pub async fn flag(db: &Db, organization: i64, id: i64) -> Result<Option<Flag>, Fault> {
    one(db, &one_of(organization, id)).await
}

/// As [`flag`]; nobody else changes the flag until the transaction ends.
pub async fn lock_flag(tx: &Tx, organization: i64, id: i64) -> Result<Option<Flag>, Fault> {
    one(tx, locked(&mut one_of(organization, id))).await
}

/// Makes a course public; the key of the flag. [`Fault::Duplicate`] with
/// [`PublicCourse`](crate::Constraint::PublicCourse) when it is, [`Fault::Dangling`] when there is
/// no such course.
pub async fn create_flag(tx: &Tx, course: &str, now: DateTime<Utc>) -> Result<i64, Fault> {
    let now = derive::micros(now);
    let row = vec![value(now), value(now), value(course)];
    Insert::into(TABLE, &["created", "modified", "course_id"])
        .one_id(tx, row)
        .await
}

/// Moves the flag with this key to another course. Faults as [`create_flag`].
pub async fn change_flag(tx: &Tx, id: i64, course: &str, now: DateTime<Utc>) -> Result<(), Fault> {
    let update = Query::update()
        .table(TABLE)
        .value("course_id", course)
        .value("modified", derive::micros(now))
        .and_where(Expr::col("id").eq(id))
        .take();
    tx.run(&update).await.map(drop)
}

/// Removes a flag; whether there was one.
pub async fn remove_flag(tx: &Tx, id: i64) -> Result<bool, Fault> {
    remove(tx, TABLE, id).await
}
