//! `provost authz`

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use provost_app::{App, Error};
use provost_authz::{grants, policy};
use provost_drf::Problem;
use provost_keys::scope::ScopeKey;
use provost_keys::stored;
use provost_policy::catalogue::{self, Catalogue, Difference};

use super::legacy::Legacy;
use super::who::Who;
use super::{open, operator};
use crate::cli::Outcome;
use crate::settings::Settings;

/// Roles and permissions.
#[derive(Debug, Subcommand)]
pub(crate) enum Authz {
    /// The role definitions that decisions rest on.
    #[command(subcommand)]
    Policy(Policy),
    /// Give a user a role in a scope.
    #[command(after_help = GRANT_EXAMPLES)]
    Grant(Assignment),
    /// Take a role in a scope from a user.
    #[command(after_help = REVOKE_EXAMPLES)]
    Revoke(Assignment),
    /// Say whether a user may do something in a scope, and why; code 3 if not.
    Check(Check),
    /// Copy the platform's course access roles into role assignments, and back.
    #[command(subcommand)]
    Legacy(Legacy),
}

/// The role definitions that decisions rest on.
#[derive(Debug, Subcommand)]
pub(crate) enum Policy {
    /// Add the definitions that the database lacks. Nothing is changed or removed.
    Load(Load),
    /// Print the definitions in which the database differs from the file; code 3 if there are any.
    Diff(Diff),
}

/// Add the definitions that the database lacks.
#[derive(Debug, Args)]
pub(crate) struct Load {
    /// A file in Casbin's CSV form (`p`, `g` and `g2` lines) instead of the definitions that provost ships.
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// First delete all definitions and implications, and with them all assignments of the defined roles. Needs `--yes`.
    #[arg(long, requires = "yes")]
    pub(crate) clear_existing: bool,
    /// Confirm what `--clear-existing` deletes.
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Print the definitions in which the database differs from the file.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// A file in Casbin's CSV form instead of the definitions that provost ships.
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

const GRANT_EXAMPLES: &str = "\
Examples:
  provost authz grant ada library_admin lib:DemoX:CSPROB
  provost authz grant ben course_staff 'course-v1:DemoX+*'";

const REVOKE_EXAMPLES: &str = "\
Examples:
  provost authz revoke ada library_admin lib:DemoX:CSPROB
  provost authz revoke ben course_staff 'course-v1:DemoX+*'

Wider and narrower assignments of the same role stay.";

/// A user, a role and a scope.
#[derive(Debug, Args)]
pub(crate) struct Assignment {
    /// The username or id; `name:…` or `id:…` says which.
    #[arg(value_name = "NAME|ID")]
    pub(crate) user: Who,
    /// The role, e.g. `library_admin`.
    pub(crate) role: String,
    /// The scope: a library, a course, or all of an organization or a platform.
    pub(crate) scope: String,
}

const CHECK_EXAMPLES: &str = "\
Example:
  provost authz check ada content_libraries.edit_library_content lib:DemoX:CSPROB";

/// A user, an action and a scope.
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub(crate) struct Check {
    /// The username or id; `name:…` or `id:…` says which.
    #[arg(value_name = "NAME|ID")]
    pub(crate) user: Who,
    /// The action, e.g. `content_libraries.view_library`.
    pub(crate) action: String,
    /// The scope.
    pub(crate) scope: String,
}

impl Authz {
    pub(crate) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        let app = open::app(settings).await?;
        match self {
            Self::Policy(Policy::Load(load)) => load.run(&app).await,
            Self::Policy(Policy::Diff(diff)) => diff.run(&app),
            Self::Grant(assignment) => assignment.run(&app, Change::Give).await,
            Self::Revoke(assignment) => assignment.run(&app, Change::Take).await,
            Self::Check(check) => check.run(&app).await,
            Self::Legacy(legacy) => legacy.run(&app).await,
        }
    }
}

