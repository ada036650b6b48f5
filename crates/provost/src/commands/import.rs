//! `provost import`

use std::fs::File;
use std::io::{self, IsTerminal as _, Read};

use anyhow::Context as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use provost_app::Author;
use provost_fixtures::{Imported, Progress};

use super::open;
use crate::cli::Outcome;
use crate::settings::Settings;

const EXAMPLES: &str = "\
Examples:
  manage.py lms dumpdata auth.user organizations openedx_authz casbin_adapter > dump.json && provost import dump.json
  zcat dump.json.gz | provost import -

Everything is loaded in one transaction, with its keys; a second import of the same file changes nothing. A bad row is refused
with its model, key and field, and then nothing is written. Models that provost does not keep are counted and named.";

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
        let bar = self.progress()?;
        let source = self.source(&bar)?;
        let app = open::app(settings).await?;
        let author = Author::program("provost import");
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

    /// A bar by bytes for a file, by rows alone for standard input; nothing where nobody looks.
    fn progress(&self) -> anyhow::Result<ProgressBar> {
        if self.quiet || !io::stderr().is_terminal() {
            return Ok(ProgressBar::hidden());
        }
        if self.file == "-" {
            return Ok(ProgressBar::new_spinner()
                .with_style(ProgressStyle::with_template("{spinner} {msg} {elapsed}")?));
        }
        let template = "{bar:40} {percent}% of {total_bytes}, {msg}, {eta} left";
        Ok(ProgressBar::new(self.open()?.metadata()?.len())
            .with_style(ProgressStyle::with_template(template)?))
    }

    fn source(&self, bar: &ProgressBar) -> anyhow::Result<Box<dyn Read + Send>> {
        let source: Box<dyn Read + Send> = if self.file == "-" {
            Box::new(io::stdin())
        } else {
            Box::new(bar.wrap_read(self.open()?))
        };
        Ok(Box::new(io::BufReader::with_capacity(1 << 20, source)))
    }

    fn open(&self) -> anyhow::Result<File> {
        File::open(&self.file).with_context(|| format!("cannot read {}", self.file))
    }
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
