//! Following the change log, for as long as the process runs.

use std::fmt;
use std::time::Duration;

use provost_app::App;
use provost_store::changes::{self, Change, Waiting};
use provost_store::tenants::sync::{self, State};
use provost_upstream::lms::{Lms, Settings};
use provost_upstream::{Backoff, Failure, Unusable};
use tokio::sync::watch;

use super::lease::{Lease, Taken};
use super::push::{Done, Pushing};
use super::reconcile::reconcile;
use super::status::seconds;
use super::trouble::Trouble;
use super::{queue, target};

/// What there is to say about pushing, as it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observed {
    /// So many entries wait, the first of them for so many seconds.
    Backlog {
        /// How many entries.
        entries: u64,
        /// The age of the first, in seconds.
        seconds: u64,
    },
    /// Something was tried.
    Tried(Outcome),
}

/// What came of one try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The LMS has it.
    Pushed,
    /// The LMS refuses it.
    Refused,
    /// It will be tried again.
    Failed,
}

/// After so many failures in a row, a process leaves room for others to try.
const FAILURES: u32 = 3;

type Observer = Box<dyn Fn(Observed) + Send + Sync>;

/// Pushes what the change log says, in its order, to one LMS.
pub struct Connector {
    app: App,
    lms: Lms,
    target: String,
    lease: Lease,
    backoff: Backoff,
    patience: Duration,
    every: Duration,
    observe: Observer,
    /// The end of the log when nothing was left to push.
    seen: Option<i64>,
    /// Whether the next push may have been carried out before.
    in_doubt: bool,
    /// How many tries in a row went wrong.
    failures: u32,
    /// Whether this process has said to which LMS it pushes.
    has_aimed: bool,
}

impl fmt::Debug for Connector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Connector");
        shown.field("target", &self.target).finish_non_exhaustive()
    }
}

impl Connector {
    /// A connector to the LMS that the settings name. `holder` is what people read when they ask who
    /// pushes; no two processes may have the same. The log is looked at each time that `every` has gone
    /// by. `stop` says when to stop; so does its sender when it goes.
    ///
    /// # Errors
    /// As [`Lms::new`].
    pub fn new(
        app: App,
        settings: &Settings,
        holder: String,
        every: Duration,
        stop: watch::Receiver<bool>,
        observe: impl Fn(Observed) + Send + Sync + 'static,
    ) -> Result<Self, Unusable> {
        Ok(Self {
            lms: Lms::new(settings)?,
            target: target(settings),
            lease: Lease::new(app.clone(), holder, settings.timeout(), stop),
            app,
            backoff: settings.backoff(),
            patience: settings.timeout(),
            every,
            observe: Box::new(observe),
            seen: None,
            in_doubt: false,
            failures: 0,
            has_aimed: false,
        })
    }

    /// Pushes until it is told to stop; the call that goes on then is finished.
    pub async fn run(mut self) {
        tracing::info!(lms = self.target, "pushing tenants");
        loop {
            let pause = match self.round().await {
                Ok(()) => self.every,
                Err(Trouble::Stopped) => break,
                Err(trouble) => self.fail(trouble).await,
            };
            if self.lease.rest(pause).await {
                break;
            }
        }
        // One that is left says that there is something in doubt; it ends by itself.
        if !self.in_doubt
            && let Err(fault) = self.lease.release().await
        {
            tracing::warn!(error = %fault, "the lease could not be given back and will run out");
        }
    }

    /// Pushes what there is to push.
    async fn round(&mut self) -> Result<(), Trouble> {
        let last = changes::last_seq(self.app.store().read()).await?;
        if self.seen == Some(last) {
            return Ok(());
        }
        let Some(state) = self.aim(last).await? else {
            return Ok(());
        };
        if self.weigh(state.seq).await?.is_none() {
            self.seen = Some(last);
        } else if let Taken::Ours { state, was_left } = self.lease.take().await? {
            self.in_doubt |= was_left;
            self.empty(state.seq).await?;
        } else {
            return Ok(());
        }
        Ok(self.lease.release().await?)
    }

    /// How far it is, if this LMS is the one that is meant. Each process says so once, at its start: of
    /// two that are set up differently, the one that was started last pushes, and the other one stands
    /// aside.
    async fn aim(&mut self, last: i64) -> Result<Option<State>, Trouble> {
        let state = sync::state(self.app.store().read()).await?;
        if state.target.as_deref() == Some(self.target.as_str()) {
            self.has_aimed = true;
            return Ok(Some(state));
        }
        if self.has_aimed {
            let other = state.target.as_deref().unwrap_or_default();
            tracing::warn!(
                other,
                "tenants are not pushed: another process pushes to another LMS"
            );
            self.seen = Some(last);
            return Ok(None);
        }
        let Taken::Ours { .. } = self.lease.take().await? else {
            return Ok(None);
        };
        let tx = self.lease.begin().await?;
        sync::aim(&tx, self.lease.holder(), &self.target).await?;
        let state = sync::state(&tx).await?;
        tx.commit().await?;
        self.has_aimed = true;
        Ok(Some(state))
    }