impl Load {
    async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let wanted = read(self.file.as_deref())?;
        let by = operator::author("provost authz policy load");
        let loaded = policy::load(app, &by, &wanted, self.clear_existing).await?;
        if self.clear_existing {
            super::print(&format!("removed {} rows", loaded.removed))?;
        }
        super::print(&format!(
            "added {} definitions, {} implications and {} assignments",
            loaded.definitions, loaded.implications, loaded.assignments
        ))?;
        Ok(Outcome::Done)
    }
}

impl Diff {
    fn run(&self, app: &App) -> anyhow::Result<Outcome> {
        let difference = policy::diff(app, &read(self.file.as_deref())?);
        if difference.is_empty() {
            super::print("no difference")?;
            return Ok(Outcome::Done);
        }
        super::print(&lines(&difference).join("\n"))?;
        Ok(Outcome::No)
    }
}

/// The definitions of a file, or those that provost ships.
fn read(file: Option<&Path>) -> anyhow::Result<Catalogue> {
    let Some(path) = file else {
        return Ok(catalogue::shipped());
    };
    let name = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    Catalogue::parse(&text).with_context(|| format!("{name} is no policy"))
}

/// `-` for what the database lacks, `+` for what it has beyond the file.
fn lines(difference: &Difference) -> Vec<String> {
    let lacks = difference.missing_rules.iter().map(|rule| {
        format!(
            "- p, {}, {}, {}, {:?}",
            rule.subject, rule.action, rule.scope, rule.effect
        )
    });
    let lacks_implied = difference
        .missing_implications
        .iter()
        .map(|row| format!("- g2, {}, {}", row.granting, row.implied));
    let has = difference.extra_rules.iter().map(|rule| {
        format!(
            "+ p, {}, {}, {}, {:?}",
            rule.subject, rule.action, rule.scope, rule.effect
        )
    });
    let has_implied = difference
        .extra_implications
        .iter()
        .map(|row| format!("+ g2, {}, {}", row.granting, row.implied));
    lacks
        .chain(lacks_implied)
        .chain(has)
        .chain(has_implied)
        .collect()
}

/// What happens to an assignment.
#[derive(Clone, Copy)]
enum Change {
    Give,
    Take,
}

impl Assignment {
    async fn run(self, app: &App, change: Change) -> anyhow::Result<Outcome> {
        let user = self.user.find(app).await?;
        let scopes = grants::grantable(app, &self.role, &[self.scope])
            .await
            .map_err(plain)?;
        let names = [user.username];
        let outcomes = match change {
            Change::Give => {
                let by = operator::author("provost authz grant");
                grants::assign(app, &by, &self.role, &scopes, &names).await
            }
            Change::Take => {
                let by = operator::author("provost authz revoke");
                grants::revoke(app, &by, &self.role, &scopes, &names).await
            }
        };
        for outcome in outcomes.map_err(plain)? {
            match outcome.result {
                Ok(done) => super::print(done)?,
                Err(reason) => anyhow::bail!("{reason}"),
            }
        }
        Ok(Outcome::Done)
    }
}

/// What a client would be told, as one line.
fn plain(error: Error) -> anyhow::Error {
    match error.0 {
        Problem::Invalid(invalid) => match serde_json::to_string(&invalid) {
            Ok(text) => anyhow::anyhow!("{text}"),
            Err(cause) => cause.into(),
        },
        Problem::Detail { text, .. } | Problem::Message { text, .. } => anyhow::anyhow!("{text}"),
        other => anyhow::anyhow!("failed with status {}", other.status()),
    }
}

impl Check {
    async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let user = self.user.find(app).await?;
        let scope = ScopeKey::parse(&self.scope)?;
        let subject = stored::user(&user.username);
        let policy = app.policy();
        let staff = policy.is_staff(&subject);
        let action = stored::action(&self.action);
        let explained = policy.explain(&subject, staff, &action, &scope.stored());
        let (verdict, outcome) = if explained.decision.allowed {
            ("allowed", Outcome::Done)
        } else {
            ("denied", Outcome::No)
        };
        super::print(&format!("{verdict}: {explained}"))?;
        Ok(outcome)
    }
}
