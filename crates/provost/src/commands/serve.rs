//! `provost serve`

mod background;

use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use clap::Args;
use futures_util::FutureExt as _;
use provost_app::App;
use tokio::net::TcpListener;

use self::background::Background;
use super::open;
use crate::cli::Outcome;
use crate::layers::Shell;
use crate::settings::{Loaded, Settings};
use crate::telemetry::{Metrics, Telemetry};
use crate::{demo, health, listen, routes};

const EXAMPLES: &str = "\
Examples:
  provost serve --demo
  provost --database postgres://provost@db/provost serve --listen 0.0.0.0:8700

SIGTERM or SIGINT stops it: requests in flight finish first, for at most server.shutdown_grace_seconds, and so does what is being
written to an LMS. The second one ends it at once.";

/// Serve the APIs. The database's tables are brought up to date first.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Serve {
    /// Fill an empty database with a small believable platform, and print how to sign in.
    #[arg(long)]
    pub(crate) demo: bool,
    /// Listen here, e.g. 0.0.0.0:8700. Port 0 takes a free one, which is printed.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
}

impl Serve {
    /// The flags that override settings.
    pub(crate) fn settings(&self) -> impl Iterator<Item = (String, String)> {
        self.listen
            .iter()
            .map(|listen| ("server.listen".to_owned(), listen.clone()))
    }

    pub(crate) async fn run(
        self,
        loaded: &Loaded,
        telemetry: &Telemetry,
    ) -> anyhow::Result<Outcome> {
        let settings = &loaded.settings;
        for doubt in loaded.doubts() {
            tracing::warn!("{doubt}");
        }
        let app = open::migrated_app(settings).await?;
        let loaded = if self.demo {
            demo::load(&app).await?
        } else {
            false
        };
        let metrics = metrics_of(settings)?;
        let router = router(&app, settings, telemetry, metrics)?;
        let background = Background::prepare(&app, settings)?;
        let listener = TcpListener::bind(settings.server.listen)
            .await
            .with_context(|| format!("cannot listen on {}", settings.server.listen))?;
        let address = listener.local_addr()?;
        say(&format!("listening on http://{address}"));
        if self.demo {
            say(&demo::introduction(&app, address, loaded));
        }
        let stops = listen::signals()?;
        let background = background.start(stops.clone());
        let limits = listen::Limits {
            head: settings.server.header_timeout(),
            grace: settings.server.shutdown_grace(),
        };
        let stopped = listen::serve(listener, router, stops, limits).await;
        background.stop(stopped == listen::Stopped::Finished).await;
        // What was dropped may hold a connection for as long as it likes.
        if stopped == listen::Stopped::Finished {
            app.store().close().await;
        }
        Ok(Outcome::Done)
    }
}

/// Prints; a service whose standard output nobody reads any more goes on serving.
fn say(text: &str) {
    if let Err(error) = super::print(text) {
        tracing::warn!(%error, "standard output cannot be written to");
    }
}

fn metrics_of(settings: &Settings) -> anyhow::Result<Option<Metrics>> {
    if !settings.metrics.enabled {
        return Ok(None);
    }
    let metrics = Metrics::new()?;
    metrics.install()?;
    Ok(Some(metrics))
}

/// Everything that is answered, with everything that surrounds it.
fn router(
    app: &App,
    settings: &Settings,
    telemetry: &Telemetry,
    metrics: Option<Metrics>,
) -> anyhow::Result<Router> {
    let ready: health::Ready = {
        let app = app.clone();
        Arc::new(move || is_ready(app.clone()).boxed())
    };
    let documentation = routes::documentation()?;
    let answered = routes::routes(app, settings.slash())
        .merge(documentation)
        .merge(health::router(ready, metrics.clone()));
    Ok(Shell::new(&settings.server, metrics, telemetry.traces_requests()).around(answered))
}

/// Reads the database once.
async fn is_ready(app: App) -> Result<(), String> {
    let reached = app.store().reach().await;
    reached.map_err(|fault| format!("{:#}", anyhow::Error::from(fault)))
}
