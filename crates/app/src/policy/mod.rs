//! The policy snapshot: the compiled indexes of this process, kept in step with the change log.
//!
//! There are three, of roles, of courses and of tenants. One refresh brings all up to the same entry.
//!
//! The log's sequence is the order of commits without gaps, so "apply what came after the
//! revision I have" is all that a refresh does, whoever wrote: this process or another one.

mod courses;
mod roles;
mod tenants;
#[cfg(test)]
mod tests;

use std::time::Duration;

use chrono::{DateTime, Utc};
use parking_lot::{RwLock, RwLockReadGuard};
use provost_policy::Engine;
use provost_policy::courses::CourseAccess;
use provost_store::changes::Filter;
use provost_store::{Db, Fault, Store, changes};
use provost_tenancy::Directory;
use serde_json::Value;
use tokio::sync::Mutex;

use crate::kind;

/// The indexes of this process and the lock that lets one refresh run at a time.
pub(crate) struct Snapshot {
    engine: RwLock<Engine>,
    courses: RwLock<CourseAccess>,
    tenants: RwLock<Directory>,
    refreshing: Mutex<()>,
}

/// What a refresh found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
        let (engine, courses, tenants) = compile(store.read()).await?;
        Ok(Self {
            engine: RwLock::new(engine),
            courses: RwLock::new(courses),
            tenants: RwLock::new(tenants),
            refreshing: Mutex::new(()),
        })
    }

    /// The engine, for as long as the guard lives; never hold it across an `await`.
    pub(crate) fn engine(&self) -> RwLockReadGuard<'_, Engine> {
        self.engine.read()
    }

    /// Who may see which course, for as long as the guard lives; never hold it across an `await`.
    pub(crate) fn courses(&self) -> RwLockReadGuard<'_, CourseAccess> {
        self.courses.read()
    }

    /// Which host belongs to which tenant, for as long as the guard lives; never hold it across an
    /// `await`.
    pub(crate) fn tenants(&self) -> RwLockReadGuard<'_, Directory> {
        self.tenants.read()
    }

    /// Applies what the log holds after the engine's revision.
    ///
    /// Single facts are applied in place; what only compiling follows (an import, a loaded policy,
    /// a deleted user) compiles the indexes that it concerns again, beside those that go on
    /// answering. Entries may be large, so that what they say is read in pieces.
    pub(crate) async fn refresh(&self, store: &Store) -> Result<Refreshed, Fault> {
        let _one_at_a_time = self.refreshing.lock().await;
        let db = store.read();
        let since = self.engine.read().revision().cast_signed();
        let log = changes::headings(db, since, CHUNK).await?;
        let any = |holds: fn(&str) -> bool| log.iter().any(|heading| holds(&heading.kind));
        let (Some(first), Some(last)) = (log.first(), log.last()) else {
            return Ok(Refreshed::default());
        };
        let afresh = log.len() as u64 == CHUNK || any(|kind| kind == kind::IMPORTED);
        let recompiles = afresh || any(kind::recompiles);
        if afresh {
            let (engine, courses, tenants) = compile(db).await?;
            *self.courses.write() = courses;
            *self.tenants.write() = tenants;
            *self.engine.write() = engine;
        } else if recompiles {
            // As of the last entry read: what came meanwhile is applied once more, which is harmless.
            let revision = last.seq.unsigned_abs();
            let people =
                tokio::try_join!(roles::compile(db, revision), courses::compile(db, revision));
            let (engine, courses) = people?;
            self.each_piece(db, since, last.seq, |piece, revision| {
                self.tell_tenants(piece, revision);
            })
            .await?;
            *self.courses.write() = courses;
            *self.engine.write() = engine;
        } else {
            self.each_piece(db, since, last.seq, |piece, revision| {
                self.apply(piece, revision);
            })
            .await?;
        }
        Ok(Refreshed {
            entries: log.len() as u64,
            users_changed: recompiles || any(kind::changes_users),
            oldest: Some(first.at),
        })
    }

    /// Reads the entries after `since` up to `last`, piece by piece, each with its revision.
    async fn each_piece(
        &self,
        db: &Db,
        mut since: i64,
        last: i64,
        take: impl Fn(&[changes::Change], u64),
    ) -> Result<(), Fault> {
        while since < last {
            let limit = PIECE.min((last - since).unsigned_abs());
            let piece = changes::chunk(db, &Filter::default(), since, limit).await?;
            let Some(end) = piece.last().map(|change| change.seq) else {
                return Ok(());
            };
            take(&piece, end.unsigned_abs());
            since = end;
        }
        Ok(())
    }

    fn tell_tenants(&self, log: &[changes::Change], revision: u64) {
        let mut tenants = self.tenants.write();
        for change in log {
            tenants::apply(&mut tenants, change);
        }
        tenants.set_revision(revision);
    }

    fn apply(&self, log: &[changes::Change], revision: u64) {
        let mut courses = self.courses.write();
        for change in log {
            courses::apply(&mut courses, change);
        }
        courses.set_revision(revision);
        drop(courses);
        self.tell_tenants(log, revision);
        // Last, because the next refresh begins at its revision.
        let mut engine = self.engine.write();
        for change in log {
            roles::apply(&mut engine, change);
        }
        engine.set_revision(revision);
    }
}

/// Rows read by one statement while compiling, and entries of the log that one refresh follows.
const CHUNK: u64 = 20_000;
/// Entries of the log whose documents are in memory at a time; each may take tens of kilobytes.
const PIECE: u64 = 200;

/// Reads the sequence first and the rows after it: a change that commits in between is
/// applied twice, which is harmless, and never lost.
async fn compile(db: &Db) -> Result<(Engine, CourseAccess, Directory), Fault> {
    let revision = changes::last_seq(db).await?.unsigned_abs();
    tokio::try_join!(
        roles::compile(db, revision),
        courses::compile(db, revision),
        tenants::compile(db, revision)
    )
}

/// Tells all rows of one kind: `chunk` gives those after a key, at most `size`, and `tell` gives back
/// the key of a row. `first` is before all keys.
async fn each<K, T, Rows: Future<Output = Result<Vec<T>, Fault>>>(
    size: u64,
    first: K,
    chunk: impl Fn(K) -> Rows,
    mut tell: impl FnMut(T) -> K,
) -> Result<(), Fault> {
    let mut after = first;
    loop {
        let rows = chunk(after).await?;
        let is_whole = rows.len() as u64 == size;
        match rows.into_iter().map(&mut tell).last() {
            Some(last) if is_whole => after = last,
            _ => return Ok(()),
        }
    }
}

/// A flag of an entry's facts.
fn flag(facts: &Value, name: &str) -> Option<bool> {
    facts.get(name)?.as_bool()
}

/// A text of an entry's facts.
fn text<'a>(facts: &'a Value, name: &str) -> Option<&'a str> {
    facts.get(name)?.as_str()
}

/// A whole number of an entry's facts.
fn number(facts: &Value, name: &str) -> Option<i64> {
    facts.get(name)?.as_i64()
}

/// Whether the facts of a user say staff or superuser; who is retired is neither. Nothing where they
/// do not speak of it.
fn is_admin(facts: &Value) -> Option<bool> {
    let admin = flag(facts, "is_staff")? || flag(facts, "is_superuser")?;
    Some(admin && !is_retired(facts))
}

/// Whether the facts of a user say retired.
fn is_retired(facts: &Value) -> bool {
    flag(facts, "retired").unwrap_or_default()
}
