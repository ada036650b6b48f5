//! `provost tenants purge`, and the same by itself while serving.
//!
//! Invariant: what was kept of a tenant is in a file, and on the disk, before it is forgotten.
//! Invariant: no file that is there is written to.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use provost_app::{App, Author};
use provost_tenants::deleted::{self, Deleted};
use tokio::time::{MissedTickBehavior, interval};

use super::kept::Kept;
use super::shown;
use crate::cli::Outcome;
use crate::commands::{operator, print};

/// How many are read at a time.
const CHUNK: u64 = 100;

/// How often a server looks for tenants whose time is over.
const PERIOD: Duration = Duration::from_hours(1);

const EXAMPLES: &str = "\
Examples:
  provost tenants purge talent1 --to /var/backups/tenants
  provost tenants purge --expired
  provost tenants purge --expired --older-than 7 --to .

Each becomes a Django fixture, which `provost import` or `manage.py loaddata` reads back; then it cannot be restored any more. A
file that is there is not overwritten: a tenant whose file is another one stays.";

/// Forget deleted tenants for good.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Purge {
    /// The names they had (of several, the one deleted last), or their numbers in `provost tenants deleted`; `name:…` or `id:…`
    /// says which.
    #[arg(value_name = "NAME|ID", required_unless_present = "expired")]
    tenants: Vec<Kept>,
    /// All that were deleted more than `tenants.restore_days` days ago.
    #[arg(long, conflicts_with = "tenants")]
    expired: bool,
    /// With `--expired`: more than this many days ago instead.
    #[arg(long, value_name = "DAYS", requires = "expired")]
    older_than: Option<u32>,
    /// The directory for the files, instead of `tenants.export_directory`.
    #[arg(long, value_name = "DIRECTORY")]
    to: Option<PathBuf>,
}

impl Purge {
    pub(super) async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let settings = &app.settings().tenants;
        let configured = (!settings.export_directory.is_empty())
            .then(|| PathBuf::from(&settings.export_directory));
        let directory = self.to.or(configured).context(
            "nothing says where the files go: name a directory with `--to`, or set tenants.export_directory",
        )?;
        let purging = Purging {
            app,
            by: operator::author("provost tenants purge"),
            directory,
        };
        let mut failed = 0_u32;
        if self.expired {
            let days = self.older_than.unwrap_or(settings.restore_days);
            let report = |kept: &Deleted, came: anyhow::Result<Option<PathBuf>>| {
                failed = failed.saturating_add(u32::from(came.is_err()));
                say(kept, came)
            };
            purging.expired(days, report).await?;
        } else {
            for tenant in &self.tenants {
                let kept = tenant.find(app).await?;
                let path = purging.one(&kept).await?;
                say(&kept, Ok(path))?;
            }
        }
        anyhow::ensure!(failed == 0, "{failed} tenants were not purged");
        Ok(Outcome::Done)
    }
}

/// Prints what became of one.
fn say(kept: &Deleted, came: anyhow::Result<Option<PathBuf>>) -> anyhow::Result<()> {
    let name = shown(&kept.tenant_name);
    print(&match came {
        Ok(Some(path)) => format!("purged {name}, now in {}", path.display()),
        Ok(None) => format!("{name} is not among the deleted tenants any more"),
        Err(error) => format!("did not purge {name}: {error:#}"),
    })?;
    Ok(())
}

/// While serving, purges deleted tenants when their time is over: at once, and then every hour. It
/// ends only where no directory is set, and then at once.
///
/// Several processes may do so beside each other: whoever comes second finds the same file, and
/// nothing left to forget.
pub(in crate::commands) async fn hourly(app: App) {
    let settings = app.settings().tenants.clone();
    if settings.export_directory.is_empty() {
        return;
    }
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let purging = Purging {
            app: &app,
            by: Author::program("provost serve"),
            directory: PathBuf::from(&settings.export_directory),
        };
        if let Err(error) = purging.expired(settings.restore_days, log).await {
            tracing::error!(
                error = format!("{error:#}"),
                "deleted tenants cannot be purged"
            );
        }
    }
}

/// Logs what became of one.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the command's own report may fail"
)]
fn log(kept: &Deleted, came: anyhow::Result<Option<PathBuf>>) -> anyhow::Result<()> {
    let (tenant, name) = (kept.tenant_id, &kept.tenant_name);
    match came {
        Ok(Some(path)) => {
            tracing::info!(tenant, name, file = %path.display(), "a deleted tenant was purged");
        }
        Ok(None) => tracing::debug!(tenant, name, "somebody else purged or restored a tenant"),
        Err(error) => {
            let error = format!("{error:#}");
            tracing::error!(tenant, name, error, "a deleted tenant was not purged");
        }
    }
    Ok(())
}

