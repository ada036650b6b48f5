//! Subscribers of one test, beside those of the tests that run at the same time.

use std::sync::LazyLock;

use tracing::Dispatch;
use tracing::subscriber::{DefaultGuard, NoSubscriber};
use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::registry::Registry;

/// A subscriber that listens to nothing and never goes away. While only one subscriber exists, `tracing` asks the
/// thread that first reaches an event whether anybody wants it, and remembers a no for all threads; with two it asks
/// every subscriber.
static OTHER: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::default()));

/// Gives this thread's spans and events to a layer until the guard is dropped.
pub(crate) fn subscribe(layer: impl Layer<Registry> + Send + Sync) -> DefaultGuard {
    LazyLock::force(&OTHER);
    tracing::subscriber::set_default(tracing_subscriber::registry().with(layer))
}
