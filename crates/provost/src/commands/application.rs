//! `provost application`

use clap::{Args, Subcommand, ValueEnum};
use provost_app::identity::{secret, sign_in};
use provost_app::{App, Author};
use provost_store::oauth::{self, NewApplication};
use serde_json::json;

use super::who::Who;
use super::{open, operator};
use crate::cli::Outcome;
use crate::settings::Settings;

/// Register programs that may ask for OAuth2 tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum Application {
    /// Register a program, and print its id and its secret, which is shown this once.
    Create(Create),
    /// List the programs.
    List,
    /// Remove a program, and the opaque tokens that it has.
    Delete(Delete),
}

const EXAMPLES: &str = "\
Example:
  provost application create reporting --user reporting_worker
  curl -d grant_type=client_credentials -d client_id=… -d client_secret=… http://127.0.0.1:8700/oauth2/access_token";

/// Register a program.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Create {
    /// What people call it.
    pub(crate) name: String,
    /// The user as whom it acts with client credentials: a username or an id; `name:…` or `id:…` says which.
    #[arg(long, value_name = "NAME|ID")]
    pub(crate) user: Who,
    /// How it asks for tokens.
    #[arg(long, value_enum, default_value_t = Grant::ClientCredentials)]
    pub(crate) grant: Grant,
    /// An address that it may send browsers back to. Its tokens may call eox-tenant's API on a host if the host's root, such as
    /// `https://lms.example.org/`, is one of them. May be repeated.
    #[arg(long = "redirect-uri", value_name = "URL", value_parser = address)]
    pub(crate) redirect_uris: Vec<String>,
}

fn address(text: &str) -> Result<String, String> {
    let is_address = ["http://", "https://"]
        .iter()
        .any(|scheme| text.starts_with(scheme));
    if is_address && !text.contains(char::is_whitespace) {
        Ok(text.to_owned())
    } else {
        Err("write the whole address, e.g. `https://lms.example.org/`".to_owned())
    }
}

/// How a program asks for tokens (RFC 6749).
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Grant {
    /// With its own credentials, as its user (section 4.4).
    ClientCredentials,
    /// With a person's username and password (section 4.3).
    Password,
}

const DELETE_EXAMPLES: &str = "\
JSON Web Tokens that it got are valid until they expire (auth.jwt.lifetime_seconds): nothing of them is kept. To refuse them at once,
change the key that signs them.";

/// Remove a program, and the opaque tokens that it has.
#[derive(Debug, Args)]
#[command(after_help = DELETE_EXAMPLES)]
pub(crate) struct Delete {
    /// Its id, as `create` printed it.
    #[arg(value_name = "CLIENT_ID")]
    pub(crate) client_id: String,
}

/// Letters and digits of a client's id and of its secret.
const CLIENT_ID: usize = 40;
const CLIENT_SECRET: usize = 64;

impl Application {
    pub(crate) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        let app = open::app(settings).await?;
        match self {
            Self::Create(create) => create.run(&app).await,
            Self::List => list(&app).await,
            Self::Delete(delete) => delete.run(&app).await,
        }
    }
}

impl Create {
    async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let user = self.user.find(app).await?;
        let client_id = secret::letters_and_digits(CLIENT_ID);
        let plain = secret::letters_and_digits(CLIENT_SECRET);
        let encoded = sign_in::hash(plain.clone())
            .await
            .ok_or_else(|| anyhow::anyhow!("the secret cannot be hashed"))?;
        let new = NewApplication {
            client_id: client_id.clone(),
            client_secret: encoded,
            name: self.name,
            user_id: Some(user.id),
            client_type: "confidential".to_owned(),
            grant_type: self.grant.word().to_owned(),
            created_at: app.now(),
            redirect_uris: self.redirect_uris.join(" "),
        };
        let tx = app.store().begin().await?;
        oauth::create_application(&tx, &new).await?;
        let mut entry = author().entry("oauth.application.created", &client_id);
        entry.after = Some(json!({
            "name": new.name,
            "user": user.username,
            "grant_type": new.grant_type,
            "redirect_uris": new.redirect_uris,
        }));
        app.commit(tx, &[entry]).await?;
        super::print(&format!(
            "client_id      {client_id}\nclient_secret  {plain}"
        ))?;
        Ok(Outcome::Done)
    }
}

impl Grant {
    fn word(self) -> &'static str {
        match self {
            Self::ClientCredentials => "client-credentials",
            Self::Password => "password",
        }
    }
}

async fn list(app: &App) -> anyhow::Result<Outcome> {
    for application in oauth::applications(app.store().read()).await? {
        super::print(&format!(
            "{}  {:<20}  {}",
            application.client_id, application.grant_type, application.name
        ))?;
    }
    Ok(Outcome::Done)
}

impl Delete {
    async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let tx = app.store().begin().await?;
        let was_there = oauth::delete_application(&tx, &self.client_id).await?;
        anyhow::ensure!(was_there, "no program has the id {}", self.client_id);
        let entry = author().entry("oauth.application.deleted", &self.client_id);
        app.commit(tx, &[entry]).await?;
        super::print(&format!(
            "deleted {}; JSON Web Tokens that it got are valid until they expire, in at most {} seconds",
            self.client_id,
            app.identities().minter().lifetime().num_seconds()
        ))?;
        Ok(Outcome::Done)
    }
}

fn author() -> Author {
    operator::author("provost application")
}