/// A purge that is going on.
struct Purging<'a> {
    app: &'a App,
    by: Author,
    directory: PathBuf,
}

impl Purging<'_> {
    /// Purges one tenant; the file it is in now, or nothing if somebody purged or restored it
    /// meanwhile. A file that was written for nothing stays: whoever purged it may have written it.
    async fn one(&self, kept: &Deleted) -> anyhow::Result<Option<PathBuf>> {
        let (directory, row) = (self.directory.clone(), kept.clone());
        let written = tokio::task::spawn_blocking(move || write(&directory, &row)).await?;
        let path =
            written.with_context(|| format!("cannot write to {}", self.directory.display()))?;
        let is_gone = deleted::purge(self.app, self.by.clone(), kept).await?;
        Ok(is_gone.then_some(path))
    }

    /// Purges all tenants that were deleted more than so many days ago, oldest first. Those that
    /// cannot be purged are reported and passed over.
    async fn expired(
        &self,
        days: u32,
        mut report: impl FnMut(&Deleted, anyhow::Result<Option<PathBuf>>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut last = None;
        loop {
            let found = deleted::older_than(self.app, days, last.as_ref(), CHUNK).await?;
            for kept in &found {
                report(kept, self.one(kept).await)?;
            }
            last = found.into_iter().next_back();
            if last.is_none() {
                return Ok(());
            }
        }
    }
}

/// Writes what was kept of a tenant to a file of its own, down to the disk; the path of it. The same
/// file may be there already, from an attempt that ended early.
fn write(directory: &Path, kept: &Deleted) -> io::Result<PathBuf> {
    let mut text = serde_json::to_vec_pretty(&kept.document)?;
    text.push(b'\n');
    let path = directory.join(file_name(kept));
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(&text)?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(&path) {
        Ok(_) => {}
        Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => {
            if std::fs::read(&path)? != text {
                let why = format!("{} is there already, and is another file", path.display());
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, why));
            }
        }
        Err(failed) => return Err(failed.error),
    }
    // The name is on the disk only when the directory is.
    std::fs::File::open(directory)?.sync_all()?;
    Ok(path)
}

/// The name, the number and the time of deletion: no two are alike.
fn file_name(kept: &Deleted) -> String {
    let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || "._-".contains(*letter);
    let letters = kept.tenant_name.chars().take(100);
    let name: String = letters
        .map(|letter| if is_plain(&letter) { letter } else { '_' })
        .collect();
    let name = match name.trim_start_matches('.') {
        "" => "tenant",
        name => name,
    };
    let time = kept.deleted_at.format("%Y%m%dT%H%M%S%.6fZ");
    format!("{name}-{}-{time}.json", kept.tenant_id)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;

    fn kept(name: &str) -> Deleted {
        Deleted {
            id: 7,
            tenant_id: 3,
            tenant_name: name.to_owned(),
            external_key: String::new(),
            shared_with: Vec::new(),
            deleted_at: DateTime::from_timestamp_micros(1_767_355_445_123_456).unwrap(),
            deleted_by: String::new(),
            document: json!([{"model": "eox_tenant.tenantconfig", "pk": 3}]),
        }
    }

    #[test]
    fn a_file_is_named_after_its_tenant_whatever_that_is_called() {
        for (name, expected) in [
            ("talent1", "talent1-3-20260102T120405.123456Z.json"),
            (
                "www.talent1.org",
                "www.talent1.org-3-20260102T120405.123456Z.json",
            ),
            (
                "../../etc/x y",
                "_.._etc_x_y-3-20260102T120405.123456Z.json",
            ),
            ("ä\n", "__-3-20260102T120405.123456Z.json"),
            ("", "tenant-3-20260102T120405.123456Z.json"),
        ] {
            assert_eq!(file_name(&kept(name)), expected);
        }
    }

    #[test]
    fn a_file_is_written_once_and_another_one_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let kept = kept("talent1");
        let path = write(folder.path(), &kept).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document, kept.document);
        assert_eq!(
            write(folder.path(), &kept).unwrap(),
            path,
            "it may be written again"
        );
        std::fs::write(&path, "precious").unwrap();
        let refused = write(folder.path(), &kept).unwrap_err();
        assert!(refused.to_string().contains("is another file"), "{refused}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
        assert_eq!(
            folder.path().read_dir().unwrap().count(),
            1,
            "nothing is left behind"
        );
        assert!(write(&folder.path().join("missing"), &kept).is_err());
    }
}
