//! `provost tenants hosts`

use std::io::{self, Write as _};

use clap::Args;
use provost_app::App;
use provost_tenants::hosts::{self, Entries, NotOne};

use super::shown;
use crate::cli::Outcome;
use crate::commands::print;

const EXAMPLES: &str = "\
Examples:
  provost tenants hosts talent1 talent2
  provost tenants hosts --all | sudo tee -a /etc/hosts

The address is that of tenants.hosts_ip. A domain that is no host, since a route may say anything, is left out and named on
standard error.";

/// Print lines for a hosts file.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Hosts {
    /// The names of tenants, or their keys.
    #[arg(value_name = "NAME", required_unless_present = "all")]
    tenants: Vec<String>,
    /// Those of all tenants.
    #[arg(long, conflicts_with = "tenants")]
    all: bool,
}

impl Hosts {
    pub(super) async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let mut entries = Entries::default();
        if self.all {
            entries = hosts::all_entries(app).await?;
        }
        for tenant in &self.tenants {
            let found = hosts::entries(app, tenant).await;
            entries.extend(found.map_err(|NotOne(text)| anyhow::anyhow!("{}", shown(&text)))?);
        }
        if !entries.lines.is_empty() {
            print(&entries.lines.join("\n"))?;
        }
        let mut beside = io::stderr().lock();
        for domain in &entries.left_out {
            writeln!(
                beside,
                "provost: left out, since it is no host: `{}`",
                shown(domain)
            )?;
        }
        Ok(Outcome::Done)
    }
}
