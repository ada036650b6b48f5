//! Links between courses and groups: who is in the group may see the course.

use chrono::{DateTime, Utc};
use provost_listing::{LimitAsk, Slice};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};

use crate::batch::{Insert, value};
use crate::course_access::{
    CourseRef, Named, O, R, column, from, locked, one, only, page_by_group, remove, with_course,
    with_group,
};
use crate::{Db, Fault, Tx, derive};

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct GroupCourse {
    /// The key.
    pub id: i64,
    /// The course that the group opens.
    #[sea_orm(nested)]
    pub course: CourseRef,
    /// Whether the organization that was asked for offers the course; it may have ceased to.
    pub offered: bool,
    /// The group.
    #[sea_orm(nested)]
    pub group: Named,
}

const TABLE: &str = "group_courses";

fn shown(organization: i64) -> SelectStatement {
    let offer = Query::select()
        .expr(Expr::val(1))
        .from_as("organization_courses", O)
        .and_where(column(O, "course_id").eq(column(R, "course_id")))
        .and_where(column(O, "organization_id").eq(organization))
        .and_where(column(O, "active").eq(true))
        .take();
    with_group(with_course(&mut from(TABLE)))
        .column((R, "id"))
        .expr_as(Expr::exists(offer), "offered")
        .take()
}

/// A page of the links of the organization's groups, in the order of their keys; `total` where it
/// is known.
pub async fn links(
    db: &Db,
    organization: i64,
    ask: &LimitAsk,
    total: Option<u64>,
) -> Result<Slice<GroupCourse>, Fault> {
    page_by_group(db, TABLE, organization, shown(organization), ask, total).await
}

/// The link with this key, if its group is of the organization.
pub async fn link(db: &Db, organization: i64, id: i64) -> Result<Option<GroupCourse>, Fault> {
    one(db, only(&mut shown(organization), organization, id)).await
}

/// As [`link`]; nobody else changes the link until the transaction ends.
pub async fn lock_link(tx: &Tx, organization: i64, id: i64) -> Result<Option<GroupCourse>, Fault> {
    let mut shown = shown(organization);
    one(tx, locked(only(&mut shown, organization, id))).await
}

/// Links a course to a group; the key of the link. [`Fault::Duplicate`] with
/// [`GroupCourse`](crate::Constraint::GroupCourse) when it is, [`Fault::Dangling`] when either does
/// not exist.
pub async fn create_link(
    tx: &Tx,
    course: &str,
    group: i64,
    now: DateTime<Utc>,
) -> Result<i64, Fault> {
    let now = derive::micros(now);
    let row = vec![value(now), value(now), value(course), value(group)];
    Insert::into(TABLE, &["created", "modified", "course_id", "group_id"])
        .one_id(tx, row)
        .await
}

/// Writes which course and group the link with this key joins. Faults as [`create_link`].
pub async fn change_link(
    tx: &Tx,
    id: i64,
    course: &str,
    group: i64,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let update = Query::update()
        .table(TABLE)
        .value("course_id", course)
        .value("group_id", group)
        .value("modified", derive::micros(now))
        .and_where(Expr::col("id").eq(id))
        .take();
    tx.run(&update).await.map(drop)
}

/// Removes a link; whether there was one.
pub async fn remove_link(tx: &Tx, id: i64) -> Result<bool, Fault> {
    remove(tx, TABLE, id).await
}
