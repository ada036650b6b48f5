//! Metrics for Prometheus: requests by route, and the gauges that the rest of the program sets.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::http::{Method, StatusCode};
use metrics::{
    Counter, Gauge, Histogram, Key, Label, Level, Metadata, Recorder, SharedString, Unit,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use parking_lot::RwLock;
use provost_store::PoolStats;
use provost_tenants::connector::{Observed, Outcome};

const REQUESTS: &str = "http_requests_total";
const DURATION: &str = "http_request_duration_seconds";
const IN_FLIGHT: &str = "http_requests_in_flight";
const POLICY_REVISION: &str = "provost_policy_revision";
const POLICY_LAG: &str = "provost_policy_refresh_lag_seconds";
const POOL_SIZE: &str = "provost_database_connections";
const POOL_IDLE: &str = "provost_database_connections_idle";
const LMS_BACKLOG: &str = "provost_lms_backlog_entries";
const LMS_BACKLOG_AGE: &str = "provost_lms_backlog_age_seconds";
const LMS_PUSHES: &str = "provost_lms_pushes_total";

/// Upper bounds of the buckets of [`DURATION`], in seconds: from an answer out of memory to a slow list.
const BUCKETS: [f64; 13] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// How often samples are folded into their buckets when nobody scrapes.
const UPKEEP: Duration = Duration::from_secs(5);

/// The methods that appear as such; a client may invent others, which must not invent series.
const METHODS: [Method; 7] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
];

/// The metrics of this process. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Metrics {
    recorder: Arc<PrometheusRecorder>,
    handle: PrometheusHandle,
    in_flight: Gauge,
    routes: Arc<RwLock<HashMap<String, Vec<Series>>>>,
}

/// What is kept for one route, method and status. The handles are looked up once and then only counted on.
#[derive(Clone, Debug)]
struct Series {
    method: &'static str,
    status: StatusCode,
    requests: Counter,
    duration: Histogram,
}

/// One request in flight; dropping it takes it out again, also when the client goes away.
#[derive(Debug)]
pub struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

impl Metrics {
    /// Metrics that nobody else in the process sees.
    ///
    /// # Errors
    /// None with the buckets of this module; the builder's own type says otherwise.
    pub fn new() -> anyhow::Result<Self> {
        let recorder = PrometheusBuilder::new()
            .set_buckets(&BUCKETS)
            .context("buckets")?
            .build_recorder();
        describe(&recorder);
        Ok(Self {
            handle: recorder.handle(),
            in_flight: recorder.register_gauge(&Key::from_static_name(IN_FLIGHT), &METADATA),
            recorder: Arc::new(recorder),
            routes: Arc::default(),
        })
    }

    /// Makes these the metrics that the macros of the `metrics` crate write to, anywhere in the process, and keeps them
    /// small while nobody scrapes. Call it once, inside the runtime.
    ///
    /// # Errors
    /// Another recorder was installed before.
    pub fn install(&self) -> anyhow::Result<()> {
        metrics::set_global_recorder(Arc::clone(&self.recorder))
            .context("metrics were installed twice")?;
        let handle = self.handle.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(UPKEEP).await;
                handle.run_upkeep();
            }
        });
        Ok(())
    }

    /// The page `/metrics`, in Prometheus' text format.
    #[must_use]
    pub fn render(&self) -> String {
        self.handle.render()
    }

    /// Counts a request as in flight until the answer is dropped.
    #[must_use]
    pub fn enter(&self) -> InFlight {
        self.in_flight.increment(1.0);
        InFlight(self.in_flight.clone())
    }

    /// Counts a finished request. `route` is the route's template, never the path.
    pub fn finish(&self, route: &str, method: &Method, status: StatusCode, duration: Duration) {
        let method = METHODS
            .iter()
            .find(|known| *known == method)
            .map_or("OTHER", Method::as_str);
        let known = self
            .routes
            .read()
            .get(route)
            .and_then(|series| find(series, method, status));
        let series = known.unwrap_or_else(|| self.add(route, method, status));
        series.requests.increment(1);
        series.duration.record(duration.as_secs_f64());
    }

    fn add(&self, route: &str, method: &'static str, status: StatusCode) -> Series {
        let labels = vec![
            Label::new("route", route.to_owned()),
            Label::from_static_parts("method", method),
            Label::new("status", status.as_str().to_owned()),
        ];
        let series = Series {
            method,
            status,
            requests: self
                .recorder
                .register_counter(&Key::from_parts(REQUESTS, labels.clone()), &METADATA),
            duration: self
                .recorder
                .register_histogram(&Key::from_parts(DURATION, labels), &METADATA),
        };
        self.routes
            .write()
            .entry(route.to_owned())
            .or_default()
            .push(series.clone());
        series
    }
}

