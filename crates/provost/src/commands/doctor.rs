//! `provost doctor`

use std::path::Path;

use clap::Args;
use provost_app::{App, Clock};
use provost_policy::{Effect, catalogue};
use provost_store::{Store, rules};

use super::open;
use crate::cli::Outcome;
use crate::settings::{Loaded, Settings};

/// Check the settings, the database and the policy, and say what is wrong; code 3 if something is.
#[derive(Debug, Args)]
pub(crate) struct Doctor {}

/// What one look found.
enum Finding {
    /// As it should be.
    Good(String),
    /// Perhaps meant, perhaps not.
    Doubt(String),
    /// Wrong.
    Bad(String),
}

use Finding::{Bad, Doubt, Good};

impl Doctor {
    pub(crate) async fn run(self, loaded: &Loaded) -> anyhow::Result<Outcome> {
        let settings = &loaded.settings;
        let mut findings = vec![Good("settings can be used".to_owned())];
        findings.extend(loaded.doubts().iter().map(|doubt| Doubt(doubt.to_string())));
        findings.extend(exports(&settings.tenants.export_directory));
        match open::store(settings).await {
            Ok(store) => examine(&store, settings, &mut findings).await,
            Err(error) => findings.push(Bad(format!("{error:#}"))),
        }
        for finding in &findings {
            super::print(&match finding {
                Good(text) => format!("  ok    {text}"),
                Doubt(text) => format!("  note  {text}"),
                Bad(text) => format!("  BAD   {text}"),
            })?;
        }
        let is_bad = findings.iter().any(|finding| matches!(finding, Bad(_)));
        Ok(if is_bad { Outcome::No } else { Outcome::Done })
    }
}

/// Looks at the tables, the writer, and the policy; changes nothing.
async fn examine(store: &Store, settings: &Settings, findings: &mut Vec<Finding>) {
    findings.push(Good(format!("{} can be reached", settings.database.url)));
    match store.pending().await {
        Ok(pending) if pending.is_empty() => {
            findings.push(Good("tables are up to date".to_owned()));
        }
        Ok(pending) => {
            let pending = pending.join(", ");
            findings.push(Bad(format!(
                "migrations are pending: {pending}; run `provost migrate`"
            )));
            return;
        }
        Err(fault) => {
            findings.push(Bad(told(fault)));
            return;
        }
    }
    findings.push(match store.begin().await {
        Ok(_rolled_back) => Good("the database can be written to".to_owned()),
        Err(fault) => Bad(format!(
            "the database cannot be written to: {}",
            told(fault)
        )),
    });
    match App::open(store.clone(), settings.app(), Clock::system()).await {
        Ok(app) => findings.push(policy(&app)),
        Err(error) => findings.push(Bad(told(error))),
    }
    findings.extend(effects(store).await);
}

/// Where deleted tenants are written to before they are purged, if anywhere.
fn exports(directory: &str) -> Option<Finding> {
    let is_missing = !directory.is_empty() && !Path::new(directory).is_dir();
    is_missing.then(|| {
        Bad(format!(
            "`tenants.export_directory` names no directory, so that no deleted tenant is purged: {directory}"
        ))
    })
}

/// An error with its causes.
fn told(error: impl Into<anyhow::Error>) -> String {
    format!("{:#}", error.into())
}

/// Role definitions that decide nothing, because they neither allow nor deny.
async fn effects(store: &Store) -> Option<Finding> {
    let definitions = match rules::definitions(store.read()).await {
        Ok(definitions) => definitions,
        Err(fault) => return Some(Bad(told(fault))),
    };
    let without = definitions
        .iter()
        .filter(|row| Effect::parse(row.effect.trim()).is_none());
    let ids: Vec<String> = without.map(|row| row.id.to_string()).collect();
    (!ids.is_empty()).then(|| {
        Bad(format!(
            "role definitions neither allow nor deny, so that they count for nothing: rows {}",
            ids.join(", ")
        ))
    })
}

/// How the stored role definitions stand to those that this program ships.
fn policy(app: &App) -> Finding {
    let stored = app.policy();
    if stored.policy().definitions.is_empty() {
        return Doubt("there are no roles; run `provost authz policy load`".to_owned());
    }
    let shipped = catalogue::SHIPPED_VERSION;
    if catalogue::diff(stored.policy(), &catalogue::shipped()).is_empty() {
        Good(format!("the policy is the shipped one, version {shipped}"))
    } else {
        Doubt(format!(
            "the policy differs from the shipped one, version {shipped}; see `provost authz policy diff`"
        ))
    }
}