    /// Pushes everything after number `seq`.
    async fn empty(&mut self, mut seq: i64) -> Result<(), Trouble> {
        // Nothing is known of this LMS: one comparison is shorter than the whole log.
        if seq == 0 {
            seq = self.compare().await?;
        }
        while let Some(waiting) = self.weigh(seq).await? {
            for change in &queue::next(self.app.store(), &waiting).await? {
                seq = self.push(change).await?;
                // A comparison has gone further than this list.
                if seq > change.seq {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Pushes one entry; the number up to which everything is pushed then.
    async fn push(&mut self, change: &Change) -> Result<i64, Trouble> {
        if queue::is_import_of_tenants(change) {
            return self.compare().await;
        }
        let mut pushing = Pushing {
            app: &self.app,
            lms: &self.lms,
            lease: &mut self.lease,
        };
        let done = pushing.push(change, self.in_doubt).await?;
        if done == Done::Cured {
            return self.compare().await;
        }
        self.succeed();
        match done {
            Done::Nothing | Done::Cured => {}
            Done::Pushed => {
                tracing::debug!(
                    seq = change.seq,
                    kind = change.kind,
                    subject = change.subject,
                    "pushed"
                );
                (self.observe)(Observed::Tried(Outcome::Pushed));
            }
            Done::Parked(refusal) => {
                (self.observe)(Observed::Tried(Outcome::Refused));
                let (seq, subject) = (change.seq, change.subject.as_str());
                let (status, error) = (refusal.status, refusal.error.as_str());
                tracing::error!(seq, subject, status, error, "the LMS refuses a change");
            }
        }
        Ok(change.seq)
    }

    async fn compare(&mut self) -> Result<i64, Trouble> {
        let observe = |is_pushed| {
            let outcome = if is_pushed {
                Outcome::Pushed
            } else {
                Outcome::Refused
            };
            (self.observe)(Observed::Tried(outcome));
        };
        let done = reconcile(&self.app, &self.lms, &mut self.lease, false, observe).await?;
        let (steps, refused, beside) = (done.steps.len(), done.refused.len(), done.beside.len());
        tracing::info!(
            seq = done.seq,
            steps,
            refused,
            beside,
            "compared everything with the LMS"
        );
        self.succeed();
        Ok(done.seq)
    }

    fn succeed(&mut self) {
        if self.failures > 0 {
            tracing::info!("the LMS takes tenants again");
        }
        self.failures = 0;
        self.in_doubt = false;
    }

    /// What waits.
    async fn weigh(&self, seq: i64) -> Result<Option<Waiting>, Trouble> {
        let waiting = queue::waiting(self.app.store(), seq).await?;
        let age = |waiting: Waiting| seconds(self.app.now() - waiting.since);
        (self.observe)(Observed::Backlog {
            entries: waiting.map_or(0, |waiting| waiting.entries),
            seconds: waiting.map_or(0, age),
        });
        Ok(waiting)
    }

    /// Puts on record what went wrong, and lets others try; how long to wait.
    async fn fail(&mut self, trouble: Trouble) -> Duration {
        self.in_doubt |= trouble.leaves_doubt();
        let asked = match &trouble {
            // Whatever was sent may still be on its way through the LMS. To look for it too early
            // would be to make it twice.
            Trouble::Failure(Failure::TimedOut) => Some(self.patience),
            Trouble::Failure(failure) => failure.retry_after(),
            _ => None,
        };
        let mut pause = self.backoff.pause(self.failures, asked, rand::random());
        if self.failures >= FAILURES {
            // Another process may fare better: it gets its turn after this one's doubt is over.
            pause = pause.max(self.patience + self.every * 2);
        }
        // Once for each outage.
        if self.failures == 0 {
            tracing::warn!(error = %trouble, "tenants cannot be pushed; trying again");
        } else {
            tracing::debug!(error = %trouble, ?pause, "tenants still cannot be pushed");
        }
        self.failures = self.failures.saturating_add(1);
        if matches!(trouble, Trouble::Failure(_)) {
            (self.observe)(Observed::Tried(Outcome::Failed));
            if let Err(trouble) = self.record(&trouble.to_string()).await {
                tracing::debug!(error = %trouble, "what went wrong cannot be written down");
            }
        }
        self.let_go().await;
        pause
    }

    /// Lets other processes try: at once or, where something may still be on its way through the LMS, after
    /// as long as that may take.
    async fn let_go(&mut self) {
        let went = if self.in_doubt {
            self.lease.leave(self.patience).await
        } else {
            self.lease.release().await.map_err(Trouble::Fault)
        };
        if let Err(trouble) = went {
            tracing::debug!(error = %trouble, "the lease will run out by itself");
        }
    }

    async fn record(&self, error: &str) -> Result<(), Trouble> {
        let tx = self.lease.begin().await?;
        sync::failed(&tx, self.lease.holder(), error, self.app.now()).await?;
        Ok(tx.commit().await?)
    }
}
