//! What operators see: logs on standard error, metrics for Prometheus, traces for a collector.

pub mod logs;
pub mod metrics;
pub mod traces;

use anyhow::Context as _;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

pub use metrics::Metrics;

use crate::settings::Settings;

/// The part of telemetry that has to be stopped.
#[derive(Debug)]
#[must_use = "traces are lost unless telemetry is stopped"]
pub struct Telemetry {
    traces: Option<traces::Traces>,
}

impl Telemetry {
    /// Starts logging, and tracing when a collector is configured. Call it once, inside the runtime.
    ///
    /// # Errors
    /// A filter or an endpoint that cannot be used, or a second call.
    pub fn start(settings: &Settings) -> anyhow::Result<Self> {
        let traces = traces::Traces::start(&settings.telemetry)
            .context("cannot start the export of traces")?;
        tracing_subscriber::registry()
            .with(traces.as_ref().map(traces::Traces::layer))
            .with(logs::layer(&settings.log, std::io::stderr)?)
            .try_init()
            .context("logging was started twice")?;
        logs::log_panics();
        Ok(Self { traces })
    }

    /// Whether requests are traced.
    #[must_use]
    pub fn traces_requests(&self) -> bool {
        self.traces.is_some()
    }

    /// Sends the traces that are still waiting, for at most five seconds.
    pub async fn stop(self) {
        if let Some(traces) = self.traces {
            traces.stop().await;
        }
    }
}
