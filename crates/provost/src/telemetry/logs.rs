//! Log lines.
//!
//! A message can be read alone; its fields can be queried. The line of a request carries the method, the route (never
//! the path or the query, which may hold names and addresses), the status and the duration; the span around it carries
//! the id of the request and, once known, of its user.
//!
//! Invariant: tokens, cookies, passwords and mail addresses are never given to a log macro.

use anyhow::Context as _;
use tracing::Subscriber;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{EnvFilter, Layer};

use crate::settings::{Log, LogFormat};

/// The target of the line that each request leaves, so that a filter can drop it.
pub const REQUEST: &str = "provost::request";

/// The layer that writes events as the settings say.
///
/// # Errors
/// A filter that is no list of directives.
pub fn layer<S, W>(settings: &Log, writer: W) -> anyhow::Result<Box<dyn Layer<S> + Send + Sync>>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder()
        .parse(&settings.filter)
        .context("`log.filter` is no list of directives")?;
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    Ok(match settings.format {
        LogFormat::Text => lines.with_ansi(false).with_filter(filter).boxed(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .with_filter(filter)
            .boxed(),
    })
}

/// Makes panics log lines with their place. The default would print them past the log's format.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(
            panic.place = place,
            "panicked: {}",
            message(panic.payload())
        );
    }));
}

/// The text of a panic; a payload that is no text has none.
fn message(payload: &(dyn std::any::Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}
