//! `provost profiles export`

use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use provost_app::App;
use provost_profiles::bulk;

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
        let mut out: Box<dyn Write> = match &self.output {
            Some(path) => {
                Box::new(create(path).with_context(|| format!("cannot write {}", path.display()))?)
            }
            None => Box::new(io::stdout().lock()),
        };
        let mut out = BufWriter::new(&mut out);
        let bar = self.progress()?;
        bulk::export(app, |said| {
            serde_json::to_writer(&mut out, &said)?;
            out.write_all(b"\n")?;
            bar.inc(1);
            anyhow::Ok(())
        })
        .await?;
        out.flush()?;
        bar.finish_and_clear();
        Ok(Outcome::Done)
    }

    /// A count of lines, where somebody looks and no lines run past.
    fn progress(&self) -> anyhow::Result<ProgressBar> {
        if self.output.is_none() || !io::stderr().is_terminal() {
            return Ok(ProgressBar::hidden());
        }
        let style = ProgressStyle::with_template("{spinner} {pos} lines")?;
        Ok(ProgressBar::new_spinner().with_style(style))
    }
}
