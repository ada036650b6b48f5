//! `provost user`

mod change;
mod permit;

use std::io::{self, BufRead as _};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use provost_app::{App, Author, account, identity, kind};
use provost_drf::Email;
use provost_keys::stored;
use provost_store::Db;
use provost_store::changes::Entry;
use provost_store::users::{self, Found, NewUser};
use serde_json::{Value, json};

use super::who::Who;
use super::{open, operator};
use crate::cli::Outcome;
use crate::settings::Settings;
use change::{Set, SetPassword, SignOut};
use permit::Permit;

/// Create, list and change users.
#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Create a user.
    Create(Create),
    /// List users, ordered by username.
    List(List),
    /// Give a user a new password, read from standard input, and end the sessions and tokens of the old one.
    SetPassword(SetPassword),
    /// Switch on or off what a user is: active, staff, superuser.
    Set(Set),
    /// End a user's sessions and opaque OAuth2 tokens.
    SignOut(SignOut),
    /// Give a user one of Django's permissions.
    Permit(Permit),
    /// Take one of Django's permissions from a user.
    Forbid(Permit),
    /// Delete a user, with the profile, the sessions and the role assignments.
    Delete(Delete),
}

const CREATE_EXAMPLES: &str = "\
Examples:
  provost user create ada --email ada@example.org
  echo \"$PASSWORD\" | provost user create root --email root@example.org --superuser --password-stdin";

/// Create a user.
#[derive(Debug, Args)]
#[command(after_help = CREATE_EXAMPLES)]
pub(crate) struct Create {
    /// The username.
    pub(crate) username: String,
    /// The mail address, which nobody else may have as address or username.
    #[arg(long)]
    pub(crate) email: Option<Email>,
    /// The first name.
    #[arg(long, default_value = "")]
    pub(crate) first_name: String,
    /// The last name.
    #[arg(long, default_value = "")]
    pub(crate) last_name: String,
    /// Make the user staff.
    #[arg(long)]
    pub(crate) staff: bool,
    /// Make the user a superuser, and staff.
    #[arg(long)]
    pub(crate) superuser: bool,
    /// Read the password from standard input. Without it the user has none and cannot sign in with one.
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

/// List users, ordered by username.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only users whose username, name or mail address holds this text.
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// How many at most.
    #[arg(long, default_value_t = 100)]
    pub(crate) limit: u64,
}

const DELETE_EXAMPLES: &str = "\
JSON Web Tokens that the user still has open nothing: where a token for a user who does not exist creates one
(auth.jwt.create_users), one from before the deletion does not.";

/// Delete a user, with the profile, the sessions and the role assignments.
#[derive(Debug, Args)]
#[command(after_help = DELETE_EXAMPLES)]
pub(crate) struct Delete {
    /// The username or id; `name:…` or `id:…` says which.
    #[arg(value_name = "NAME|ID")]
    pub(crate) user: Who,
    /// Confirm it: what is deleted can only come back from a backup.
    #[arg(long, required = true)]
    pub(crate) yes: bool,
}

/// The longest username that a platform keeps.
const LONGEST_USERNAME: usize = 150;

impl User {
    pub(crate) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        let app = open::app(settings).await?;
        match self {
            Self::Create(create) => create.run(&app).await,
            Self::List(list) => list.run(&app).await,
            Self::SetPassword(set) => set.run(&app).await,
            Self::Set(set) => set.run(&app).await,
            Self::SignOut(out) => out.run(&app).await,
            Self::Permit(permit) => permit.permit(&app).await,
            Self::Forbid(permit) => permit.forbid(&app).await,
            Self::Delete(delete) => delete.run(&app).await,
        }
    }
}

impl Create {
    async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let length = self.username.chars().count();
        anyhow::ensure!(
            (1..=LONGEST_USERNAME).contains(&length)
                && !self.username.contains(char::is_whitespace),
            "a username has 1 to {LONGEST_USERNAME} characters and no blanks"
        );
        let password = if self.password_stdin {
            encoded_password().await?
        } else {
            UNUSABLE.to_owned()
        };
        let new = self.account(password, app.now());
        let tx = app.store().begin().await?;
        refuse_ambiguous(&tx, &new).await?;
        let user = users::create(&tx, &new).await?;
        let entry = Entry {
            after: Some(account::facts(&tx, &user).await?),
            ..author().entry(kind::USER_CREATED, &stored::user(&user.username))
        };
        app.commit(tx, &[entry]).await?;
        super::print(&format!(
            "created {} with the id {}",
            user.username, user.id
        ))?;
        Ok(Outcome::Done)
    }

    fn account(self, password: String, date_joined: DateTime<Utc>) -> NewUser {
        NewUser {
            username: self.username,
            email: self.email.map(Email::into_string).unwrap_or_default(),
            first_name: self.first_name,
            last_name: self.last_name,
            password,
            is_active: true,
            is_staff: self.staff || self.superuser,
            is_superuser: self.superuser,
            date_joined,
        }
    }
}

/// Refuses a name or an address by which two people would be meant: roles are given by either.
async fn refuse_ambiguous(db: &Db, new: &NewUser) -> anyhow::Result<()> {
    for (what, text) in [("address", &new.email), ("username", &new.username)] {
        if text.is_empty() {
            continue;
        }
        let found = users::resolve(db, &[text]).await?.pop();
        anyhow::ensure!(
            matches!(found, None | Some(Found::None)),
            "the {what} `{text}` is taken: it is the username or the address of somebody else"
        );
    }
    Ok(())
}

impl List {
    async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let db = app.store().read();
        let users = users::page(db, None, self.search.as_deref(), self.limit).await?;
        for user in users {
            let flag = match (user.is_superuser, user.is_staff, user.is_active) {
                (_, _, false) => "inactive",
                (true, _, _) => "superuser",
                (_, true, _) => "staff",
                _ => "",
            };
            super::print(&format!(
                "{:>8}  {:<30}  {:<40}  {flag}",
                user.id, user.username, user.email
            ))?;
        }
        Ok(Outcome::Done)
    }
}

impl Delete {
    async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let tx = app.store().begin().await?;
        let user = self.user.find_in(&tx).await?;
        let facts = account::facts(&tx, &user).await?;
        let removed = users::delete(&tx, user.id).await?;
        let removed = removed.context("somebody else has just deleted the user")?;
        let mut entry = author().entry(kind::USER_DELETED, &stored::user(&user.username));
        let grants = removed.grants.iter();
        let grants: Vec<Value> = grants
            .map(|grant| json!({"id": grant.id, "role": grant.role, "scope": grant.scope}))
            .collect();
        entry.before = Some(json!({"user": facts, "grants": grants}));
        app.commit(tx, &[entry]).await?;
        let (name, count) = (&user.username, removed.grants.len());
        super::print(&format!("deleted {name}, with {count} role assignments"))?;
        Ok(Outcome::Done)
    }
}

/// Django's mark of a password that nobody knows.
const UNUSABLE: &str = "!";

async fn encoded_password() -> anyhow::Result<String> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    anyhow::ensure!(
        !password.is_empty(),
        "the password on standard input is empty"
    );
    identity::sign_in::hash(password)
        .await
        .context("the password cannot be hashed")
}

fn author() -> Author {
    operator::author("provost user")
}
