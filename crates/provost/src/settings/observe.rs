//! `[log]`, `[metrics]`, `[telemetry]` and `[policy]`: what operators see, and how fresh decisions are.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;

use super::Wrong;

/// What is logged, and how. Logs go to standard error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// One line of text, or one JSON object, per event.
    pub format: LogFormat,
    /// Which events are logged, as directives: `warn`, or `info,provost::request=warn` for no line per request.
    pub filter: String,
}

/// How an event is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For collectors.
    Json,
}

/// Prometheus metrics at `/metrics`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Metrics {
    /// Whether metrics are kept and served.
    pub enabled: bool,
}

/// Traces, sent by OpenTelemetry's protocol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Telemetry {
    /// The collector's address for traces over HTTP, e.g. `http://127.0.0.1:4318/v1/traces`. Without it nothing is traced.
    pub otlp_endpoint: Option<String>,
    /// The name of this service in traces.
    pub service_name: String,
    /// The share of requests that are traced when the caller has not decided already, from 0 to 1.
    pub sample_ratio: f64,
}

/// How fresh the policy in memory is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// How often a process looks for grants that another process made, in milliseconds. Its own are visible at once.
    pub refresh_milliseconds: u64,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            filter: "info".to_owned(),
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self { enabled: true }
    }
}

impl Default for Telemetry {
    fn default() -> Self {
        Self {
            otlp_endpoint: None,
            service_name: "provost".to_owned(),
            sample_ratio: 1.0,
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            refresh_milliseconds: 500,
        }
    }
}

impl Log {
    pub(super) fn validate(&self) -> Vec<Wrong> {
        match EnvFilter::builder().parse(&self.filter) {
            Ok(_) => Vec::new(),
            Err(cause) => vec![Wrong::new(
                "log.filter",
                format!("is no list of directives: {cause}"),
            )],
        }
    }
}

impl Telemetry {
    pub(super) fn validate(&self) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        if self
            .otlp_endpoint
            .as_ref()
            .is_some_and(|url| url.parse::<http::Uri>().is_err() || !url.starts_with("http://"))
        {
            // The exporter speaks plain HTTP: traces go to a collector beside the service, which speaks TLS onward.
            wrong.push(Wrong::new(
                "telemetry.otlp_endpoint",
                "must be an address that begins with `http://`",
            ));
        }
        if self.service_name.is_empty() {
            wrong.push(Wrong::new("telemetry.service_name", "must not be empty"));
        }
        if !(0.0..=1.0).contains(&self.sample_ratio) {
            wrong.push(Wrong::new(
                "telemetry.sample_ratio",
                "must be between 0 and 1",
            ));
        }
        wrong
    }
}

impl Policy {
    /// [`Policy::refresh_milliseconds`] as a duration.
    #[must_use]
    pub fn refresh(&self) -> Duration {
        Duration::from_millis(self.refresh_milliseconds)
    }

    pub(super) fn validate(&self) -> Vec<Wrong> {
        if self.refresh_milliseconds < 10 {
            return vec![Wrong::new(
                "policy.refresh_milliseconds",
                "must be at least 10",
            )];
        }
        Vec::new()
    }
}
