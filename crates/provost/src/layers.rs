//! What surrounds every request: its id, its limits, its log line, its metrics and its trace.
//!
//! One layer does all of it, because the cost of a layer is paid on every request: what one needs to know, such as
//! the route or the time, the others need too.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::Response;
use futures_util::FutureExt as _;
use http_body_util::Limited;
use tracing::field::Empty;
use tracing::{Instrument as _, Span};
use uuid::{Builder, NoContext, Timestamp, Uuid};

use provost_drf::absolute::{PublicBase, TrustForwarded};
use provost_drf::{BodyLimit, Caller, Dialect, JsonBases, Problem};

use crate::routes::families;
use crate::settings::{Network, Server};
use crate::telemetry::logs::REQUEST;
use crate::telemetry::{Metrics, traces};

/// The header that carries the id of a request, in and out.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The route of a request that no route matches.
const UNMATCHED: &str = "unmatched";

/// What the layer is told at start.
#[derive(Clone, Debug)]
pub struct Shell {
    /// The largest request body, in bytes.
    pub body_limit: usize,
    /// How long a request may take.
    pub timeout: Duration,
    /// Where requests are counted, if they are.
    pub metrics: Option<Metrics>,
    /// Whether requests are traced.
    pub traced: bool,
    /// The address under which clients reach the service, if it is configured.
    pub public_base: Option<PublicBase>,
    /// The proxies whose forwarding headers are believed.
    pub trusted_proxies: Vec<Network>,
    /// How problems are worded, by path.
    pub bases: JsonBases,
}

impl Shell {
    /// What the settings say, and who counts and traces.
    #[must_use]
    pub fn new(settings: &Server, metrics: Option<Metrics>, traced: bool) -> Self {
        Self {
            body_limit: settings.body_limit_bytes,
            timeout: settings.request_timeout(),
            metrics,
            traced,
            public_base: settings
                .public_url
                .as_deref()
                .map(|url| PublicBase(url.into())),
            trusted_proxies: settings.trusted_proxies.clone(),
            bases: JsonBases::of(&families()),
        }
    }

    /// Puts the layer around every route of a router, and around its fallback.
    pub fn around(self, router: Router) -> Router {
        router.layer(middleware::from_fn_with_state(Arc::new(self), surround))
    }
}

/// What is known about a request before it is answered.
struct Seen {
    started: Instant,
    method: Method,
    route: Option<MatchedPath>,
    span: Span,
}

impl Seen {
    fn route(&self) -> &str {
        self.route.as_ref().map_or(UNMATCHED, MatchedPath::as_str)
    }
}

/// Leaves notes for the layers below: the size that a body may have, and what is known of the address that the client used.
fn note(shell: &Shell, request: &mut Request) {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(peer)| peer.ip());
    let is_trusted = peer.is_some_and(|peer| {
        shell
            .trusted_proxies
            .iter()
            .any(|network| network.contains(peer))
    });
    if is_trusted {
        request.extensions_mut().insert(TrustForwarded);
    }
    if shell.body_limit != BodyLimit::DEFAULT.0 {
        request.extensions_mut().insert(BodyLimit(shell.body_limit));
    }
    if let Some(base) = &shell.public_base {
        request.extensions_mut().insert(base.clone());
    }
}