/// Says which revision of the policy this process decides by.
pub fn policy_revision(revision: u64) {
    metrics::gauge!(POLICY_REVISION).set(as_number(revision));
}

/// Says how old the newest grant was when this process learned of it, or zero when there was none to learn of.
pub fn policy_refresh_lag(lag: Duration) {
    metrics::gauge!(POLICY_LAG).set(lag.as_secs_f64());
}

/// Says how many connections the database pool holds, and how many of them are idle.
pub fn pool(stats: PoolStats) {
    metrics::gauge!(POOL_SIZE).set(f64::from(stats.open));
    metrics::gauge!(POOL_IDLE).set(f64::from(u32::try_from(stats.idle).unwrap_or(u32::MAX)));
}

/// Says how pushing tenants to the LMS goes.
pub fn pushing(observed: Observed) {
    match observed {
        Observed::Backlog { entries, seconds } => {
            metrics::gauge!(LMS_BACKLOG).set(as_number(entries));
            metrics::gauge!(LMS_BACKLOG_AGE).set(as_number(seconds));
        }
        Observed::Tried(outcome) => {
            let outcome = match outcome {
                Outcome::Pushed => "pushed",
                Outcome::Refused => "refused",
                Outcome::Failed => "failed",
            };
            metrics::counter!(LMS_PUSHES, "outcome" => outcome).increment(1);
        }
    }
}

const METADATA: Metadata<'static> = Metadata::new("provost", Level::INFO, None);

fn find(series: &[Series], method: &str, status: StatusCode) -> Option<Series> {
    series
        .iter()
        .find(|one| one.method == method && one.status == status)
        .cloned()
}

/// Prometheus knows only floating-point numbers.
#[expect(
    clippy::cast_precision_loss,
    reason = "exact to 2^53, which no counter of ours reaches"
)]
fn as_number(count: u64) -> f64 {
    count as f64
}

fn describe(recorder: &PrometheusRecorder) {
    let text = SharedString::const_str;
    recorder.describe_counter(REQUESTS.into(), None, text("Answered requests."));
    recorder.describe_histogram(
        DURATION.into(),
        Some(Unit::Seconds),
        text("Time from a request to its answer."),
    );
    recorder.describe_gauge(IN_FLIGHT.into(), None, text("Requests being answered."));
    recorder.describe_gauge(
        POLICY_REVISION.into(),
        None,
        text("Revision of the policy in memory."),
    );
    recorder.describe_gauge(
        POLICY_LAG.into(),
        Some(Unit::Seconds),
        text("Age of the newest change when it was learned of."),
    );
    recorder.describe_gauge(POOL_SIZE.into(), None, text("Connections to the database."));
    recorder.describe_gauge(
        POOL_IDLE.into(),
        None,
        text("Idle connections to the database."),
    );
    describe_pushing(recorder);
}

fn describe_pushing(recorder: &PrometheusRecorder) {
    let text = SharedString::const_str;
    recorder.describe_gauge(
        LMS_BACKLOG.into(),
        None,
        text("Changes of tenants that wait to be pushed to the LMS."),
    );
    recorder.describe_gauge(
        LMS_BACKLOG_AGE.into(),
        Some(Unit::Seconds),
        text("Age of the first change of a tenant that waits to be pushed to the LMS."),
    );
    recorder.describe_counter(
        LMS_PUSHES.into(),
        None,
        text("Changes of tenants that the LMS took (pushed), refuses as they are (refused), or could not take yet (failed)."),
    );
}
