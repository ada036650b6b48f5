//! `provost profiles default-domain`

use clap::Args;
use provost_app::App;
use provost_profiles::backends;

use super::operator;
use crate::cli::Outcome;
use crate::commands::print;

const EXAMPLES: &str = "\
Examples:
  provost profiles default-domain
  provost profiles default-domain example.com

Tenants get it that are made without a domain. The first domain of all becomes the default by itself; it cannot be removed
while it is the default.";

/// Print the default domain of the system, or make a domain the default.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct DefaultDomain {
    /// A domain of the system.
    #[arg(value_name = "DOMAIN")]
    domain: Option<String>,
}

impl DefaultDomain {
    pub(super) async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        if let Some(name) = &self.domain {
            let author = operator::author("provost profiles default-domain");
            let set = backends::set_default_domain(app, author, name).await?;
            anyhow::ensure!(set, "the system has no domain `{name}`");
        }
        let default = backends::default_domain(app).await?;
        print(
            default
                .as_deref()
                .unwrap_or("(none: there are no domains yet)"),
        )?;
        Ok(Outcome::Done)
    }
}
