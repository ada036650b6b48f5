//! `provost profiles`

mod backends;
mod domain;
mod export;
mod import;
mod people;
mod show;

use clap::Subcommand;

use super::{open, operator};
use crate::cli::Outcome;
use crate::settings::Settings;

/// Tenant profiles: in and out as JSON lines, who administers them, and backends.
#[derive(Debug, Subcommand)]
pub(crate) enum Profiles {
    /// Take in tenants with their groups and domains as JSON lines; code 3 if a line was refused.
    Import(import::Import),
    /// Write tenants with their groups and domains as JSON lines.
    Export(export::Export),
    /// Print both views of a tenant, its profile and its sites, as JSON.
    Show(show::Show),
    /// Who administers and uses profiles.
    #[command(subcommand)]
    People(people::People),
    /// The backends that tenants are told apart by.
    #[command(subcommand)]
    Backends(backends::Backends),
    /// Print the default domain of the system, or make a domain the default.
    DefaultDomain(domain::DefaultDomain),
}

impl Profiles {
    pub(crate) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        let app = open::app(settings).await?;
        match self {
            Self::Import(import) => import.run(&app).await,
            Self::Export(export) => export.run(&app).await,
            Self::Show(show) => show.run(&app).await,
            Self::People(people) => people.run(&app).await,
            Self::Backends(backends) => backends.run(&app).await,
            Self::DefaultDomain(domain) => domain.run(&app).await,
        }
    }
}
