//! `provost session`

use clap::Args;
use provost_app::identity::session;

use super::who::Who;
use super::{open, operator};
use crate::cli::Outcome;
use crate::settings::Settings;

const EXAMPLES: &str = "\
Example:
  curl --cookie sessionid=$(provost session --user ada) http://127.0.0.1:8700/api/authz/v1/assignments/

The change log notes who was impersonated, and when.";

/// Mint a browser session for support or a test, and print the value of its cookie.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Session {
    /// Whose session it is: a username or an id; `name:…` or `id:…` says which.
    #[arg(long, value_name = "NAME|ID")]
    pub(crate) user: Who,
}

impl Session {
    pub(crate) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        let app = open::app(settings).await?;
        let user = self.user.find(&app).await?;
        let begun = session::begin(&app, user.id, &operator::author("provost session")).await?;
        super::print(&begun.key)?;
        Ok(Outcome::Done)
    }
}