/// Surrounds one request. The id is left in the request's headers, where the change log finds it.
async fn surround(State(shell): State<Arc<Shell>>, mut request: Request, next: Next) -> Response {
    let id = request_id(request.headers());
    request.headers_mut().insert(REQUEST_ID, id.clone());
    note(&shell, &mut request);
    let seen = see(&shell, &request, &id);
    let dialect = shell.bases.dialect(request.uri().path());
    let in_flight = shell.metrics.as_ref().map(Metrics::enter);
    let mut response = match limit(request, shell.body_limit) {
        Some(request) => {
            answer(next.run(request), shell.timeout, dialect)
                .instrument(seen.span.clone())
                .await
        }
        None => Problem::detail(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The request body is too large.",
        )
        .worded(dialect),
    };
    drop(in_flight);
    if let Some(caller) = response.extensions().get::<Caller>() {
        seen.span.record("user.id", caller.id);
    }
    tell(&shell, &seen, response.status());
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

fn see(shell: &Shell, request: &Request, id: &HeaderValue) -> Seen {
    let span = tracing::info_span!(
        target: "provost",
        "request",
        request.id = id.to_str().unwrap_or_default(),
        user.id = Empty
    );
    let seen = Seen {
        started: Instant::now(),
        method: request.method().clone(),
        route: request.extensions().get::<MatchedPath>().cloned(),
        span,
    };
    if shell.traced {
        traces::open(
            &seen.span,
            request.headers(),
            seen.method.as_str(),
            seen.route(),
        );
    }
    seen
}

/// The id that the client or a proxy gave, if it is fit to be logged, or a new one. New ones sort by time.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    headers
        .get(REQUEST_ID)
        .filter(|given| is_id(given.as_bytes()))
        .cloned()
        .unwrap_or_else(|| {
            let mut text = Uuid::encode_buffer();
            let text = fresh_id().hyphenated().encode_lower(&mut text);
            HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("-"))
        })
}

/// A UUID of version 7. [`Uuid::now_v7`] would ask the system for randomness at each request.
fn fresh_id() -> Uuid {
    let (seconds, nanos) = Timestamp::now(NoContext).to_unix();
    let millis = seconds * 1000 + u64::from(nanos / 1_000_000);
    Builder::from_unix_timestamp_millis(millis, &rand::random()).into_uuid()
}

fn is_id(text: &[u8]) -> bool {
    (1..=64).contains(&text.len())
        && text
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

/// Bounds the body of a request: nothing comes back when it says itself that it is too large, and one that turns out
/// to be is cut off. A request without a body passes as it is.
fn limit(request: Request, most: usize) -> Option<Request> {
    let size = request.body().size_hint();
    let length = u64::try_from(most).unwrap_or(u64::MAX);
    if size.lower() > length {
        return None;
    }
    if size.upper().is_some_and(|upper| upper <= length) {
        return Some(request);
    }
    Some(request.map(|body| Body::new(Limited::new(body, most))))
}

/// Answers, whatever happens: a panic is a 500, and too long a time a 503.
async fn answer(
    work: impl Future<Output = Response>,
    most: Duration,
    dialect: Dialect,
) -> Response {
    let refused = |status, text| Problem::detail(status, text).worded(dialect);
    match tokio::time::timeout(most, AssertUnwindSafe(work).catch_unwind()).await {
        Ok(Ok(response)) => response,
        // The panic hook has logged the cause.
        Ok(Err(_)) => refused(
            StatusCode::INTERNAL_SERVER_ERROR,
            "A server error occurred.",
        ),
        Err(_) => refused(
            StatusCode::SERVICE_UNAVAILABLE,
            "The request took too long.",
        ),
    }
}

/// Counts the request and writes its line.
fn tell(shell: &Shell, seen: &Seen, status: StatusCode) {
    let duration = seen.started.elapsed();
    if let Some(metrics) = &shell.metrics {
        metrics.finish(seen.route(), &seen.method, status, duration);
    }
    if shell.traced {
        traces::close(&seen.span, status.as_u16());
    }
    let (method, route, code) = (seen.method.as_str(), seen.route(), status.as_u16());
    // Microseconds, which is what the digits are worth.
    let took = (duration.as_secs_f64() * 1e6).round() / 1e3;
    let _entered = seen.span.enter();
    // The level of an event is a constant, hence two of them.
    if status.is_server_error() {
        tracing::error!(
            target: REQUEST,
            { http.method = method, http.route = route, http.status = code, duration_ms = took },
            "{method} {route} answered {code}"
        );
    } else {
        tracing::info!(
            target: REQUEST,
            { http.method = method, http.route = route, http.status = code, duration_ms = took },
            "{method} {route} answered {code}"
        );
    }
}
