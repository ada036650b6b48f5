//! `provost profiles backends`

use clap::{Args, Subcommand};
use provost_app::App;
use provost_profiles::backends::{self, Put as Came, Wanted};

use super::operator;
use crate::cli::Outcome;
use crate::commands::print;

const COMMAND: &str = "provost profiles backends";

/// The backends that tenants are told apart by.
#[derive(Debug, Subcommand)]
pub(crate) enum Backends {
    /// List them.
    List,
    /// Make one, or change it.
    Put(Put),
    /// Remove one that no tenant is on and nobody may use.
    Remove(Remove),
}

const EXAMPLES: &str = "\
Examples:
  provost profiles backends put as1 --external-name 'AS one' --default
  provost profiles people set alice --level system_admin --backend as1";

/// A backend. What is not said of one that is there stays as it is.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Put {
    /// Its name.
    name: String,
    /// What others call it.
    #[arg(long, value_name = "NAME")]
    external_name: Option<String>,
    /// Tenants get it that are made without one.
    #[arg(long)]
    default: bool,
    /// Tenants that are made without one do not get it.
    #[arg(long, conflicts_with = "default")]
    not_default: bool,
}

/// Which one.
#[derive(Debug, Args)]
pub(crate) struct Remove {
    /// Its name.
    name: String,
}

impl Backends {
    pub(super) async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        match self {
            Self::List => list(app).await,
            Self::Put(put) => put.run(app).await,
            Self::Remove(remove) => {
                backends::remove(app, operator::author(COMMAND), &remove.name).await?;
                print(&format!("removed {}", remove.name))?;
                Ok(Outcome::Done)
            }
        }
    }
}

async fn list(app: &App) -> anyhow::Result<Outcome> {
    for backend in backends::list(app).await? {
        let default = if backend.default { "  (default)" } else { "" };
        print(&format!(
            "{}  {}{default}",
            backend.name, backend.external_name
        ))?;
    }
    Ok(Outcome::Done)
}

impl Put {
    async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        for (what, text, least) in [
            ("the name", self.name.as_str(), 1),
            (
                "the external name",
                self.external_name.as_deref().unwrap_or_default(),
                0,
            ),
        ] {
            let length = text.chars().count();
            anyhow::ensure!(
                (least..=80).contains(&length) && !text.contains('\0'),
                "{what} has {least} to 80 characters"
            );
        }
        let wanted = Wanted {
            name: &self.name,
            external_name: self.external_name.as_deref(),
            default: (self.default || self.not_default).then_some(self.default),
        };
        let (came, _) = backends::put(app, operator::author(COMMAND), wanted).await?;
        let did = match came {
            Came::Created => "made",
            Came::Changed => "changed",
            Came::Unchanged => "unchanged:",
        };
        print(&format!("{did} {}", self.name))?;
        Ok(Outcome::Done)
    }
}
