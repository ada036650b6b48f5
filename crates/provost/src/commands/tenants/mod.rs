//! `provost tenants`

mod caddy;
mod code;
mod deleted;
mod hosts;
mod kept;
mod purge;
mod sync;

use clap::Subcommand;

use super::open;
use crate::cli::Outcome;
use crate::settings::Settings;

pub(super) use purge::hourly as purging;
pub(super) use sync::holder;

/// Tenants: as code, deleted and brought back, and what a web server must know of them.
#[derive(Debug, Subcommand)]
pub(crate) enum Tenants {
    /// Print what a file of tenants would do; code 3 if that is anything.
    Plan(code::Plan),
    /// Make the tenants those of a file.
    Apply(code::Apply),
    /// Write the tenants as such a file.
    Export(code::Export),
    /// List tenants that were deleted and can be brought back.
    Deleted(deleted::List),
    /// Bring a deleted tenant back.
    Restore(deleted::Restore),
    /// Forget deleted tenants for good, after writing what was kept of them to files.
    Purge(purge::Purge),
    /// Print how Caddy gets certificates for the hosts of all tenants.
    Caddy(caddy::Caddy),
    /// Print lines for a hosts file.
    Hosts(hosts::Hosts),
    /// The platform that tenants are pushed to.
    #[command(subcommand)]
    Sync(sync::Sync),
}

impl Tenants {
    pub(crate) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        // What follows from the settings alone needs no database.
        if let Self::Caddy(caddy) = self {
            return caddy.run(settings);
        }
        let app = open::app(settings).await?;
        match self {
            Self::Plan(plan) => plan.run(&app).await,
            Self::Apply(apply) => apply.run(&app).await,
            Self::Export(export) => export.run(&app).await,
            Self::Deleted(list) => list.run(&app).await,
            Self::Restore(restore) => restore.run(&app).await,
            Self::Purge(purge) => purge.run(&app).await,
            Self::Caddy(caddy) => caddy.run(settings),
            Self::Hosts(hosts) => hosts.run(&app).await,
            Self::Sync(sync) => sync.run(&app, settings).await,
        }
    }
}

/// A text of somebody else's on one line of ours: what a terminal would obey is escaped.
fn shown(text: &str) -> String {
    let escaped = |letter: char| match letter {
        '"' | '\'' => letter.to_string(),
        other => other.escape_debug().to_string(),
    };
    text.chars().map(escaped).collect()
}
