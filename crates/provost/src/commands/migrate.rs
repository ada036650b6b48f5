//! `provost migrate`

use clap::Args;

use super::open;
use crate::cli::Outcome;
use crate::settings::Settings;

/// Bring the database's tables up to date; make the database file if there is none. A database that a newer provost has migrated is refused.
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// Change nothing; print the pending migrations, and end with code 3 if there are any.
    #[arg(long)]
    pub(crate) check: bool,
}

impl Migrate {
    pub(crate) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        if self.check {
            let store = open::store(settings).await?;
            let pending = store.pending().await?;
            return if pending.is_empty() {
                super::print("up to date")?;
                Ok(Outcome::Done)
            } else {
                super::print(&pending.join("\n"))?;
                Ok(Outcome::No)
            };
        }
        let (_, applied) = open::migrated(settings).await?;
        if applied.migrations.is_empty() {
            super::print("up to date")?;
        } else {
            super::print(&applied.migrations.join("\n"))?;
        }
        Ok(Outcome::Done)
    }
}
