//! Sweeping away what is left of tenants and groups that went, a little at a time, so that nobody waits
//! for it.

use std::time::Duration;

use provost_app::App;
use provost_store::Fault;
use provost_store::tenant_profiles::removals;

/// How many rows go at once: some milliseconds' worth.
const ROWS: u64 = 500;
/// How long others are left alone after each time.
const PAUSE: Duration = Duration::from_millis(5);

/// How often it is looked whether anything went.
const EVERY: Duration = Duration::from_secs(2);

/// Sweeps for as long as the process runs.
pub async fn keep_sweeping(app: App) {
    loop {
        match sweep(&app).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "swept away what was left of removed profiles"),
            Err(fault) => tracing::error!(error = %fault, "removed profiles cannot be swept away"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Sweeps away everything that is left of what went, but what is kept; how many rows there were.
///
/// Whoever is interrupted has lost nothing: what is left is still on record, and two who sweep at once
/// are as good as one.
///
/// # Errors
/// A [`Fault`] of the store.
pub async fn sweep(app: &App) -> Result<u64, Fault> {
    let (mut last, mut swept) = (0, 0);
    while let Some(removal) = removals::next(app.store().read(), last).await? {
        loop {
            let tx = app.store().begin().await?;
            let rows = removals::sweep(&tx, removal, ROWS).await?;
            tx.commit().await?;
            swept += rows;
            if rows < ROWS {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        last = removal.id;
    }
    Ok(swept)
}
