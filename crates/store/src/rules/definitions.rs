//! What roles may do: the rows `p` and `g2`.

use std::collections::HashSet;

use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, QueryOrder, QuerySelect, QueryTrait};

use super::{Grant, insert_rows, remove_tied, rules_of};
use crate::tables::casbin_rule::{Column, Entity};
use crate::{Db, Fault, Tx};

/// A role definition: holders of the subject may (or may not) do the action in the scope.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Definition {
    /// The key.
    pub id: i64,
    /// A role; in imported data also a user.
    pub subject: String,
    /// An action.
    pub action: String,
    /// Usually all scopes of one kind: `lib^*`.
    pub scope: String,
    /// `allow` or `deny`.
    pub effect: String,
}

/// Whoever may do one action may do another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Implication {
    /// The key.
    pub id: i64,
    /// The action that includes the other.
    pub granting: String,
    /// The action that is included.
    pub implied: String,
}

/// A role definition to be made.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NewDefinition {
    /// See [`Definition::subject`].
    pub subject: String,
    /// See [`Definition::action`].
    pub action: String,
    /// See [`Definition::scope`].
    pub scope: String,
    /// See [`Definition::effect`].
    pub effect: String,
}

/// An implication to be made.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NewImplication {
    /// See [`Implication::granting`].
    pub granting: String,
    /// See [`Implication::implied`].
    pub implied: String,
}

/// How many rows [`load_policy`] added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loaded {
    /// Role definitions.
    pub definitions: u64,
    /// Implications.
    pub implications: u64,
}

/// What [`delete_roles`] removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClearedRoles {
    /// How many role definitions.
    pub definitions: u64,
    /// The assignments of those roles, in id order.
    pub grants: Vec<Grant>,
}

/// All role definitions, in id order.
pub async fn definitions(db: &Db) -> Result<Vec<Definition>, Fault> {
    let rows = db.all(rules_of("p").order_by_asc(Column::Id)).await?;
    Ok(rows
        .into_iter()
        .map(|row| Definition {
            id: row.id,
            subject: row.v0,
            action: row.v1,
            scope: row.v2,
            effect: row.v3,
        })
        .collect())
}

/// All implications, in id order.
pub async fn implications(db: &Db) -> Result<Vec<Implication>, Fault> {
    let rows = db.all(rules_of("g2").order_by_asc(Column::Id)).await?;
    Ok(rows
        .into_iter()
        .map(|row| Implication {
            id: row.id,
            granting: row.v0,
            implied: row.v1,
        })
        .collect())
}

/// Adds the definitions and implications that are not there, in their order; removes and changes
/// nothing.
pub async fn load_policy(
    tx: &Tx,
    wanted_definitions: &[NewDefinition],
    wanted_implications: &[NewImplication],
) -> Result<Loaded, Fault> {
    let stored = definitions(tx).await?;
    let mut seen: HashSet<[&str; 4]> = stored
        .iter()
        .map(|row| [row.subject.as_str(), &row.action, &row.scope, &row.effect])
        .collect();
    let new_definitions: Vec<[&str; 5]> = wanted_definitions
        .iter()
        .map(|row| [row.subject.as_str(), &row.action, &row.scope, &row.effect])
        .filter(|row| seen.insert(*row))
        .map(|[subject, action, scope, effect]| ["p", subject, action, scope, effect])
        .collect();
    insert_rows(tx, &new_definitions).await?;
    let stored = implications(tx).await?;
    let mut seen: HashSet<[&str; 2]> = stored
        .iter()
        .map(|row| [row.granting.as_str(), &row.implied])
        .collect();
    let new_implications: Vec<[&str; 5]> = wanted_implications
        .iter()
        .map(|row| [row.granting.as_str(), &row.implied])
        .filter(|row| seen.insert(*row))
        .map(|[granting, implied]| ["g2", granting, implied, "", ""])
        .collect();
    insert_rows(tx, &new_implications).await?;
    Ok(Loaded {
        definitions: new_definitions.len() as u64,
        implications: new_implications.len() as u64,
    })
}

/// Removes every role definition, and the assignments of the roles that were defined.
pub async fn delete_roles(tx: &Tx) -> Result<ClearedRoles, Fault> {
    let roles = rules_of("p").select_only().column(Column::V0).distinct();
    let assigned = Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(Column::Ptype.eq("g"))
        .and_where(Column::V1.in_subquery(roles.into_query()))
        .take();
    let grants = remove_tied(tx, assigned).await?;
    Ok(ClearedRoles {
        definitions: delete_all(tx, "p").await?,
        grants,
    })
}

/// Removes every implication; how many there were.
pub async fn delete_implications(tx: &Tx) -> Result<u64, Fault> {
    delete_all(tx, "g2").await
}

async fn delete_all(tx: &Tx, ptype: &str) -> Result<u64, Fault> {
    let delete = Query::delete()
        .from_table(Entity)
        .and_where(Column::Ptype.eq(ptype))
        .take();
    tx.run(&delete).await
}
