//! The policy snapshot: the compiled index of this process, kept in step with the change log.
//!
//! The log's sequence is the order of commits without gaps, so "apply what came after the
//! revision I have" is all that a refresh does, whoever wrote: this process or another one.

use std::time::Duration;

use chrono::{DateTime, Utc};
use parking_lot::{RwLock, RwLockReadGuard};
use provost_keys::stored;
use provost_policy::{Definition, Effect, Engine, Grant, Implication, Policy};
use provost_store::changes::Filter;
use provost_store::{Db, Fault, Store, changes, rules, users};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::kind;

/// The engine of this process and the lock that lets one refresh run at a time.
pub(crate) struct Snapshot {
    engine: RwLock<Engine>,
    refreshing: Mutex<()>,
}

/// What a refresh found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refreshed {
    /// Entries of the log that were read.
    pub entries: u64,
    /// Whether one of them may have changed a user, so that remembered users must be forgotten.
    pub users_changed: bool,
    /// When the oldest of them was written, if there was any.
    pub oldest: Option<DateTime<Utc>>,
}

impl Refreshed {
    /// How long the oldest entry had waited to be read, as of `now`; nothing where there was none.
    #[must_use]
    pub fn lag(&self, now: DateTime<Utc>) -> Duration {
        self.oldest
            .and_then(|oldest| (now - oldest).to_std().ok())
            .unwrap_or_default()
    }
}

impl Snapshot {
    /// Loads the whole policy.
    pub(crate) async fn load(store: &Store) -> Result<Self, Fault> {
        Ok(Self {
            engine: RwLock::new(compile(store.read()).await?),
            refreshing: Mutex::new(()),
        })
    }

    /// The engine, for as long as the guard lives; never hold it across an `await`.
    pub(crate) fn engine(&self) -> RwLockReadGuard<'_, Engine> {
        self.engine.read()
    }

    /// Applies what the log holds after the engine's revision.
    ///
    /// Single grants and revocations are applied in place; anything else that touches the
    /// policy (an import, a loaded policy, a deleted user) compiles the whole index again,
    /// beside the one that goes on answering.
    pub(crate) async fn refresh(&self, store: &Store) -> Result<Refreshed, Fault> {
        let _one_at_a_time = self.refreshing.lock().await;
        let since = self.engine.read().revision().cast_signed();
        let log = changes::chunk(store.read(), &Filter::default(), since, CHUNK).await?;
        let users_changed = log.iter().any(|change| kind::changes_users(&change.kind));
        let recompiles =
            log.len() as u64 == CHUNK || log.iter().any(|change| kind::recompiles(&change.kind));
        if recompiles {
            let fresh = compile(store.read()).await?;
            *self.engine.write() = fresh;
        } else if let Some(last) = log.last() {
            let mut engine = self.engine.write();
            for change in &log {
                apply(&mut engine, change);
            }
            engine.set_revision(last.seq.unsigned_abs());
        }
        Ok(Refreshed {
            entries: log.len() as u64,
            users_changed: users_changed || recompiles,
            oldest: log.first().map(|change| change.at),
        })
    }
}

/// Applies one entry that needs no compilation; entries of other kinds change nothing here.
fn apply(engine: &mut Engine, entry: &changes::Change) {
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

fn read_staff(value: &Value) -> Option<(String, bool)> {
    let flag = |name: &str| value.get(name)?.as_bool();
    let subject = stored::user(value.get("username")?.as_str()?);
    Some((subject, flag("is_staff")? || flag("is_superuser")?))
}

fn read_grant(value: &Value) -> Option<Grant> {
    let [subject, role, scope] = read_names(value)?.map(str::to_owned);
    Some(Grant {
        id: value.get("id")?.as_i64()?,
        subject,
        role,
        scope,
    })
}

fn read_names(value: &Value) -> Option<[&str; 3]> {
    let text = |name: &str| value.get(name)?.as_str();
    Some([text("subject")?, text("role")?, text("scope")?])
}

/// Grants read by one statement while compiling, and entries of the log while refreshing.
const CHUNK: u64 = 20_000;

/// Reads the sequence first and the rows after it: a change that commits in between is
/// applied twice, which is harmless, and never lost.
async fn compile(db: &Db) -> Result<Engine, Fault> {
    let revision = changes::last_seq(db).await?;
    let policy = policy(db).await?;
    let grants = grants(db).await?;
    let staff = users::staff(db).await?;
    let staff = staff.iter().map(|name| stored::user(name));
    Ok(Engine::build(
        policy,
        grants,
        staff,
        revision.unsigned_abs(),
    ))
}

async fn policy(db: &Db) -> Result<Policy, Fault> {
    let definitions = rules::definitions(db).await?.into_iter();
    let implications = rules::implications(db).await?.into_iter();
    Ok(Policy {
        definitions: definitions
            .map(|row| Definition {
                id: row.id,
                subject: row.subject,
                action: row.action,
                scope: row.scope,
                effect: if row.effect == "deny" {
                    Effect::Deny
                } else {
                    Effect::Allow
                },
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
