//! How the connector stands, for people and for whoever watches over it.

use provost_app::App;
use provost_drf::times::Time;
use provost_store::Fault;
use provost_store::tenants::sync;
use schemars::JsonSchema;
use serde::Serialize;

use super::queue;

/// How many refusals are shown.
const SHOWN: u64 = 100;

/// How the connector stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Status {
    /// The address of the API that tenants are pushed to; null if no process was ever set up to push.
    pub lms: Option<String>,
    /// The number in the change log up to which everything was pushed or refused. 0: nothing was yet, and the beginning is a
    /// full comparison.
    pub seq: i64,
    /// How many entries of the change log wait to be pushed; where `lms` is null, how many would.
    pub backlog: u64,
    /// When the first of them was written.
    pub waiting_since: Option<Time>,
    /// How long that is ago, in seconds; 0 if nothing waits.
    pub waiting_seconds: u64,
    /// When something was pushed last.
    pub last_pushed_at: Option<Time>,
    /// What went wrong last, however long ago.
    pub last_error: Option<String>,
    /// When that was.
    pub last_error_at: Option<Time>,
    /// How many tries in a row went wrong; 0 if the last one did not.
    pub failures: u64,
    /// Which process is pushing.
    pub holder: Option<String>,
    /// How many things the LMS refuses as they are.
    pub refused_count: u64,
    /// The newest 100 of them, newest first.
    pub refused: Vec<Refused>,
}

/// Something that the LMS refuses as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Refused {
    /// The number of the entry in the change log that was refused.
    pub seq: i64,
    /// The kind of that entry.
    pub kind: String,
    /// What it is about: `tenant:5`, `route:7` or `microsite:2`.
    pub subject: String,
    /// The status of the answer; 0 if the LMS was not even asked.
    pub status: u16,
    /// What the LMS said.
    pub error: String,
    /// When.
    pub at: Time,
}

/// How the connector stands, whichever process it runs in.
///
/// # Errors
/// A [`Fault`] of the store.
pub async fn status(app: &App) -> Result<Status, Fault> {
    let db = app.store().read();
    let state = sync::state(db).await?;
    let now = app.now();
    let waiting = queue::waiting(app.store(), state.seq).await?;
    let waiting_since = waiting.map(|waiting| waiting.since);
    let is_held = state.lease_until.is_some_and(|until| until > now);
    let refused = sync::refused(db, SHOWN).await?;
    Ok(Status {
        lms: state.target,
        seq: state.seq,
        backlog: waiting.map_or(0, |waiting| waiting.entries),
        waiting_since: waiting_since.map(Time),
        waiting_seconds: waiting_since.map_or(0, |since| seconds(now - since)),
        last_pushed_at: state.last_pushed_at.map(Time),
        last_error: state.last_error,
        last_error_at: state.last_error_at.map(Time),
        failures: state.failures,
        holder: state.holder.filter(|_| is_held),
        refused_count: sync::count_refused(db).await?,
        refused: refused.into_iter().map(Refused::from).collect(),
    })
}

/// Whole seconds; 0 for what is still to come by another clock.
pub(super) fn seconds(duration: chrono::Duration) -> u64 {
    u64::try_from(duration.num_seconds()).unwrap_or(0)
}

impl From<sync::Refused> for Refused {
    fn from(refused: sync::Refused) -> Self {
        Self {
            seq: refused.seq,
            kind: refused.kind,
            subject: refused.subject,
            status: refused.status,
            error: refused.error,
            at: Time(refused.at),
        }
    }
}
