//! The policy's rows: role definitions (`p`), implications between actions (`g2`) and role
//! assignments (`g`), all in one table and one sequence of ids.
//!
//! Every text is a namespaced key: `user^ada`, `role^library_admin`, `act^…`, `lib^lib:Org:Slug`.
//!
//! Invariant: rows are added and removed by writers alone, of which there is one at a time
//! ([`Store::begin`](crate::Store::begin)), so that "is it there already?" stays answered until the
//! commit. There is no unique index behind it, because imported tables may hold doubled rows.

mod definitions;

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::{Expr, Order, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait,
    StatementBuilder,
};

use crate::batch::{Insert, value};
use crate::derive::rule_columns;
use crate::tables::casbin_rule::{Column, Entity};
use crate::tables::{extended_rule, subject, user_subject};
use crate::{Db, Fault, Tx};

pub use definitions::{
    ClearedRoles, Definition, Implication, Loaded, NewDefinition, NewImplication, definitions,
    delete_implications, delete_roles, implications, load_policy,
};

/// A role assignment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Grant {
    /// The key; assignments are listed in its order.
    pub id: i64,
    /// Who.
    pub subject: String,
    /// Which role.
    pub role: String,
    /// Where.
    pub scope: String,
}

/// A role assignment to be made or looked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NewGrant {
    /// Who.
    pub subject: String,
    /// Which role.
    pub role: String,
    /// Where.
    pub scope: String,
}

fn rules_of(ptype: &str) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::Ptype.eq(ptype))
}

/// All assignments, in id order.
pub(crate) fn select_grants() -> SelectStatement {
    rules_of("g")
        .select_only()
        .columns([Column::Id, Column::V0, Column::V1, Column::V2])
        .order_by_asc(Column::Id)
        .into_query()
}

/// The assignments that a statement answers with.
pub(crate) async fn read(db: &Db, statement: &impl StatementBuilder) -> Result<Vec<Grant>, Fault> {
    db.rows(statement).await?.iter().map(grant).collect()
}

fn grant(row: &QueryResult) -> Result<Grant, Fault> {
    let text = |column| row.try_get("", column).map_err(Fault::of);
    Ok(Grant {
        id: row.try_get("", "id").map_err(Fault::of)?,
        subject: text("v0")?,
        role: text("v1")?,
        scope: text("v2")?,
    })
}

/// The first `limit` assignments whose id is greater than `after`, in id order.
pub async fn grants(db: &Db, after: i64, limit: u64) -> Result<Vec<Grant>, Fault> {
    // Nearly all rows are assignments, so the key is the way to them.
    let select = Query::select()
        .columns([Column::Id, Column::V0, Column::V1, Column::V2])
        .from(Entity)
        .and_where(Column::Ptype.eq("g"))
        .and_where(Column::Id.gt(after))
        .order_by(Column::Id, Order::Asc)
        .limit(limit)
        .take();
    read(db, &select).await
}

/// All assignments of one subject, in id order.
pub async fn grants_of(db: &Db, subject: &str) -> Result<Vec<Grant>, Fault> {
    let mut select = select_grants();
    select.and_where(Column::V0.eq(subject));
    read(db, &select).await
}

/// Whether the policy table has any row.
pub async fn is_empty(db: &Db) -> Result<bool, Fault> {
    let first = Entity::find().select_only().column(Column::Id).limit(1);
    Ok(db.rows(&first.into_query()).await?.is_empty())
}

/// The stored rows of the wanted assignments: several for one where a row is doubled.
async fn stored(db: &Db, wanted: &[NewGrant]) -> Result<Vec<Grant>, Fault> {
    let wanted_rows: HashSet<(&str, &str, &str)> = wanted.iter().map(key).collect();
    let mut subjects: Vec<&str> = wanted.iter().map(|grant| grant.subject.as_str()).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let mut select = select_grants();
    select.and_where(db.dialect().is_one_of(Expr::col(Column::V0), &subjects));
    // One role or scope for all, the usual case, spares reading what else people have.
    if let Some(role) = only(wanted.iter().map(|grant| grant.role.as_str())) {
        select.and_where(Column::V1.eq(role));
    }
    if let Some(scope) = only(wanted.iter().map(|grant| grant.scope.as_str())) {
        select.and_where(Column::V2.eq(scope));
    }
    let mut found = read(db, &select).await?;
    found.retain(|row| {
        wanted_rows.contains(&(row.subject.as_str(), row.role.as_str(), row.scope.as_str()))
    });
    Ok(found)
}

fn key(grant: &NewGrant) -> (&str, &str, &str) {
    (&grant.subject, &grant.role, &grant.scope)
}

fn only<'a>(mut values: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

