//! Traces, sent to a collector by OpenTelemetry's protocol over HTTP.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use anyhow::Context as _;
use axum::http::{HeaderMap, Request, Response};
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{Status, TraceContextExt as _, TracerProvider as _};
use opentelemetry_http::hyper::HyperClient;
use opentelemetry_http::{Bytes, HeaderExtractor, HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tokio::runtime::Handle;
use tracing::{Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::registry::LookupSpan;

use crate::settings::Telemetry;

/// How long one delivery to the collector may take.
const DELIVERY: Duration = Duration::from_secs(10);

/// How long the last delivery may take when the program stops.
const FAREWELL: Duration = Duration::from_secs(5);

/// The export of traces.
#[derive(Clone, Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Starts the export, if an endpoint is configured. Call it inside the runtime, which carries the deliveries.
    ///
    /// # Errors
    /// An endpoint that is no address.
    pub fn start(settings: &Telemetry) -> anyhow::Result<Option<Self>> {
        let Some(endpoint) = &settings.otlp_endpoint else {
            return Ok(None);
        };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Courier::new(Handle::try_current().context("no runtime")?))
            .with_endpoint(endpoint)
            .with_timeout(DELIVERY)
            .build()?;
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(
                settings.sample_ratio,
            ))))
            .with_resource(
                Resource::builder()
                    .with_service_name(settings.service_name.clone())
                    .build(),
            )
            .build();
        Ok(Some(Self { provider }))
    }

    /// The layer that turns our spans into traces. Spans of libraries, the exporter's own among them, are left out.
    #[must_use]
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer("provost"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_filter(Targets::new().with_target("provost", LevelFilter::INFO))
    }

    /// Sends what is still waiting. The exporter blocks its caller, so it is called where blocking is allowed.
    pub async fn stop(self) {
        let stopped =
            tokio::task::spawn_blocking(move || self.provider.shutdown_with_timeout(FAREWELL))
                .await;
        if !matches!(stopped, Ok(Ok(()))) {
            tracing::warn!("the last traces could not be sent");
        }
    }
}

/// Makes a request's span a child of the span that `traceparent` names (W3C Trace Context), and names it by its route.
pub fn open(span: &Span, headers: &HeaderMap, method: &str, route: &str) {
    let parent = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
    // Fails only when the span is not traced at all.
    let _ = span.set_parent(parent);
    span.set_attribute("otel.kind", "server");
    span.set_attribute("http.request.method", method.to_owned());
    span.set_attribute("http.route", route.to_owned());
    span.context()
        .span()
        .update_name(format!("{method} {route}"));
}

/// Notes how a request ended.
pub fn close(span: &Span, status: u16) {
    span.set_attribute("http.response.status_code", i64::from(status));
    if status >= 500 {
        span.set_status(Status::error(""));
    }
}

/// Carries batches to the collector. The exporter calls it on a thread of its own, outside the runtime that the
/// client's connections and clocks need, so each delivery is handed to the runtime.
#[derive(Debug)]
struct Courier {
    client: HyperClient,
    runtime: Handle,
}

impl Courier {
    fn new(runtime: Handle) -> Self {
        Self {
            client: HyperClient::with_default_connector(DELIVERY, None),
            runtime,
        }
    }
}

/// A delivery under way.
type Delivery<'a> = Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'a>>;

impl HttpClient for Courier {
    fn send_bytes<'life0, 'async_trait>(
        &'life0 self,
        request: Request<Bytes>,
    ) -> Delivery<'async_trait>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        let client = self.client.clone();
        let delivery = self
            .runtime
            .spawn(async move { client.send_bytes(request).await });
        Box::pin(async move { delivery.await? })
    }
}
