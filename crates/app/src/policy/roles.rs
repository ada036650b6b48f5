//! The index of roles.

#[cfg(test)]
mod tests;

use provost_keys::stored;
use provost_policy::{Definition, Effect, Engine, Grant, Implication, Policy};
use provost_store::{Db, Fault, changes, rules, users};
use serde_json::Value;

use super::{CHUNK, is_admin, number, text};
use crate::kind;

/// Applies one entry that needs no compilation; entries of other kinds change nothing here.
pub(super) fn apply(engine: &mut Engine, entry: &changes::Change) {
    match entry.kind.as_str() {
        kind::GRANTED => {
            if let Some(grant) = entry.after.as_ref().and_then(read_grant) {
                engine.grant(grant);
            }
        }
        kind::REVOKED => {
            if let Some([subject, role, scope]) = entry.before.as_ref().and_then(read_names) {
                engine.revoke(subject, role, scope);
            }
        }
        kind::USER_CREATED | kind::USER_CHANGED => {
            if let Some((subject, staff)) = entry.after.as_ref().and_then(read_staff) {
                engine.set_staff(&subject, staff);
            }
        }
        _ => {}
    }
}

fn read_staff(facts: &Value) -> Option<(String, bool)> {
    Some((stored::user(text(facts, "username")?), is_admin(facts)?))
}

fn read_grant(facts: &Value) -> Option<Grant> {
    let [subject, role, scope] = read_names(facts)?.map(str::to_owned);
    Some(Grant {
        id: number(facts, "id")?,
        subject,
        role,
        scope,
    })
}

fn read_names(facts: &Value) -> Option<[&str; 3]> {
    Some([
        text(facts, "subject")?,
        text(facts, "role")?,
        text(facts, "scope")?,
    ])
}

/// Builds the engine of all rows.
pub(super) async fn compile(db: &Db, revision: u64) -> Result<Engine, Fault> {
    let policy = policy(db).await?;
    let grants = grants(db).await?;
    let staff = users::staff(db).await?;
    let staff = staff.iter().map(|name| stored::user(name));
    Ok(Engine::build(policy, grants, staff, revision))
}

async fn policy(db: &Db) -> Result<Policy, Fault> {
    let definitions = rules::definitions(db).await?.into_iter();
    let implications = rules::implications(db).await?.into_iter();
    Ok(Policy {
        definitions: definitions
            .filter_map(|row| {
                // Imported rows may say anything. What is neither word decides nothing: read as
                // one that allows, a misspelt `deny` would open what it was to close.
                let effect = Effect::parse(row.effect.trim());
                if effect.is_none() {
                    tracing::warn!(row = row.id, "a role definition neither allows nor denies");
                }
                Some(Definition {
                    id: row.id,
                    subject: row.subject,
                    action: row.action,
                    scope: row.scope,
                    effect: effect?,
                })
            })
            .collect(),
        implications: implications
            .map(|row| Implication {
                granting: row.granting,
                implied: row.implied,
            })
            .collect(),
    })
}

async fn grants(db: &Db) -> Result<Vec<Grant>, Fault> {
    let mut grants = Vec::new();
    let mut after = i64::MIN;
    loop {
        let chunk = rules::grants(db, after, CHUNK).await?;
        let Some(last) = chunk.last() else {
            return Ok(grants);
        };
        after = last.id;
        grants.extend(chunk.into_iter().map(|row| Grant {
            id: row.id,
            subject: row.subject,
            role: row.role,
            scope: row.scope,
        }));
    }
}
