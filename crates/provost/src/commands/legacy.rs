//! `provost authz legacy`

use std::io::{self, BufRead as _};

use clap::{Args, Subcommand};
use provost_app::App;
use provost_authz::legacy::{self, Left, Manner, Reason, Report, Selection};

use super::operator;
use crate::cli::Outcome;

/// Copy the platform's course access roles into role assignments, and back.
#[derive(Debug, Subcommand)]
pub(crate) enum Legacy {
    /// Give each course access role as a role.
    Migrate(Copying),
    /// Make a course access role of each assignment in courses.
    Rollback(Copying),
}

const EXAMPLES: &str = "\
Examples:
  provost authz legacy migrate --org DemoX --dry-run
  provost authz legacy rollback --course course-v1:DemoX+D1+2026 --course course-v1:DemoX+D2+2026 --delete

Everything is copied in one transaction. What cannot be copied is named with the reason, and stays. In a copy of a whole
organization, so do courses whose override of `authz.enable_course_authoring` says the opposite.";

/// What to copy, and what to do with it afterwards.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Copying {
    #[command(flatten)]
    which: Which,
    /// Delete what was copied, after asking.
    #[arg(long)]
    delete: bool,
    /// Confirm `--delete` instead of being asked.
    #[arg(long)]
    yes: bool,
    /// Change nothing; only say what would be done.
    #[arg(long)]
    dry_run: bool,
}

/// An organization or courses.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// The short name of an organization, whose courses are meant, singly and all together.
    #[arg(long, value_name = "NAME")]
    org: Option<String>,
    /// The key of a course. May be repeated.
    #[arg(long = "course", value_name = "KEY")]
    courses: Vec<String>,
}

impl Legacy {
    pub(crate) async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let (Self::Migrate(copying) | Self::Rollback(copying)) = &self;
        let which = &copying.which;
        let selection = Selection::of(which.org.clone(), which.courses.clone())?;
        copying.confirm()?;
        let manner = copying.manner();
        let report = match &self {
            Self::Migrate(_) => {
                let by = operator::author("provost authz legacy migrate");
                legacy::migrate(app, &by, &selection, manner).await?
            }
            Self::Rollback(_) => {
                let by = operator::author("provost authz legacy rollback");
                legacy::roll_back(app, &by, &selection, manner).await?
            }
        };
        super::print(&summary(&report, manner))?;
        Ok(Outcome::Done)
    }
}

impl Copying {
    fn manner(&self) -> Manner {
        Manner {
            delete: self.delete,
            dry_run: self.dry_run,
        }
    }

    /// Asks before anything is deleted.
    fn confirm(&self) -> anyhow::Result<()> {
        if !self.delete || self.yes || self.dry_run {
            return Ok(());
        }
        super::print("What is copied will be deleted where it is now. Type `yes` to go on:")?;
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer)?;
        let answer = answer.trim_end_matches(['\r', '\n']);
        anyhow::ensure!(answer == "yes", "not confirmed, so nothing was changed");
        Ok(())
    }
}

fn summary(report: &Report, manner: Manner) -> String {
    let copied = report.copied;
    let left = report.left.len();
    let done = match (manner.dry_run, manner.delete) {
        (false, false) => format!("copied {copied}, left {left}"),
        (false, true) => format!("copied and deleted {copied}, left {left}"),
        (true, false) => format!("would copy {copied} and leave {left}"),
        (true, true) => format!("would copy and delete {copied} and leave {left}"),
    };
    let rows = report.left.iter().map(row);
    std::iter::once(done)
        .chain(rows)
        .collect::<Vec<_>>()
        .join("\n")
}

fn row(left: &Left) -> String {
    format!(
        "  {} {} {}: {} ({})",
        left.username,
        left.role,
        left.place,
        left.reason.word(),
        explanation(left.reason)
    )
}

fn explanation(reason: Reason) -> &'static str {
    match reason {
        Reason::UnknownRole => "there is no such role to give",
        Reason::FlagOverride => "the course overrides the flag of its organization",
        Reason::NoScope => "it is no course or organization to give roles in",
        Reason::AssignmentFailed => "the user has the role there already",
        Reason::NoLegacyEquivalent => "there is no course access role like it",
        Reason::UnexpectedScopeType => "the scope names no organization",
        Reason::UnexpectedError => "there is no such user",
    }
}
