//! `provost token`

use chrono::Duration;
use clap::Args;
use provost_app::identity::mint::Subject;

use super::open;
use super::who::Who;
use crate::cli::Outcome;
use crate::settings::Settings;

const EXAMPLES: &str = "\
Example:
  curl --header \"Authorization: JWT $(provost token --user ada)\" http://127.0.0.1:8700/api/authz/v1/assignments/

The token is signed with the configured key and names the first of auth.jwt.issuers.";

/// Mint a JSON Web Token with the configured key, and print it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Token {
    /// Whom it names: a username or an id; `name:…` or `id:…` says which.
    #[arg(long, value_name = "NAME|ID")]
    pub(crate) user: Who,
    /// An enterprise role and its context, as the platform writes them into the claim `roles`. May be repeated.
    #[arg(long, value_name = "ROLE:CONTEXT")]
    pub(crate) role: Vec<String>,
    /// How long it is valid, in minutes.
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) minutes: u32,
}

impl Token {
    pub(crate) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        let app = open::app(settings).await?;
        let user = self.user.find(&app).await?;
        let lifetime = Duration::minutes(self.minutes.into());
        let scopes = &settings.auth.oauth.scopes;
        let minter = app.identities().minter();
        let token = minter.token(
            &Subject::from(&user),
            &self.role,
            scopes,
            lifetime,
            app.now(),
        )?;
        super::print(&token)?;
        Ok(Outcome::Done)
    }
}
