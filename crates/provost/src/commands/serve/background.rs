//! What a serving process does besides answering.
//!
//! What panics is begun anew after a while, and an error in the log: answering goes on meanwhile, which matters
//! more than that one of these tasks stands still.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures_util::FutureExt as _;
use provost_app::App;
use provost_tenants::connector::Connector;
use provost_upstream::Unusable;
use provost_upstream::lms;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::commands::tenants;
use crate::listen::{Stops, told};
use crate::settings::Settings;
use crate::telemetry::metrics;

/// How long a task that has panicked stands still.
const PAUSE: Duration = Duration::from_secs(10);

/// What is about to begin.
pub(super) struct Prepared {
    app: App,
    /// How often the change log is looked at.
    every: Duration,
    pushing: Option<Pushing>,
}

/// Tasks that go on until the process stops.
pub(super) struct Background {
    /// Those that may be dropped at any time.
    tasks: Vec<JoinHandle<()>>,
    pushing: Option<Pushed>,
}

/// What it takes to push tenants to an LMS.
struct Pushing {
    app: App,
    settings: lms::Settings,
    /// Who pushes, as people read it.
    holder: String,
    every: Duration,
    stop: watch::Sender<bool>,
}

/// Tenants are being pushed to an LMS.
struct Pushed {
    task: JoinHandle<()>,
    /// How long the call in flight may take.
    patience: Duration,
    stops: Stops,
}

impl Background {
    /// Makes sure that it can begin.
    ///
    /// # Errors
    /// The LMS cannot be asked with the settings there are.
    pub(super) fn prepare(app: &App, settings: &Settings) -> anyhow::Result<Prepared> {
        let every = settings.policy.refresh();
        let pushing = settings.lms.is_on().then(|| Pushing {
            app: app.clone(),
            settings: settings.lms.clone(),
            holder: tenants::holder("provost serve"),
            every,
            stop: watch::Sender::new(false),
        });
        if let Some(pushing) = &pushing {
            pushing
                .connector()
                .context("tenants cannot be pushed to the LMS")?;
        }
        Ok(Prepared {
            app: app.clone(),
            every,
            pushing,
        })
    }

    /// Ends it. What is being told to the LMS is told to its end, unless there is no time left, or the process is
    /// told to stop once more.
    pub(super) async fn stop(self, has_time: bool) {
        for task in self.tasks {
            task.abort();
        }
        match self.pushing {
            Some(pushed) if has_time => pushed.stop().await,
            Some(pushed) => pushed.task.abort(),
            None => {}
        }
    }
}

impl Prepared {
    /// Begins. No new push is begun any more once the process is told to stop.
    pub(super) fn start(self, stops: Stops) -> Background {
        let Self {
            app,
            every,
            pushing,
        } = self;
        let (follower, sweeper, purger) = (app.clone(), app.clone(), app);
        let following = move || refresh(follower.clone(), every);
        let sweeping = move || provost_profiles::keep_sweeping(sweeper.clone());
        let purging = move || tenants::purging(purger.clone());
        Background {
            tasks: vec![
                tokio::spawn(again("following the change log", PAUSE, following)),
                tokio::spawn(again("sweeping removed profiles", PAUSE, sweeping)),
                tokio::spawn(again("purging deleted tenants", PAUSE, purging)),
            ],
            pushing: pushing.map(|pushing| pushing.start(stops)),
        }
    }
}

impl Pushing {
    fn connector(&self) -> Result<Connector, Unusable> {
        Connector::new(
            self.app.clone(),
            &self.settings,
            self.holder.clone(),
            self.every,
            self.stop.subscribe(),
            metrics::pushing,
        )
    }

    /// Pushes until it is told to stop.
    async fn run(&self) {
        match self.connector() {
            Ok(connector) => connector.run().await,
            // It was possible when the process began: somebody has since changed a file.
            Err(error) => tracing::error!(%error, "tenants are no longer pushed to the LMS"),
        }
    }

    fn start(self, stops: Stops) -> Pushed {
        let patience = self.settings.longest_write();
        let mut first = stops.clone();
        let task = tokio::spawn(async move {
            let stopping = async {
                told(&mut first, 1).await;
                self.stop.send_replace(true);
            };
            let pushing = again("pushing tenants", PAUSE, || self.run());
            tokio::join!(stopping, pushing);
        });
        Pushed {
            task,
            patience,
            stops,
        }
    }
}

impl Pushed {
    async fn stop(mut self) {
        // A moment more, to write down what became of the call.
        let patience = self.patience + Duration::from_secs(1);
        let why = tokio::select! {
            _ = &mut self.task => return,
            () = tokio::time::sleep(patience) => "it took too long",
            true = told(&mut self.stops, 2) => "told to stop again",
        };
        tracing::warn!("a tenant was still being pushed, and that was broken off: {why}");
        self.task.abort();
    }
}

/// Runs a task to its end, and from its beginning whenever it panics.
async fn again<Task: Future<Output = ()>>(name: &str, pause: Duration, task: impl Fn() -> Task) {
    // Each begins with what the database says, so that nothing half done is gone on with.
    while AssertUnwindSafe(task()).catch_unwind().await.is_err() {
        tracing::error!("{name} has panicked, and begins anew in {pause:?}");
        tokio::time::sleep(pause).await;
    }
}

/// Follows the change log, so that what other processes write counts here soon.
async fn refresh(app: App, every: Duration) {
    let mut failing = false;
    loop {
        tokio::time::sleep(every).await;
        let started = Instant::now();
        match app.refresh().await {
            Ok(refreshed) => {
                if failing {
                    tracing::info!("the policy follows the change log again");
                }
                failing = false;
                metrics::policy_refresh_lag(refreshed.lag(app.now()));
                tracing::debug!(entries = refreshed.entries, took = ?started.elapsed(), "refreshed");
            }
            Err(fault) => {
                // Once for each outage: the log is read twice a second.
                if !failing {
                    tracing::error!(error = %fault, "the policy cannot follow the change log");
                }
                failing = true;
            }
        }
        metrics::policy_revision(app.policy().revision());
        metrics::pool(app.store().stats());
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn what_panics_is_begun_anew_until_it_ends_by_itself() {
        let times = Cell::new(0);
        let task = || async {
            times.set(times.get() + 1);
            assert!(times.get() > 2, "too early");
        };
        again("a task of a test", Duration::ZERO, task).await;
        assert_eq!(times.get(), 3);
    }
}
