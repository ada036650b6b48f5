//! Giving and taking roles, with everything that belongs to it: the row of the policy, the rows
//! that tie it to its user and scope, the audit, the version of the policy.
//!
//! A handful of statements for each thousand assignments, however many there are.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use provost_keys::scope::ScopeKey;
use provost_keys::stored;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::batch::{self, Insert, value};
use crate::rules::{self, Grant, NewGrant};
use crate::tables::{policy_cache_control, user_subject};
use crate::{Db, Fault, Tx, derive, scopes};

/// A role to be given to a user, or taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The user's key, for the row that ties the assignment to the account.
    pub user_id: i64,
    /// The user's name, for the assignment itself.
    pub username: String,
    /// The role, as stored: `role^library_admin`.
    pub role: String,
    /// Where.
    pub scope: ScopeKey,
}

impl Assignment {
    fn grant(&self) -> NewGrant {
        NewGrant {
            subject: stored::user(&self.username),
            role: self.role.clone(),
            scope: self.scope.stored(),
        }
    }
}

/// Whether to keep a line for each role given or taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audit {
    /// Keep none.
    None,
    /// Keep one, saying that this account asked; `None` for the program itself.
    By(Option<i64>),
}

/// Gives roles; the assignments that were added, in the order wanted. One that the user has
/// already, or that is wanted twice, is not added.
///
/// For each one added: a tie to the user and, unless the scope is a pattern, to the library or
/// course (or to its name, while it does not exist), and one line of audit. Sets a new version of
/// the policy if anything was added.
pub async fn assign(
    tx: &Tx,
    wanted: &[Assignment],
    at: DateTime<Utc>,
    audit: Audit,
) -> Result<Vec<Grant>, Fault> {
    let grants: Vec<NewGrant> = wanted.iter().map(Assignment::grant).collect();
    let ids = rules::insert_missing(tx, &grants).await?;
    let mut added = Vec::new();
    let mut users = Vec::new();
    for ((id, grant), one) in ids.into_iter().zip(grants).zip(wanted) {
        let Some(id) = id else { continue };
        users.push(one.user_id);
        added.push(Grant {
            id,
            subject: grant.subject,
            role: grant.role,
            scope: grant.scope,
        });
    }
    if !added.is_empty() {
        tie(tx, &added, &users, at).await?;
        record(tx, "created", &added, at, audit).await?;
        set_policy_version(tx, Uuid::new_v4()).await?;
    }
    Ok(added)
}

/// Takes roles; the assignments that were removed, in the order of their ids (a doubled row is
/// there twice).
///
/// One line of audit for each. Sets a new version of the policy in any case. The rows of scopes
/// and subjects stay.
pub async fn revoke(
    tx: &Tx,
    wanted: &[Assignment],
    at: DateTime<Utc>,
    audit: Audit,
) -> Result<Vec<Grant>, Fault> {
    let grants: Vec<NewGrant> = wanted.iter().map(Assignment::grant).collect();
    let gone = rules::remove(tx, &grants).await?;
    record(tx, "deleted", &gone, at, audit).await?;
    set_policy_version(tx, Uuid::new_v4()).await?;
    Ok(gone)
}

/// Makes the bookkeeping rows of assignments that were just added, each to the user beside it.
async fn tie(tx: &Tx, added: &[Grant], users: &[i64], at: DateTime<Utc>) -> Result<(), Fault> {
    const COLUMNS: [&str; 6] = [
        "casbin_rule_key",
        "casbin_rule_id",
        "created_at",
        "updated_at",
        "scope_id",
        "subject_id",
    ];
    // In the order of their first mention, which is the order that new rows are numbered in.
    let stored = batch::distinct(added.iter().map(|grant| grant.scope.as_str()));
    let scopes = scopes::ensure(tx, &stored).await?;
    let subjects = ensure_subjects(tx, batch::distinct(users.iter().copied())).await?;
    let at = derive::micros(at);
    let rows = added
        .iter()
        .zip(users)
        .map(|(grant, user_id)| {
            vec![
                value(extended_key(grant)),
                value(grant.id),
                value(at),
                value(at),
                value(scopes.get(&grant.scope).copied()),
                value(subjects.get(user_id).copied()),
            ]
        })
        .collect();
    // An imported row of that text stays with the assignment it came with.
    let unless_there = OnConflict::column("casbin_rule_key")
        .do_nothing()
        .to_owned();
    Insert::into("authz_extended_rules", &COLUMNS)
        .on_conflict(unless_there)
        .run(tx, rows)
        .await
        .map(drop)
}

/// The text an assignment is known by: the columns of its row with commas between them. The last
/// one is empty, hence the comma at the end.
pub(crate) fn extended_key(grant: &Grant) -> String {
    format!("g,{},{},{},", grant.subject, grant.role, grant.scope)
}

/// The subject of each user, made where missing: user id to subject id.
async fn ensure_subjects(tx: &Tx, mut users: Vec<i64>) -> Result<HashMap<i64, i64>, Fault> {
    let mut subjects = HashMap::with_capacity(users.len());
    let of_users = user_subject::Entity::find().filter(
        tx.dialect()
            .is_one_of_ids(Expr::col(user_subject::Column::UserId), &users),
    );
    for row in tx.all(of_users).await? {
        if let Some(user_id) = row.user_id {
            subjects.entry(user_id).or_insert(row.subject_id);
        }
    }
    users.retain(|user_id| !subjects.contains_key(user_id));
    let blank = users.iter().map(|_| vec![tx.dialect().next_key()]);
    let made = Insert::into("authz_subjects", &["id"])
        .returning(tx, blank.collect(), &["id"])
        .await?;
    let ids = batch::sorted_ids(&made)?;
    let mut ties = Vec::with_capacity(users.len());
    for (user_id, subject_id) in users.into_iter().zip(ids) {
        ties.push(vec![value(subject_id), value(user_id)]);
        subjects.insert(user_id, subject_id);
    }
    Insert::into("authz_user_subjects", &["subject_id", "user_id"])
        .run(tx, ties)
        .await?;
    Ok(subjects)
}

async fn record(
    tx: &Tx,
    operation: &str,
    grants: &[Grant],
    at: DateTime<Utc>,
    audit: Audit,
) -> Result<(), Fault> {
    const COLUMNS: [&str; 6] = [
        "operation",
        "subject",
        "role",
        "scope",
        "actor_id",
        "timestamp",
    ];
    let Audit::By(actor_id) = audit else {
        return Ok(());
    };
    let rows = grants
        .iter()
        .map(|grant| {
            vec![
                value(operation),
                value(grant.subject.as_str()),
                value(grant.role.as_str()),
                value(grant.scope.as_str()),
                value(actor_id),
                value(derive::micros(at)),
            ]
        })
        .collect();
    Insert::into("authz_assignment_audits", &COLUMNS)
        .run(tx, rows)
        .await
        .map(drop)
}

/// Gives the policy a version; whoever remembers another one must read it again.
pub async fn set_policy_version(tx: &Tx, version: Uuid) -> Result<(), Fault> {
    let replace = OnConflict::column("id").update_column("version").to_owned();
    Insert::into("authz_policy_cache_control", &["id", "version"])
        .on_conflict(replace)
        .run(tx, vec![vec![value(1_i64), value(version.to_string())]])
        .await
        .map(drop)
}

/// The version of the policy, as text; `None` before the first.
pub async fn policy_version(db: &Db) -> Result<Option<String>, Fault> {
    let row = db.one(policy_cache_control::Entity::find_by_id(1)).await?;
    Ok(row.map(|row| row.version))
}
