//! `provost profiles show`

use clap::Args;
use provost_app::App;
use provost_profiles::views;

use crate::cli::Outcome;
use crate::commands::print;

const EXAMPLES: &str = "\
Example:
  provost profiles show foo

A profile and a site of the same id are two views of one tenant. Either may be there without the other.";

/// Print both views of a tenant, its profile and its sites, as JSON.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Show {
    /// The id of the tenant.
    #[arg(value_name = "TENANT")]
    tenant: String,
}

impl Show {
    pub(super) async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let found = views::find(app, &self.tenant).await?;
        anyhow::ensure!(
            !found.is_empty(),
            "there is neither a profile nor a site of tenant `{}`",
            self.tenant
        );
        print(&serde_json::to_string_pretty(&found)?)?;
        Ok(Outcome::Done)
    }
}
