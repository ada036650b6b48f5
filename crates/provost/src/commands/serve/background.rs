//! What a serving process does besides answering.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use provost_app::App;
use provost_tenants::connector::Connector;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::commands::tenants;
use crate::settings::Settings;
use crate::telemetry::metrics;

/// Tasks that go on until the process stops.
pub(super) struct Background {
    /// Those that may be dropped at any time.
    tasks: Vec<JoinHandle<()>>,
    pushing: Option<Pushing>,
}

/// Tenants are being pushed to an LMS.
struct Pushing {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    /// How long the call in flight may take.
    patience: Duration,
}

impl Background {
    /// Begins.
    ///
    /// # Errors
    /// The LMS cannot be asked with the settings there are.
    pub(super) fn start(app: &App, settings: &Settings) -> anyhow::Result<Self> {
        let pushing = if settings.lms.is_on() {
            Some(Pushing::start(app, settings)?)
        } else {
            None
        };
        let every = settings.policy.refresh();
        Ok(Self {
            tasks: vec![
                tokio::spawn(refresh(app.clone(), every)),
                tokio::spawn(tenants::purging(app.clone())),
            ],
            pushing,
        })
    }

    /// Ends it. What is being told to the LMS is told to its end, unless there is no time left.
    pub(super) async fn stop(self, has_time: bool) {
        for task in self.tasks {
            task.abort();
        }
        match self.pushing {
            Some(pushing) if has_time => pushing.stop().await,
            Some(pushing) => pushing.task.abort(),
            None => {}
        }
    }
}

impl Pushing {
    fn start(app: &App, settings: &Settings) -> anyhow::Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let connector = Connector::new(
            app.clone(),
            &settings.lms,
            tenants::holder("provost serve"),
            settings.policy.refresh(),
            stopped,
            metrics::pushing,
        )
        .context("tenants cannot be pushed to the LMS")?;
        Ok(Self {
            stop,
            task: tokio::spawn(connector.run()),
            patience: settings.lms.timeout(),
        })
    }

    async fn stop(mut self) {
        self.stop.send_replace(true);
        // A moment more, to write down what became of the call.
        let patience = self.patience + Duration::from_secs(1);
        if tokio::time::timeout(patience, &mut self.task)
            .await
            .is_err()
        {
            tracing::warn!("a tenant was still being pushed, and that was broken off");
            self.task.abort();
        }
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
