//! Course access roles, the older kind of role that a platform keeps for its courses, and the
//! assignments they are copied to and from.

use std::collections::{HashMap, HashSet};

use provost_keys::stored;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SimpleExpr};
use sea_orm::{ColumnTrait, QueryResult};

use crate::batch::{Insert, value};
use crate::rules::{self, Grant};
use crate::tables::{casbin_rule, user};
use crate::{Db, Fault, Tx};

const TABLE: &str = "course_access_roles";

/// A role of the older kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AccessRole {
    /// The key of the user who has it.
    pub user_id: i64,
    /// The organization's short name; may be empty.
    pub org: String,
    /// The course's key; empty when the role holds in all courses of the organization.
    pub course_id: String,
    /// The role, e.g. `instructor`.
    pub role: String,
}

/// A row of [`AccessRole`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The key.
    pub id: i64,
    /// The name of the user.
    pub username: String,
    /// What it says.
    pub role: AccessRole,
}

/// Which part of the courses is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// What belongs to the organization of this short name, compared exactly.
    Org(&'a str),
    /// What belongs to one of the courses of these keys.
    Courses(&'a [String]),
}

/// The access roles of a part, in the order of their keys: those that name the organization, or
/// one of the courses.
pub async fn access_roles(db: &Db, part: Part<'_>) -> Result<Vec<Stored>, Fault> {
    let is_meant = match part {
        Part::Org(org) => Expr::col((TABLE, "org")).eq(org),
        Part::Courses(ids) => db.dialect().is_one_of(Expr::col((TABLE, "course_id")), ids),
    };
    let owner = Expr::col((user::Entity, user::Column::Id)).equals((TABLE, "user_id"));
    let select = Query::select()
        .columns(["id", "user_id", "org", "course_id", "role"].map(|column| (TABLE, column)))
        .column((user::Entity, user::Column::Username))
        .from(TABLE)
        .inner_join(user::Entity, owner)
        .and_where(is_meant)
        .order_by((TABLE, "id"), Order::Asc)
        .take();
    let rows = db.rows(&select).await?;
    rows.iter()
        .map(|row| {
            Ok(Stored {
                id: row.try_get("", "id").map_err(Fault::of)?,
                username: row.try_get("", "username").map_err(Fault::of)?,
                role: access_role(row)?,
            })
        })
        .collect()
}

fn access_role(row: &QueryResult) -> Result<AccessRole, Fault> {
    let text = |column| row.try_get("", column).map_err(Fault::of);
    Ok(AccessRole {
        user_id: row.try_get("", "user_id").map_err(Fault::of)?,
        org: text("org")?,
        course_id: text("course_id")?,
        role: text("role")?,
    })
}

/// The assignments of a part, in the order of their keys: those on a scope of the organization,
/// of whatever kind, or on exactly one of the courses.
pub async fn assignments(db: &Db, part: Part<'_>) -> Result<Vec<Grant>, Fault> {
    use casbin_rule::Column;
    let mut select = rules::select_grants();
    match part {
        Part::Org(org) => select.and_where(Column::ScopeOrg.eq(org)),
        Part::Courses(ids) => {
            let scopes: Vec<String> = ids
                .iter()
                .map(|id| stored::scope("course-v1", id))
                .collect();
            select.and_where(db.dialect().is_one_of(Expr::col(Column::V2), &scopes))
        }
    };
    rules::read(db, &select).await
}

/// Adds the access roles that are not there. For each wanted one, in order: the key of the row
/// that was added for it, or `None` when it was there already (or is wanted twice).
///
/// No index keeps rows from doubling; there being one writer at a time does.
pub async fn ensure(tx: &Tx, wanted: &[AccessRole]) -> Result<Vec<Option<i64>>, Fault> {
    const COLUMNS: [&str; 5] = ["user_id", "org", "course_id", "role", "extra"];
    let mut known = of_users(tx, wanted).await?;
    let is_new: Vec<bool> = wanted
        .iter()
        .map(|role| known.insert(role.clone()))
        .collect();
    let new = wanted.iter().zip(&is_new).filter(|(_, is_new)| **is_new);
    let rows = new.map(|(role, _)| values(role)).collect();
    let made: HashMap<AccessRole, i64> = Insert::into(TABLE, &COLUMNS)
        .returning(tx, rows, &["id", "user_id", "org", "course_id", "role"])
        .await?
        .iter()
        .map(|row| Ok((access_role(row)?, row.try_get("", "id").map_err(Fault::of)?)))
        .collect::<Result<_, Fault>>()?;
    let ids = wanted
        .iter()
        .zip(is_new)
        .map(|(role, is_new)| is_new.then(|| made.get(role).copied()).flatten());
    Ok(ids.collect())
}

/// What the users of `roles` have.
async fn of_users(db: &Db, roles: &[AccessRole]) -> Result<HashSet<AccessRole>, Fault> {
    let mut users: Vec<i64> = roles.iter().map(|role| role.user_id).collect();
    users.sort_unstable();
    users.dedup();
    let select = Query::select()
        .columns(["user_id", "org", "course_id", "role"])
        .from(TABLE)
        .and_where(db.dialect().is_one_of_ids(Expr::col("user_id"), &users))
        .take();
    db.rows(&select).await?.iter().map(access_role).collect()
}

fn values(role: &AccessRole) -> Vec<SimpleExpr> {
    vec![
        value(role.user_id),
        value(role.org.as_str()),
        value(role.course_id.as_str()),
        value(role.role.as_str()),
        value("{}"),
    ]
}

/// Removes the rows with these keys.
pub async fn remove(tx: &Tx, ids: &[i64]) -> Result<(), Fault> {
    let listed = tx.dialect().is_one_of_ids(Expr::col("id"), ids);
    let delete = Query::delete().from_table(TABLE).and_where(listed).take();
    tx.run(&delete).await.map(drop)
}
