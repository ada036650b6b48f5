//! `provost tenants sync`

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use provost_app::App;
use provost_drf::times::{self, Time};
use provost_tenants::connector::{self, Ordered, Reconciled, Refused, Status};
use serde::Serialize;

use super::shown;
use crate::cli::Outcome;
use crate::commands::print;
use crate::settings::Settings;

/// How old the first entry that waits may be before something seems to be wrong, in seconds.
const PATIENCE: u64 = 300;

/// The LMS that tenants are pushed to.
#[derive(Debug, Subcommand)]
pub(crate) enum Sync {
    /// Show how far the LMS has been told, what waits, and what it refuses.
    Status(Show),
    /// Compare everything with the LMS and make it agree.
    Reconcile(Reconcile),
}

const STATUS_EXAMPLES: &str = "\
Examples:
  provost tenants sync status
  provost tenants sync status --json

Code 3 if the LMS refuses something, or if a change has been waiting for more than five minutes.";

/// Show how far the LMS has been told, what waits, and what it refuses.
#[derive(Debug, Args)]
#[command(after_help = STATUS_EXAMPLES)]
pub(crate) struct Show {
    /// Print a JSON object.
    #[arg(long)]
    json: bool,
}

const RECONCILE_EXAMPLES: &str = "\
Examples:
  provost tenants sync reconcile --dry-run
  provost tenants sync reconcile --prune

What the LMS lacks is made, and what differs is written anew; what it knows by the same key or the same host is taken over. What
was pushed and has been deleted here since is removed. What was refused before is tried again. While a server is pushing, this
waits for it, for three times lms.timeout_seconds.

Code 3 if the LMS refuses something.";

/// Compare everything with the LMS and make it agree.
#[derive(Debug, Args)]
#[command(after_help = RECONCILE_EXAMPLES)]
pub(crate) struct Reconcile {
    /// Do nothing; print what would be done.
    #[arg(long)]
    dry_run: bool,
    /// Also remove what the LMS has from elsewhere.
    #[arg(long)]
    prune: bool,
}

impl Sync {
    pub(super) async fn run(self, app: &App, settings: &Settings) -> anyhow::Result<Outcome> {
        match self {
            Self::Status(show) => show.run(app, settings).await,
            Self::Reconcile(reconcile) => reconcile.run(app, settings).await,
        }
    }
}

/// This process, as people read it when they ask who pushes; no other has the same.
pub(in crate::commands) fn holder(command: &str) -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = match host.trim() {
        "" => "an unknown host",
        host => host,
    };
    let (process, lot) = (std::process::id(), rand::random::<u32>());
    format!("{command} (process {process} on {host}, {lot:08x})")
}

#[derive(Serialize)]
struct Shown<'a> {
    configured: bool,
    #[serde(flatten)]
    status: &'a Status,
}

impl Show {
    async fn run(self, app: &App, settings: &Settings) -> anyhow::Result<Outcome> {
        let status = connector::status(app).await?;
        let configured = settings.lms.is_on();
        if self.json {
            let shown = Shown {
                configured,
                status: &status,
            };
            print(&serde_json::to_string_pretty(&shown)?)?;
        } else {
            print(&table(configured, &status)?)?;
        }
        let is_late = status.waiting_seconds > PATIENCE;
        let is_bad = configured && (is_late || status.refused_count > 0);
        Ok(if is_bad { Outcome::No } else { Outcome::Done })
    }
}

/// The status for people, one fact a line.
fn table(configured: bool, status: &Status) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    if !configured {
        out.push_str("off: the settings name no LMS (`lms.base_url`)\n");
    }
    let Some(lms) = &status.lms else {
        if configured {
            out.push_str("nothing was pushed yet: no server has run with these settings\n");
        }
        return Ok(out);
    };
    let (seq, last) = (status.seq, moment(status.last_pushed_at));
    let holder = status.holder.as_deref().map(shown);
    writeln!(out, "lms           {}", shown(lms))?;
    writeln!(out, "pushed        up to change {seq}, last at {last}")?;
    writeln!(out, "waiting       {}", waiting(status))?;
    writeln!(
        out,
        "pushing now   {}",
        holder.as_deref().unwrap_or("nobody")
    )?;
    if let Some(error) = &status.last_error {
        let (at, failures) = (moment(status.last_error_at), status.failures);
        let error = shown(error);
        writeln!(
            out,
            "last failure  {at}: {error} ({failures} in a row until now)"
        )?;
    }
    writeln!(out, "refused       {}", status.refused_count)?;
    for refused in &status.refused {
        writeln!(out, "  {}", refusal(refused))?;
    }
    Ok(out)
}

fn waiting(status: &Status) -> String {
    let Some(since) = status.waiting_since else {
        return "nothing".to_owned();
    };
    let (backlog, seconds) = (status.backlog, status.waiting_seconds);
    let since = times::text(&since.0);
    format!("{backlog} changes, the first for {seconds} s, since {since}")
}

fn refusal(refused: &Refused) -> String {
    let (subject, error) = (shown(&refused.subject), shown(&refused.error));
    let at = times::text(&refused.at.0);
    let (seq, status) = (refused.seq, refused.status);
    format!("{subject}  change {seq}  {at}  status {status}: {error}")
}

fn moment(time: Option<Time>) -> String {
    time.map_or_else(|| "no time".to_owned(), |time| times::text(&time.0))
}

impl Reconcile {
    async fn run(self, app: &App, settings: &Settings) -> anyhow::Result<Outcome> {
        anyhow::ensure!(
            settings.lms.is_on(),
            "the settings name no LMS (`lms.base_url`)"
        );
        let ordered = Ordered {
            holder: holder("provost tenants sync reconcile"),
            is_dry_run: self.dry_run,
            prunes: self.prune,
        };
        let done = connector::order(app, &settings.lms, &ordered).await?;
        print(&report(&done, self.dry_run)?)?;
        let is_refused = !done.refused.is_empty();
        Ok(if is_refused {
            Outcome::No
        } else {
            Outcome::Done
        })
    }
}

/// A comparison for people, one step a line.
fn report(done: &Reconciled, is_dry_run: bool) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    for step in &done.steps {
        writeln!(out, "{step}")?;
    }
    for refused in &done.refused {
        let (status, error) = (refused.status, shown(&refused.error));
        writeln!(out, "{}  REFUSED, status {status}: {error}", refused.step)?;
    }
    if !done.beside.is_empty() {
        writeln!(out, "only in the LMS, and left there (--prune removes it):")?;
    }
    for step in &done.beside {
        writeln!(out, "{step}")?;
    }
    let verb = if is_dry_run { "would be done" } else { "done" };
    let (steps, refused, unchanged) = (done.steps.len(), done.refused.len(), done.unchanged);
    write!(
        out,
        "{steps} {verb}, {refused} refused, {unchanged} unchanged."
    )?;
    Ok(out)
}
