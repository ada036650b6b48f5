//! `provost import`

use std::fs::File;
use std::io::{self, BufReader, IsTerminal as _, Seek as _};
use std::os::fd::AsFd as _;

use anyhow::Context as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use provost_fixtures::{Imported, Progress};

use super::{open, operator};
use crate::cli::Outcome;
use crate::settings::Settings;

const EXAMPLES: &str = "\
Examples:
  manage.py lms dumpdata auth.user organizations openedx_authz casbin_adapter > dump.json && provost import dump.json
  zcat dump.json.gz | provost import -

The database's tables are brought up to date first. Everything is loaded in one transaction, with its keys; a second import of the same file changes nothing. A bad row is refused
with its model, key and field, and then nothing is written. Models that provost does not keep are counted and named.

Nobody else can write meanwhile. What comes from a pipe is first kept in a temporary file, so that nobody waits for the pipe.";

/// Load rows from a Django fixture: a JSON array of {\"model\", \"pk\", \"fields\"}.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Import {
    /// The file, or `-` for standard input.
    #[arg(value_name = "FILE|-")]
    pub(crate) file: String,
    /// Show no progress.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

impl Import {
    pub(crate) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        let file = at_hand(self.open()?).context("cannot keep the input in a temporary file")?;
        let bar = self.progress(&file)?;
        let source = BufReader::with_capacity(1 << 20, bar.wrap_read(file));
        let app = open::migrated_app(settings).await?;
        let author = operator::author("provost import");
        let imported = provost_fixtures::import(&app, source, &author, |Progress { rows }| {
            bar.set_message(format!("{rows} rows"));
        })
        .await?;
        bar.finish_and_clear();
        if !self.quiet {
            super::print(&report(&imported))?;
        }
        Ok(Outcome::Done)
    }

    /// A bar by bytes; nothing where nobody looks.
    fn progress(&self, file: &File) -> anyhow::Result<ProgressBar> {
        if self.quiet || !io::stderr().is_terminal() {
            return Ok(ProgressBar::hidden());
        }
        let template = "{bar:40} {percent}% of {total_bytes}, {msg}, {eta} left";
        Ok(ProgressBar::new(file.metadata()?.len())
            .with_style(ProgressStyle::with_template(template)?))
    }

    fn open(&self) -> anyhow::Result<File> {
        if self.file == "-" {
            let input = io::stdin().as_fd().try_clone_to_owned();
            return Ok(input.context("cannot read standard input")?.into());
        }
        File::open(&self.file).with_context(|| format!("cannot read {}", self.file))
    }
}

/// The same input where reading does not wait: what is no regular file is copied to a temporary one
/// without a name. The rows are read in a transaction, which keeps everybody else from writing.
fn at_hand(mut input: File) -> io::Result<File> {
    if input.metadata()?.is_file() {
        return Ok(input);
    }
    let mut copy = tempfile::tempfile()?;
    io::copy(&mut input, &mut copy)?;
    copy.rewind()?;
    Ok(copy)
}

fn report(imported: &Imported) -> String {
    let mut lines: Vec<String> = imported
        .rows
        .iter()
        .map(|(label, count)| format!("{count:>9}  {label}"))
        .collect();
    lines.extend(
        imported
            .unknown
            .iter()
            .map(|(label, count)| format!("{count:>9}  {label} (not kept by provost, left aside)")),
    );
    if lines.is_empty() {
        lines.push("no rows".to_owned());
    }
    lines.join("\n")
}
