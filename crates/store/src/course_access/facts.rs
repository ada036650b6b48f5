//! What the index in memory is built of: all rows, read in chunks by key.
//!
//! A chunk holds the first `limit` rows whose key is greater than `after`, in the order of keys.

use sea_orm::sea_query::{
    Expr, ExprTrait, Func, JoinType, Order, Query, SelectStatement, UnionType,
};
use sea_orm::{FromQueryResult, TryGetableMany};

use crate::{Db, Fault};

/// An account, as far as decisions depend on it.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct UserFact {
    /// The key.
    pub id: i64,
    /// Unique, compared exactly.
    pub username: String,
    /// Whether the account may be used.
    pub is_active: bool,
    /// Staff or superuser.
    pub is_admin: bool,
}

/// That a person belongs to an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct MemberFact {
    /// The key.
    pub id: i64,
    /// Who.
    pub user_id: i64,
    /// Where.
    pub organization_id: i64,
    /// Whether as administrator.
    pub is_admin: bool,
}

fn chunk(table: &'static str, columns: &[&'static str], after: i64, limit: u64) -> SelectStatement {
    Query::select()
        .columns(columns.iter().copied())
        .from(table)
        .and_where(Expr::col("id").gt(after))
        .order_by("id", Order::Asc)
        .limit(limit)
        .take()
}

async fn tuples<T: TryGetableMany>(db: &Db, select: &SelectStatement) -> Result<Vec<T>, Fault> {
    let rows = db.rows(select).await?;
    rows.iter()
        .map(|row| row.try_get_many_by_index().map_err(Fault::of))
        .collect()
}

/// Accounts that are not retired.
pub async fn users(db: &Db, after: i64, limit: u64) -> Result<Vec<UserFact>, Fault> {
    let retired = Query::select().column("user_id").from("retirements").take();
    let is_admin = Expr::col("is_staff").or(Expr::col("is_superuser"));
    let select = chunk("users", &["id", "username", "is_active"], after, limit)
        .expr_as(is_admin, "is_admin")
        .and_where(Expr::col("id").not_in_subquery(retired))
        .take();
    db.list(&select).await
}

/// Who belongs to which organization.
pub async fn members(db: &Db, after: i64, limit: u64) -> Result<Vec<MemberFact>, Fault> {
    let columns = ["id", "user_id", "organization_id", "is_admin"];
    db.list(&chunk("organization_members", &columns, after, limit))
        .await
}

/// Who is in which group: key, user, group.
pub async fn memberships(db: &Db, after: i64, limit: u64) -> Result<Vec<(i64, i64, i64)>, Fault> {
    let columns = ["id", "user_id", "group_id"];
    tuples(db, &chunk("access_memberships", &columns, after, limit)).await
}

/// Which course is linked to which group: key, course, group.
pub async fn links(db: &Db, after: i64, limit: u64) -> Result<Vec<(i64, String, i64)>, Fault> {
    let columns = ["id", "course_id", "group_id"];
    tuples(db, &chunk("group_courses", &columns, after, limit)).await
}

/// Which course is offered by which organization: key, course, organization. Active rows alone.
pub async fn offers(db: &Db, after: i64, limit: u64) -> Result<Vec<(i64, String, i64)>, Fault> {
    let columns = ["id", "course_id", "organization_id"];
    let select = chunk("organization_courses", &columns, after, limit)
        .and_where(Expr::col("active").eq(true))
        .take();
    tuples(db, &select).await
}

/// Which courses are public: key of the flag, course.
pub async fn flags(db: &Db, after: i64, limit: u64) -> Result<Vec<(i64, String)>, Fault> {
    let select = chunk("public_courses", &["id", "course_id"], after, limit);
    tuples(db, &select).await
}

/// The keys of all courses, in byte order.
pub async fn courses(db: &Db, after: &str, limit: u64) -> Result<Vec<String>, Fault> {
    let select = Query::select()
        .column("id")
        .from("course_overviews")
        .and_where(Expr::col("id").gt(after))
        .order_by("id", Order::Asc)
        .limit(limit)
        .take();
    db.column(&select).await
}

/// All sites: key, domain.
pub async fn sites(db: &Db) -> Result<Vec<(i64, String)>, Fault> {
    let select = Query::select()
        .columns(["id", "domain"])
        .from("sites")
        .order_by("id", Order::Asc)
        .take();
    tuples(db, &select).await
}

/// Which site belongs to which organization: what `tahoe_sites` says, and `organization_sites` for the
/// sites that it does not name.
pub async fn site_organizations(db: &Db) -> Result<Vec<(i64, i64)>, Fault> {
    let named = Query::select().column("site_id").from("tahoe_sites").take();
    let others = Query::select()
        .columns(["site_id", "organization_id"])
        .from("organization_sites")
        .and_where(Expr::col("site_id").not_in_subquery(named))
        .take();
    let select = Query::select()
        .columns(["site_id", "organization_id"])
        .from("tahoe_sites")
        .union(UnionType::All, others)
        .order_by("site_id", Order::Asc)
        .order_by("organization_id", Order::Asc)
        .take();
    tuples(db, &select).await
}

/// All organizations: key, short name, UUID. The UUID of `tahoe_sites` comes before the organization's
/// own.
pub async fn organizations(db: &Db) -> Result<Vec<(i64, String, Option<String>)>, Fault> {
    let uuid = Func::coalesce([
        Expr::col(("tahoe_sites", "site_uuid")),
        Expr::col(("organizations", "uuid")),
    ]);
    let of_organization =
        Expr::col(("tahoe_sites", "organization_id")).equals(("organizations", "id"));
    let select = Query::select()
        .column(("organizations", "id"))
        .column(("organizations", "short_name"))
        .expr_as(uuid, "uuid")
        .from("organizations")
        .join(JoinType::LeftJoin, "tahoe_sites", of_organization)
        .order_by(("organizations", "id"), Order::Asc)
        .take();
    tuples(db, &select).await
}
