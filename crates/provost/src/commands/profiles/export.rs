//! `provost profiles export`

use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use provost_app::App;
use provost_profiles::bulk;
use tempfile::NamedTempFile;

use crate::cli::Outcome;
use crate::commands::export::create;

const EXAMPLES: &str = "\
Examples:
  provost profiles export -o tenants.jsonl
  provost profiles export | jq -c 'select(.tenant).tenant.tenantId'

Backends, domains and resellers come first, then each tenant with its groups, all as of one moment. `provost profiles import`
takes the file in. Templates, accounts, and what applications keep of end users are not in it.";

/// Write tenants with their groups and domains as JSON lines.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Export {
    /// Write to this file instead of standard output; a new file is for its owner alone to read.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Export {
    pub(super) async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let Some(path) = &self.output else {
            write(app, io::stdout().lock(), &ProgressBar::hidden()).await?;
            return Ok(Outcome::Done);
        };
        let cannot = || format!("cannot write {}", path.display());
        let bar = Self::progress()?;
        if path.exists() && !path.is_file() {
            write(app, create(path).with_context(cannot)?, &bar).await?;
        } else {
            // A file that is there stays as it is until the new one is whole.
            let folder = path.parent().filter(|folder| *folder != Path::new(""));
            let file =
                NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).with_context(cannot)?;
            write(app, &file, &bar).await?;
            file.persist(path).with_context(cannot)?;
        }
        bar.finish_and_clear();
        Ok(Outcome::Done)
    }

    /// A count of lines, where somebody looks.
    fn progress() -> anyhow::Result<ProgressBar> {
        if !io::stderr().is_terminal() {
            return Ok(ProgressBar::hidden());
        }
        let style = ProgressStyle::with_template("{spinner} {pos} lines")?;
        Ok(ProgressBar::new_spinner().with_style(style))
    }
}

async fn write(app: &App, out: impl Write, bar: &ProgressBar) -> anyhow::Result<()> {
    let mut out = BufWriter::new(out);
    bulk::export(app, |said| {
        serde_json::to_writer(&mut out, &said)?;
        out.write_all(b"\n")?;
        bar.inc(1);
        anyhow::Ok(())
    })
    .await?;
    Ok(out.flush()?)
}
