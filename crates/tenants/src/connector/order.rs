//! A full comparison that somebody orders.

use std::time::Duration;

use chrono::{DateTime, Utc};
use provost_app::App;
use provost_store::Fault;
use provost_store::tenants::sync::{self, State};
use provost_upstream::lms::{Lms, Settings};
use provost_upstream::{Failure, Unusable};
use tokio::sync::watch;
use tokio::time::Instant;

use super::lease::{Lease, Taken};
use super::reconcile::{self, Reconciled};
use super::target;
use super::trouble::Trouble;

/// How often one looks whether the lease is free.
const LOOK: Duration = Duration::from_millis(200);

/// What is ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ordered {
    /// Who orders it, as people read it when they ask who pushes.
    pub holder: String,
    /// Nothing is done; what would be is told.
    pub is_dry_run: bool,
    /// What only the LMS has is removed.
    pub prunes: bool,
}

/// Why nothing came of it, or not all.
#[derive(Debug, thiserror::Error)]
pub enum NotReconciled {
    /// The LMS cannot be asked at all.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The LMS failed.
    #[error(transparent)]
    Failure(Failure),
    /// Another process pushes all the time.
    #[error("{holder} is pushing (its lease lasts until {until}); try again later")]
    Held {
        /// Which one.
        holder: String,
        /// Until when nobody else may push.
        until: DateTime<Utc>,
    },
    /// What was pushed was pushed to another LMS.
    #[error(
        "tenants are pushed to {target}; start `provost serve` with the settings of the new LMS first"
    )]
    Elsewhere {
        /// Its address.
        target: String,
    },
    /// Another process took over.
    #[error("another process has begun to push; try again")]
    Lost,
}

impl From<Trouble> for NotReconciled {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Fault(fault) => Self::Fault(fault),
            Trouble::Failure(failure) => Self::Failure(failure),
            Trouble::Refused(refusal) => Self::Failure(Failure::Refused {
                status: refusal.status,
                text: refusal.error,
            }),
            Trouble::Lost | Trouble::Stopped => Self::Lost,
        }
    }
}

/// Compares everything here with what the LMS has, and makes it agree. Waits for another process that
/// pushes for as long as its lease may last.
///
/// # Errors
/// See [`NotReconciled`]. What was done until then stays done, and the next comparison goes on from there.
pub async fn order(
    app: &App,
    settings: &Settings,
    ordered: &Ordered,
) -> Result<Reconciled, NotReconciled> {
    let lms = Lms::new(settings)?;
    if ordered.is_dry_run {
        return Ok(reconcile::look(app, &lms, ordered.prunes).await?);
    }
    // Nobody stops it: whoever ordered it ends the process.
    let (_running, stop) = watch::channel(false);
    let holder = ordered.holder.clone();
    let mut lease = Lease::new(app.clone(), holder, settings.timeout(), stop);
    let state = wait_for(&mut lease).await?;
    if let Err(elsewhere) = aimed(&lease, state, &target(settings)).await {
        lease.release().await?;
        return Err(elsewhere);
    }
    let went = reconcile::reconcile(app, &lms, &mut lease, ordered.prunes, |_| {}).await;
    if went.is_ok() {
        lease.release().await?;
    } else if let Err(trouble) = lease.leave(settings.timeout()).await {
        tracing::debug!(error = %trouble, "the lease will run out by itself");
    }
    Ok(went?)
}

async fn wait_for(lease: &mut Lease) -> Result<State, NotReconciled> {
    let patience = Instant::now() + lease.length() + LOOK;
    loop {
        match lease.take().await? {
            Taken::Ours { state, .. } => return Ok(state),
            Taken::Theirs(State {
                holder: Some(holder),
                lease_until: Some(until),
                ..
            }) if Instant::now() > patience => return Err(NotReconciled::Held { holder, until }),
            Taken::Theirs(_) => tokio::time::sleep(LOOK).await,
        }
    }
}

/// Sees to it that this LMS is the one that is meant.
async fn aimed(lease: &Lease, state: State, target: &str) -> Result<(), NotReconciled> {
    match state.target {
        Some(known) if known == target => Ok(()),
        Some(target) => Err(NotReconciled::Elsewhere { target }),
        None => {
            let tx = lease.begin().await?;
            sync::aim(&tx, lease.holder(), target).await?;
            Ok(tx.commit().await?)
        }
    }
}
