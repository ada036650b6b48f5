//! Sweeping away what is left of tenants and groups that went, a little at a time, so that nobody waits
//! for it.

use std::time::{Duration, Instant};

use provost_app::App;
use provost_store::Fault;
use provost_store::tenant_profiles::removals;

/// How many rows go at once: some milliseconds' worth.
const ROWS: u64 = 500;
/// How long others are left alone after each time.
const PAUSE: Duration = Duration::from_millis(5);
/// How often it is looked whether anything went.
const EVERY: Duration = Duration::from_secs(2);
/// How often everything is looked at again: what is kept may have been removed one by one.
const AGAIN: Duration = Duration::from_hours(1);

/// Sweeps for as long as the process runs. Nothing is swept that did not go before, so that looking for
/// the newest removal is enough as a rule.
pub async fn keep_sweeping(app: App) {
    let (mut newest, mut last) = (None, None::<Instant>);
    loop {
        let is_old = last.is_none_or(|last| last.elapsed() > AGAIN);
        match look(&app, newest, is_old).await {
            Ok(None) => {}
            Ok(Some((found, rows))) => {
                (newest, last) = (found, Some(Instant::now()));
                if rows > 0 {
                    tracing::info!(rows, "swept away what was left of removed profiles");
                }
            }
            Err(fault) => tracing::error!(error = %fault, "removed profiles cannot be swept away"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Sweeps if something went since `newest`, or if it is to be done anyway: the newest removal then, and how
/// many rows were swept.
async fn look(
    app: &App,
    newest: Option<i64>,
    anyway: bool,
) -> Result<Option<(Option<i64>, u64)>, Fault> {
    let found = removals::newest(app.store().read()).await?;
    if !anyway && found <= newest {
        return Ok(None);
    }
    Ok(Some((found.max(newest), sweep(app).await?)))
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
        last = removal.id;
        // Only what is to be swept keeps others from writing.
        while removals::is_due(app.store().read(), &removal).await? {
            let tx = app.store().begin().await?;
            let rows = removals::sweep(&tx, &removal, ROWS).await?;
            tx.commit().await?;
            swept += rows;
            if rows < ROWS {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
    Ok(swept)
}