/// Adds the assignments that are not there. For each wanted one, in order: the id of the row that
/// was added for it, or `None` when it was there already (or is wanted twice).
///
/// The row alone; what else belongs to an assignment is [`assignments::assign`]'s.
///
/// [`assignments::assign`]: crate::assignments::assign
pub async fn insert_missing(tx: &Tx, wanted: &[NewGrant]) -> Result<Vec<Option<i64>>, Fault> {
    let stored = stored(tx, wanted).await?;
    let mut seen: HashSet<(&str, &str, &str)> = stored
        .iter()
        .map(|grant| {
            (
                grant.subject.as_str(),
                grant.role.as_str(),
                grant.scope.as_str(),
            )
        })
        .collect();
    let mut rows = Vec::new();
    let mut is_new = Vec::with_capacity(wanted.len());
    for grant in wanted {
        let new = seen.insert(key(grant));
        is_new.push(new);
        if new {
            rows.push(["g", &grant.subject, &grant.role, &grant.scope, ""]);
        }
    }
    let added = insert_rows(tx, &rows).await?;
    let ids = wanted.iter().zip(is_new).map(|(grant, new)| {
        new.then(|| {
            let key = [&grant.subject, &grant.role, &grant.scope].map(String::as_str);
            added.get(&key.map(str::to_owned)).copied()
        })
        .flatten()
    });
    Ok(ids.collect())
}

const COLUMNS: [&str; 11] = [
    "ptype",
    "v0",
    "v1",
    "v2",
    "v3",
    "v4",
    "v5",
    "scope_org",
    "v1_lower",
    "v2_lower",
    "scope_org_lower",
];

/// Inserts rows of `ptype, v0, v1, v2, v3` in this order; their ids by `v0, v1, v2`.
async fn insert_rows(tx: &Tx, rows: &[[&str; 5]]) -> Result<HashMap<[String; 3], i64>, Fault> {
    let values = rows.iter().map(row_values).collect();
    Insert::into("casbin_rules", &COLUMNS)
        .returning(tx, values, &["id", "v0", "v1", "v2"])
        .await?
        .iter()
        .map(|row| {
            let grant = grant(row)?;
            Ok(([grant.subject, grant.role, grant.scope], grant.id))
        })
        .collect()
}

/// A row's values in the order of [`COLUMNS`].
fn row_values([ptype, v0, v1, v2, v3]: &[&str; 5]) -> Vec<SimpleExpr> {
    let derived = rule_columns(ptype, v1, v2);
    vec![
        value(*ptype),
        value(*v0),
        value(*v1),
        value(*v2),
        value(*v3),
        value(""),
        value(""),
        value(derived.scope_org),
        value(derived.v1_lower),
        value(derived.v2_lower),
        value(derived.scope_org_lower),
    ]
}

/// Removes the assignments; the rows that went, in id order (doubled rows all go).
/// Their bookkeeping rows go with them.
pub async fn remove(tx: &Tx, wanted: &[NewGrant]) -> Result<Vec<Grant>, Fault> {
    let stored = stored(tx, wanted).await?;
    let ids: Vec<i64> = stored.iter().map(|grant| grant.id).collect();
    let listed = tx.dialect().is_one_of_ids(Expr::col(Column::Id), &ids);
    let delete = Query::delete().from_table(Entity).and_where(listed).take();
    tx.run(&delete).await?;
    Ok(stored)
}

/// Removes every assignment of a subject (`user^ada`), with or without bookkeeping rows; the rows
/// that went, in id order.
pub async fn remove_subject(tx: &Tx, subject: &str) -> Result<Vec<Grant>, Fault> {
    let grants = grants_of(tx, subject).await?;
    let delete = Query::delete()
        .from_table(Entity)
        .and_where(Column::Ptype.eq("g"))
        .and_where(Column::V0.eq(subject))
        .take();
    tx.run(&delete).await?;
    Ok(grants)
}

/// Removes the assignments whose bookkeeping row is among those `tied` selects the
/// `casbin_rule_id` of; the rows that went, in id order.
pub(crate) async fn remove_tied(tx: &Tx, tied: SelectStatement) -> Result<Vec<Grant>, Fault> {
    let delete = Query::delete()
        .from_table(Entity)
        .and_where(Column::Id.in_subquery(tied))
        .returning(Query::returning().columns([Column::Id, Column::V0, Column::V1, Column::V2]))
        .take();
    let mut gone: Vec<Grant> = read(tx, &delete).await?;
    gone.sort_unstable_by_key(|grant| grant.id);
    Ok(gone)
}

/// Removes a user's subjects and the assignments tied to them.
pub(crate) async fn remove_of_user(tx: &Tx, user_id: i64) -> Result<Vec<Grant>, Fault> {
    let subjects = || {
        Query::select()
            .column(user_subject::Column::SubjectId)
            .from(user_subject::Entity)
            .and_where(user_subject::Column::UserId.eq(user_id))
            .take()
    };
    let tied = Query::select()
        .column(extended_rule::Column::CasbinRuleId)
        .from(extended_rule::Entity)
        .and_where(extended_rule::Column::SubjectId.in_subquery(subjects()))
        .take();
    let gone = remove_tied(tx, tied).await?;
    let delete = Query::delete()
        .from_table(subject::Entity)
        .and_where(subject::Column::Id.in_subquery(subjects()))
        .take();
    tx.run(&delete).await?;
    Ok(gone)
}
