//! Opening what a command works on.

use anyhow::Context as _;
use provost_app::{App, Clock};
use provost_store::Store;

use crate::settings::Settings;

/// Opens the database that the settings name, with its tables as they are.
///
/// # Errors
/// The database cannot be reached; the text names it without its password.
pub(crate) async fn store(settings: &Settings) -> anyhow::Result<Store> {
    let options = settings.store();
    Store::open(&options)
        .await
        .with_context(|| format!("cannot open {}", settings.database.url))
}

/// Opens the application, with the database's tables brought up to date.
///
/// # Errors
/// As [`store`]; the tables cannot be brought up to date; a key cannot be read.
pub(crate) async fn app(settings: &Settings) -> anyhow::Result<App> {
    let store = store(settings).await?;
    let applied = store.migrate().await.context("cannot migrate")?;
    for migration in applied.migrations {
        tracing::info!(migration, "migrated");
    }
    App::open(store, settings.app(), Clock::system())
        .await
        .context("cannot start")
}
