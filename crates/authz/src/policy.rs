//! Loading role definitions: the shipped policy or an operator's own.

use provost_app::{App, Author, kind};
use provost_policy::catalogue::{self, Catalogue, Difference};
use provost_policy::{Effect, Implication};
use provost_store::Fault;
use provost_store::changes::Entry;
use provost_store::rules::{self, Grant, NewDefinition, NewGrant, NewImplication};
use serde_json::json;

use crate::grants::{self, Change};

/// What a load did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// Definitions that were added.
    pub definitions: u64,
    /// Implications that were added.
    pub implications: u64,
    /// Assignments that were added.
    pub assignments: u64,
    /// Rows that were removed first, assignments among them.
    pub removed: u64,
}

/// Adds every line of `wanted` that is not stored yet; never changes one. With `clear`, all
/// definitions and implications are removed first, and the assignments of the roles they defined.
/// Each assignment that goes or comes has an entry of its own in the change log.
///
/// # Errors
/// A [`Fault`] of the store; nothing is then changed.
pub async fn load(
    app: &App,
    by: &Author,
    wanted: &Catalogue,
    clear: bool,
) -> Result<Loaded, Fault> {
    let tx = app.store().begin().await?;
    let mut removed = 0;
    let mut entries = Vec::new();
    if clear {
        let roles = rules::delete_roles(&tx).await?;
        removed =
            roles.definitions + roles.grants.len() as u64 + rules::delete_implications(&tx).await?;
        let taken = roles.grants.iter();
        entries.extend(taken.map(|grant| grants::entry(by, grant, Change::Taken)));
    }
    let definitions: Vec<NewDefinition> = wanted.rules.iter().map(definition).collect();
    let implications: Vec<NewImplication> = wanted.implications.iter().map(implication).collect();
    let wanted: Vec<NewGrant> = wanted.assignments.iter().map(grant).collect();
    let added = rules::load_policy(&tx, &definitions, &implications).await?;
    let assigned = rules::insert_missing(&tx, &wanted).await?;
    let loaded = Loaded {
        definitions: added.definitions,
        implications: added.implications,
        assignments: assigned.iter().flatten().count() as u64,
        removed,
    };
    if loaded.definitions + loaded.implications + loaded.assignments + loaded.removed == 0 {
        return Ok(loaded);
    }
    entries.push(summary(by, &loaded));
    entries.extend(given(by, wanted, assigned));
    app.commit(tx, &entries).await?;
    Ok(loaded)
}

fn summary(by: &Author, loaded: &Loaded) -> Entry {
    let mut entry = by.entry(kind::POLICY_LOADED, "policy");
    entry.after = Some(json!({
        "definitions": loaded.definitions,
        "implications": loaded.implications,
        "assignments": loaded.assignments,
        "removed": loaded.removed,
    }));
    entry
}

/// An entry for each assignment that got a key.
fn given(
    by: &Author,
    wanted: Vec<NewGrant>,
    keys: Vec<Option<i64>>,
) -> impl Iterator<Item = Entry> {
    wanted.into_iter().zip(keys).filter_map(|(new, key)| {
        let grant = Grant {
            id: key?,
            subject: new.subject,
            role: new.role,
            scope: new.scope,
        };
        Some(grants::entry(by, &grant, Change::Given))
    })
}

/// Where the stored policy and `wanted` differ.
#[must_use]
pub fn diff(app: &App, wanted: &Catalogue) -> Difference {
    catalogue::diff(app.policy().policy(), wanted)
}

fn definition(rule: &catalogue::Rule) -> NewDefinition {
    NewDefinition {
        subject: rule.subject.clone(),
        action: rule.action.clone(),
        scope: rule.scope.clone(),
        effect: match rule.effect {
            Effect::Allow => "allow",
            Effect::Deny => "deny",
        }
        .to_owned(),
    }
}

fn implication(row: &Implication) -> NewImplication {
    NewImplication {
        granting: row.granting.clone(),
        implied: row.implied.clone(),
    }
}

fn grant(row: &catalogue::Assignment) -> NewGrant {
    NewGrant {
        subject: row.subject.clone(),
        role: row.role.clone(),
        scope: row.scope.clone(),
    }
}
