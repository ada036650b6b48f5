//! `provost tenants hosts`

use clap::Args;
use provost_app::App;
use provost_tenants::hosts::{self, NotOne};

use super::shown;
use crate::cli::Outcome;
use crate::commands::print;

const EXAMPLES: &str = "\
Examples:
  provost tenants hosts talent1 talent2
  provost tenants hosts --all | sudo tee -a /etc/hosts

The address is that of tenants.hosts_ip.";

/// Print lines for a hosts file.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Hosts {
    /// The names of tenants, or their domains or keys.
    #[arg(value_name = "NAME", required_unless_present = "all")]
    tenants: Vec<String>,
    /// Those of all tenants.
    #[arg(long, conflicts_with = "tenants")]
    all: bool,
}

impl Hosts {
    pub(super) async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let mut lines = Vec::new();
        if self.all {
            lines = hosts::all_lines(app).await?;
        }
        for tenant in &self.tenants {
            let found = hosts::lines(app, tenant).await;
            lines.extend(found.map_err(|NotOne(text)| anyhow::anyhow!("{}", shown(&text)))?);
        }
        // A domain may be anything; a hosts file has only names in it.
        let lines: Vec<String> = lines.iter().map(|line| shown(line)).collect();
        if !lines.is_empty() {
            print(&lines.join("\n"))?;
        }
        Ok(Outcome::Done)
    }
}
