//! `provost profiles people`

use clap::{Args, Subcommand, ValueEnum};
use provost_app::App;
use provost_profiles::Level;
use provost_profiles::people::{self, Shown, Standing};

use super::operator;
use crate::cli::Outcome;
use crate::commands::print;
use crate::commands::who::Who;

const COMMAND: &str = "provost profiles people";

/// Who administers and uses profiles.
#[derive(Debug, Subcommand)]
pub(crate) enum People {
    /// List them.
    List,
    /// Say what somebody can do, in place of what they could.
    Set(Set),
    /// Forget what somebody can do.
    Remove(Remove),
}

const EXAMPLES: &str = "\
Examples:
  provost profiles people set alice --level tenant_admin --tenant foo
  provost profiles people set bob --level group_admin --tenant foo --group g1
  provost profiles people set carol --level system_admin --reseller R1 --read-only
  provost profiles people set dan --level system_admin --backend as1 --backend as2

Staff and superusers without such an entry are system administrators. An entry counts instead; it is no barrier to them,
since staff can change entries, their own too. Whose tenant or group is removed can do nothing until somebody says otherwise.";

/// Who, and what they can do.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Set {
    /// The username or id; `name:…` or `id:…` says which.
    #[arg(value_name = "NAME|ID")]
    user: Who,
    /// How much they can do.
    #[arg(long)]
    level: Word,
    /// The tenant they belong to; below the level of the system.
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// The group they belong to; below the level of a tenant.
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,
    /// The reseller to whose tenants and groups they are confined.
    #[arg(long, value_name = "NAME")]
    reseller: Option<String>,
    /// A backend whose tenants they see, the most important first; makes a system administrator tell backends apart.
    #[arg(long, value_name = "NAME")]
    backend: Vec<String>,
    /// They only look.
    #[arg(long)]
    read_only: bool,
}

/// A level, as the command line has it.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Word {
    EndUser,
    DepartmentAdmin,
    GroupAdmin,
    TenantAdmin,
    SystemAdmin,
}

impl From<Word> for Level {
    fn from(word: Word) -> Self {
        match word {
            Word::EndUser => Self::EndUser,
            Word::DepartmentAdmin => Self::DepartmentAdmin,
            Word::GroupAdmin => Self::GroupAdmin,
            Word::TenantAdmin => Self::TenantAdmin,
            Word::SystemAdmin => Self::SystemAdmin,
        }
    }
}

/// Who.
#[derive(Debug, Args)]
pub(crate) struct Remove {
    /// The username or id; `name:…` or `id:…` says which.
    #[arg(value_name = "NAME|ID")]
    user: Who,
}

impl People {
    pub(super) async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        match self {
            Self::List => {
                for shown in people::list(app).await? {
                    print(&line(&shown))?;
                }
            }
            Self::Set(set) => {
                let user = set.user.find(app).await?;
                let author = operator::author(COMMAND);
                let shown = people::put(app, author, &user, &set.standing()).await?;
                print(&line(&shown))?;
            }
            Self::Remove(remove) => {
                let user = remove.user.find(app).await?;
                let removed = people::remove(app, operator::author(COMMAND), &user).await?;
                let name = &user.username;
                anyhow::ensure!(removed, "nothing is on record of {name}");
                print(&format!("nothing is on record of {name} any more"))?;
            }
        }
        Ok(Outcome::Done)
    }
}

impl Set {
    fn standing(&self) -> Standing {
        Standing {
            level: self.level.into(),
            tenant: self.tenant.clone(),
            group: self.group.clone(),
            reseller: self.reseller.clone(),
            read_only: self.read_only,
            backends: (!self.backend.is_empty()).then(|| self.backend.clone()),
        }
    }
}

/// What somebody can do, on one line.
fn line(shown: &Shown) -> String {
    let mut words = vec![shown.username.clone(), shown.level.to_string()];
    let facts = [
        ("tenant", &shown.tenant_id),
        ("group", &shown.group_id),
        ("reseller", &shown.reseller_id),
    ];
    for (what, name) in facts {
        words.extend(name.as_ref().map(|name| format!("{what} {name}")));
    }
    if shown.multi_as {
        words.push(format!("backends {}", shown.backends.join(", ")));
    }
    if shown.read_only {
        words.push("read only".to_owned());
    }
    words.join("  ")
}
