//! `provost settings`

use clap::{Args, Subcommand};

use super::print;
use crate::cli::Outcome;
use crate::settings::{self, Sources};

/// Check and show settings.
#[derive(Debug, Subcommand)]
pub(crate) enum Settings {
    /// Say what is wrong with the settings, and what may not be meant; code 2 if something is wrong.
    Check,
    /// Print the settings in force and where each came from. Secrets are masked.
    Show,
    /// Print the JSON Schema of the settings file.
    Schema(Schema),
}

/// Print the JSON Schema of the settings file.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Print a page for people instead: `docs/settings.md`.
    #[arg(long)]
    markdown: bool,
}

impl Settings {
    pub(crate) fn run(self, sources: &Sources) -> anyhow::Result<Outcome> {
        match self {
            Self::Check => check(sources)?,
            Self::Show => print(&sources.load()?.show())?,
            Self::Schema(Schema { markdown: true }) => print(&settings::page())?,
            Self::Schema(Schema { markdown: false }) => {
                print(&serde_json::to_string_pretty(&settings::Settings::schema())?)?;
            }
        }
        Ok(Outcome::Done)
    }
}

fn check(sources: &Sources) -> anyhow::Result<()> {
    let loaded = sources.load()?;
    for doubt in loaded.doubts() {
        print(&format!("warning: {doubt}"))?;
    }
    print("the settings are valid")?;
    Ok(())
}
