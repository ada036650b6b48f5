//! `provost user set-password`, `set` and `sign-out`

use anyhow::Context as _;
use clap::Args;
use provost_app::identity::session;
use provost_app::{App, account, kind};
use provost_keys::stored;
use provost_store::changes::Entry;
use provost_store::users::{self, Flags, User};

use super::{author, encoded_password};
use crate::cli::Outcome;
use crate::commands::print;
use crate::commands::who::Who;

const PASSWORD_EXAMPLES: &str = "\
Example:
  echo \"$PASSWORD\" | provost user set-password ada

The user's sessions and opaque OAuth2 tokens end with the old password. JSON Web Tokens are valid until they expire.";

/// Give a user a new password, read from standard input, and end the sessions and tokens of the old one.
#[derive(Debug, Args)]
#[command(after_help = PASSWORD_EXAMPLES)]
pub(crate) struct SetPassword {
    /// The username or id; `name:…` or `id:…` says which.
    #[arg(value_name = "NAME|ID")]
    user: Who,
}

const SET_EXAMPLES: &str = "\
Examples:
  provost user set ada --staff
  provost user set ben --inactive

An inactive user cannot sign in by password or opaque token, and our own API refuses them. The AuthZ API goes on serving sessions and
JSON Web Tokens that they have, as the platform does: `provost user sign-out` ends the sessions.";

/// Switch on or off what a user is.
#[derive(Debug, Args)]
#[command(after_help = SET_EXAMPLES)]
#[group(required = true, multiple = true)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one field a flag of the command line"
)]
pub(crate) struct Switches {
    /// Let the account be used.
    #[arg(long)]
    active: bool,
    /// Let the account be used no more.
    #[arg(long, conflicts_with = "active")]
    inactive: bool,
    /// Make the user staff.
    #[arg(long)]
    staff: bool,
    /// Make the user staff no more; a superuser is staff all the same.
    #[arg(long, conflicts_with_all = ["staff", "superuser"])]
    no_staff: bool,
    /// Make the user a superuser, and staff.
    #[arg(long)]
    superuser: bool,
    /// Make the user a superuser no more.
    #[arg(long, conflicts_with = "superuser")]
    no_superuser: bool,
}

/// Switch on or off what a user is.
#[derive(Debug, Args)]
pub(crate) struct Set {
    /// The username or id; `name:…` or `id:…` says which.
    #[arg(value_name = "NAME|ID")]
    user: Who,
    #[command(flatten)]
    switches: Switches,
}

/// End a user's sessions and opaque OAuth2 tokens. JSON Web Tokens are valid until they expire.
#[derive(Debug, Args)]
pub(crate) struct SignOut {
    /// The username or id; `name:…` or `id:…` says which.
    #[arg(value_name = "NAME|ID")]
    user: Who,
}

impl SetPassword {
    pub(super) async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let named = self.user.find(app).await?;
        // Nobody else can write while a transaction is open, so the input is read before.
        let encoded = encoded_password().await?;
        let tx = app.store().begin().await?;
        let user = users::find(&tx, named.id).await?;
        let user = user.context("somebody else has just deleted the user")?;
        let author = author();
        let changed = account::set_password(&tx, &author, &user, &encoded).await?;
        let (ended, entry) = session::end_all(&tx, &author, &user).await?;
        let entries: Vec<Entry> = std::iter::once(changed).chain(entry).collect();
        app.commit(tx, &entries).await?;
        tell(&user, ended)
    }
}

impl SignOut {
    pub(super) async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let tx = app.store().begin().await?;
        let user = self.user.find_in(&tx).await?;
        let (ended, entry) = session::end_all(&tx, &author(), &user).await?;
        app.commit(tx, entry.as_slice()).await?;
        tell(&user, ended)
    }
}

fn tell(user: &User, ended: session::Ended) -> anyhow::Result<Outcome> {
    let session::Ended { sessions, tokens } = ended;
    print(&format!(
        "ended {sessions} sessions and {tokens} tokens of {}",
        user.username
    ))?;
    Ok(Outcome::Done)
}

impl Switches {
    fn flags(&self) -> Flags {
        let switch = |on: bool, off: bool| (on || off).then_some(on);
        Flags {
            is_active: switch(self.active, self.inactive),
            is_staff: switch(self.staff || self.superuser, self.no_staff),
            is_superuser: switch(self.superuser, self.no_superuser),
        }
    }
}

impl Set {
    pub(super) async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let tx = app.store().begin().await?;
        let user = self.user.find_in(&tx).await?;
        let before = account::facts(&tx, &user).await?;
        users::set_flags(&tx, user.id, self.switches.flags()).await?;
        let user = users::find(&tx, user.id).await?;
        let user = user.context("somebody else has just deleted the user")?;
        let after = account::facts(&tx, &user).await?;
        let entry = (before != after).then(|| Entry {
            before: Some(before),
            after: Some(after),
            ..author().entry(kind::USER_CHANGED, &stored::user(&user.username))
        });
        app.commit(tx, entry.as_slice()).await?;
        print(&format!("{} is {}", user.username, words(&user)))?;
        Ok(Outcome::Done)
    }
}

/// What an account is, in words.
fn words(user: &User) -> String {
    let active = if user.is_active { "active" } else { "inactive" };
    let more = [(user.is_staff, "staff"), (user.is_superuser, "superuser")];
    let more = more.into_iter().filter_map(|(is, word)| is.then_some(word));
    let words: Vec<&str> = std::iter::once(active).chain(more).collect();
    words.join(", ")
}
