//! The handle that every handler takes.

use std::fmt::Debug;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use parking_lot::RwLockReadGuard;
use provost_policy::Engine;
use provost_policy::courses::CourseAccess;
use provost_store::changes::{self, Entry};
use provost_store::{Fault, Store, Tx};
use provost_tenancy::{Directory, NotAPlatform, Platform};

use crate::Clock;
use crate::identity::{Identities, KeyError};
use crate::policy::{Refreshed, Snapshot};
use crate::settings::Settings;
use crate::totals::{Total, Totals};

/// Store, policy snapshot, identity, clock and settings of one process; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

struct Parts {
    store: Store,
    snapshot: Snapshot,
    identities: Identities,
    totals: Totals,
    platform: Platform,
    clock: Clock,
    settings: Settings,
}

/// Why an application cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum NotOpened {
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// A configured key cannot be read.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// What the settings say of the platform itself cannot be read.
    #[error("settings, section `mfe`: {0}")]
    Platform(#[from] NotAPlatform),
}

impl App {
    /// Opens the application on a migrated store: compiles the policy and reads what of the settings
    /// is a language of its own, the keys and the platform's own settings.
    ///
    /// # Errors
    /// See [`NotOpened`].
    pub async fn open(store: Store, settings: Settings, clock: Clock) -> Result<Self, NotOpened> {
        let identities = Identities::new(settings.identity.clone())?;
        let platform = Platform::new(&settings.tenants, &settings.mfe)?;
        let snapshot = Snapshot::load(&store).await?;
        Ok(Self(Arc::new(Parts {
            store,
            snapshot,
            identities,
            totals: Totals::default(),
            platform,
            clock,
            settings,
        })))
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The settings that handlers read.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Authentication, sessions and tokens.
    #[must_use]
    pub fn identities(&self) -> &Identities {
        &self.0.identities
    }

    /// The total of the list `name` with `filter`: known, if it was counted since the last
    /// write that this process has seen.
    pub fn total(&self, name: &str, filter: &impl Debug) -> Total<'_> {
        let seq = self.policy().revision();
        self.0.totals.of(seq, name, filter)
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// The policy engine at the newest revision that this process has seen.
    ///
    /// Invariant: never held across an `await`; the guard is not `Send`, so the compiler says so.
    pub fn policy(&self) -> RwLockReadGuard<'_, Engine> {
        self.0.snapshot.engine()
    }

    /// Whether somebody is staff, as decisions have it: staff or superuser, and not retired.
    #[must_use]
    pub fn is_staff(&self, username: &str) -> bool {
        self.policy()
            .is_staff(&provost_keys::stored::user(username))
    }

    /// Who may see which course, and which organization a host belongs to, at the newest revision
    /// that this process has seen.
    ///
    /// Invariant: never held across an `await`; the guard is not `Send`, so the compiler says so.
    pub fn course_access(&self) -> RwLockReadGuard<'_, CourseAccess> {
        self.0.snapshot.courses()
    }

    /// Which host belongs to which tenant, and what front ends are told there, at the newest revision
    /// that this process has seen.
    ///
    /// Invariant: never held across an `await`; the guard is not `Send`, so the compiler says so.
    pub fn tenants(&self) -> RwLockReadGuard<'_, Directory> {
        self.0.snapshot.tenants()
    }

    /// What the platform says itself, at hosts that are no tenant's and where a tenant says nothing.
    #[must_use]
    pub fn platform(&self) -> &Platform {
        &self.0.platform
    }

    /// Reads what the change log holds after the snapshot's revision and applies it.
    ///
    /// # Errors
    /// A [`Fault`] of the store; the snapshot then stays as it was.
    pub async fn refresh(&self) -> Result<Refreshed, Fault> {
        let refreshed = self.0.snapshot.refresh(&self.0.store).await?;
        if refreshed.users_changed {
            self.0.identities.forget_principals();
        }
        Ok(refreshed)
    }

    /// Writes `entries` to the change log, commits, and brings the snapshot up to them, so that
    /// whoever wrote reads the own write.
    ///
    /// # Errors
    /// A [`Fault`] of the store; nothing of the transaction is then kept.
    pub async fn commit(&self, tx: Tx, entries: &[Entry]) -> Result<(), Fault> {
        changes::append(&tx, self.now(), entries).await?;
        tx.commit().await?;
        if let Err(fault) = self.refresh().await {
            // What is committed is done, and must not be answered as if it were not: the next
            // refresh brings the snapshot up to it.
            tracing::error!(error = %fault, "the policy cannot follow the change log");
        }
        Ok(())
    }
}
