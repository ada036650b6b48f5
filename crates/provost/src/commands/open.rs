//! Opening what a command works on.

use anyhow::Context as _;
use provost_app::{App, Clock};
use provost_store::{Applied, Fault, Options, Store};

use crate::settings::Settings;

/// Opens the database that the settings name, with its tables as they are. None is made.
///
/// # Errors
/// The database cannot be reached, or is not there; the text names it without its password.
pub(crate) async fn store(settings: &Settings) -> anyhow::Result<Store> {
    let opened = Store::open(&settings.store()).await;
    let is_missing = matches!(opened, Err(Fault::Missing));
    let hint = if is_missing {
        ", which `provost migrate` makes"
    } else {
        ""
    };
    opened.with_context(|| format!("cannot open {}{hint}", settings.database.url))
}

/// Opens the database that the settings name, made if need be, with its tables brought up to date;
/// and what was brought.
///
/// # Errors
/// The database cannot be reached or made; the tables cannot be brought up to date.
pub(crate) async fn migrated(settings: &Settings) -> anyhow::Result<(Store, Applied)> {
    let options = Options {
        create_if_missing: true,
        ..settings.store()
    };
    let store = Store::open(&options)
        .await
        .with_context(|| format!("cannot open {}", settings.database.url))?;
    let applied = store.migrate().await.context("cannot migrate")?;
    Ok((store, applied))
}

/// Opens the application on a database whose tables are up to date. A mistyped address must not
/// look like an empty platform.
///
/// # Errors
/// As [`store`]; the tables are not up to date; a key cannot be read.
pub(crate) async fn app(settings: &Settings) -> anyhow::Result<App> {
    let store = store(settings).await?;
    let pending = store.pending().await?;
    anyhow::ensure!(
        pending.is_empty(),
        "{} lacks migrations ({}); run `provost migrate`",
        settings.database.url,
        pending.join(", ")
    );
    start(store, settings).await
}

/// Opens the application on the database as [`migrated`] leaves it.
///
/// # Errors
/// As [`migrated`]; a key cannot be read.
pub(crate) async fn migrated_app(settings: &Settings) -> anyhow::Result<App> {
    let (store, applied) = migrated(settings).await?;
    for migration in applied.migrations {
        tracing::info!(migration, "migrated");
    }
    start(store, settings).await
}

async fn start(store: Store, settings: &Settings) -> anyhow::Result<App> {
    App::open(store, settings.app(), Clock::system())
        .await
        .context("cannot start")
}
