//! `provost user permit` and `forbid`

use clap::Args;
use provost_app::App;
use provost_keys::stored;
use provost_store::changes::Entry;
use provost_store::users;
use serde_json::json;

use super::author;
use crate::cli::Outcome;
use crate::commands::print;
use crate::commands::who::Who;

const EXAMPLES: &str = "\
Example:
  provost user permit tenant_worker auth.can_call_eox_tenant

These are permissions of Django, such as the one that eox-tenant's API asks of whoever is not staff. Superusers have all of them.
Roles are given by `provost authz` and the AuthZ API.";

/// Who, and what.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Permit {
    /// The username or id; `name:…` or `id:…` says which.
    #[arg(value_name = "NAME|ID")]
    user: Who,
    /// The permission, as Django writes it.
    #[arg(value_name = "APP.CODENAME", value_parser = permission)]
    permission: String,
}

fn permission(text: &str) -> Result<String, String> {
    let is_word = |word: &str| {
        let is_character = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        !word.is_empty() && word.len() <= 100 && word.bytes().all(is_character)
    };
    match text.split_once('.') {
        Some((app, name)) if is_word(app) && is_word(name) => Ok(text.to_owned()),
        _ => Err("write it as `app.codename`, e.g. `auth.can_call_eox_tenant`".to_owned()),
    }
}

impl Permit {
    /// Gives the permission.
    pub(super) async fn permit(self, app: &App) -> anyhow::Result<Outcome> {
        let tx = app.store().begin().await?;
        let user = self.user.find_in(&tx).await?;
        let given = users::permit(&tx, user.id, &self.permission).await?;
        let entry = Entry {
            after: Some(json!({"permission": self.permission})),
            ..author().entry("user.permission.given", &stored::user(&user.username))
        };
        app.commit(tx, given.then_some(entry).as_slice()).await?;
        let (name, permission) = (&user.username, &self.permission);
        let text = if given { "has now" } else { "had already" };
        print(&format!("{name} {text}: {permission}"))?;
        Ok(Outcome::Done)
    }

    /// Takes it.
    pub(super) async fn forbid(self, app: &App) -> anyhow::Result<Outcome> {
        let tx = app.store().begin().await?;
        let user = self.user.find_in(&tx).await?;
        let (name, permission) = (&user.username, &self.permission);
        let taken = users::forbid(&tx, user.id, permission).await?;
        anyhow::ensure!(taken, "{name} does not have {permission}");
        let entry = Entry {
            before: Some(json!({"permission": permission})),
            ..author().entry("user.permission.taken", &stored::user(name))
        };
        app.commit(tx, &[entry]).await?;
        print(&format!("{name} has no longer: {permission}"))?;
        Ok(Outcome::Done)
    }
}
