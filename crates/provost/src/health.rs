//! The pages for operators: `/health/live`, `/health/ready` and `/metrics`.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use futures_util::future::BoxFuture;

use crate::telemetry::Metrics;

/// Asks whether requests can be answered: nothing, or a sentence that says why not.
pub type Ready = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// The routes. `/metrics` is left out when no metrics are kept.
///
/// Live means that the process runs: whoever sees it fail restarts the process. Ready means that it can reach its
/// database: whoever sees it fail sends requests elsewhere meanwhile.
pub fn router(ready: Ready, metrics: Option<Metrics>) -> Router {
    let health = Router::new()
        .route(
            "/health/live",
            get(|| async { status(StatusCode::OK, "ok") }),
        )
        .route("/health/ready", get(move || is_ready(Arc::clone(&ready))));
    match metrics {
        Some(metrics) => health.route("/metrics", get(move || async move { page(&metrics) })),
        None => health,
    }
}

async fn is_ready(ready: Ready) -> Response {
    match ready().await {
        Ok(()) => status(StatusCode::OK, "ok"),
        Err(why) => {
            tracing::warn!("not ready: {why}");
            // The reason stays in the log: this page is open to everyone.
            status(StatusCode::SERVICE_UNAVAILABLE, "unavailable")
        }
    }
}

fn status(code: StatusCode, word: &str) -> Response {
    (
        code,
        [(CONTENT_TYPE, "application/json")],
        format!("{{\"status\":\"{word}\"}}"),
    )
        .into_response()
}

fn page(metrics: &Metrics) -> Response {
    (
        [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        metrics.render(),
    )
        .into_response()
}
