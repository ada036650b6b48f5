//! `provost profiles import`

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal as _, Write};
use std::os::fd::AsFd as _;

use anyhow::Context as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use provost_app::App;
use provost_profiles::bulk::{self, Done, Outcome as Came};
use serde::Serialize;

use super::operator;
use crate::cli::Outcome;

const EXAMPLES: &str = r#"Examples:
  provost profiles import tenants.jsonl > results.jsonl
  zcat tenants.jsonl.gz | provost profiles import - --only-refused

Each line is an object with one member:
  {"backend": {"name": "as1", "externalName": "AS one", "default": true}}
  {"domain": {"name": "example.com", "default": true}}
  {"reseller": {"name": "R1", "externalName": "", "extraData": {}}}
  {"tenant": {"tenantId": "foo", "type": "Enterprise", "defaultDomain": "example.com", "domains": ["example.com"],
              "groups": [{"groupId": "g1", "groupName": "One", "domains": ["example.com"]}]}}
What a tenant needs stands before it. Members are those of the API. What there is already is changed as its line says, and
what a line does not say stays.

A line is carried out whole, in a transaction of its own, or not at all; the others go on. Standard output gets a line for
each, as {"line": 7, "kind": "tenant", "id": "foo", "outcome": "created"}, where the outcome is created, changed, unchanged or
refused, and then with "errors". Code 3: some were refused. Taking in the same lines again changes nothing."#;

/// Take in tenants with their groups and domains as JSON lines.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Import {
    /// The file, or `-` for standard input.
    #[arg(value_name = "FILE|-")]
    file: String,
    /// Print only the lines that were refused.
    #[arg(long)]
    only_refused: bool,
    /// Show no progress and no summary.
    #[arg(long, short)]
    quiet: bool,
}

/// What came of a line, as it is printed.
#[derive(Serialize)]
struct Row<'a> {
    /// Its number in the file, from 1.
    line: u64,
    #[serde(flatten)]
    done: &'a Done,
}

/// How many lines came out how.
#[derive(Default)]
struct Counts {
    created: u64,
    changed: u64,
    unchanged: u64,
    refused: u64,
}

impl Counts {
    fn add(&mut self, came: &Came) {
        let count = match came {
            Came::Created => &mut self.created,
            Came::Changed => &mut self.changed,
            Came::Unchanged => &mut self.unchanged,
            Came::Refused { .. } => &mut self.refused,
        };
        *count += 1;
    }

    fn text(&self) -> String {
        let Self {
            created,
            changed,
            unchanged,
            refused,
        } = self;
        format!("{created} created, {changed} changed, {unchanged} unchanged, {refused} refused")
    }
}

impl Import {
    pub(super) async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let file = self.open()?;
        let bar = self.progress(&file)?;
        let mut source = BufReader::with_capacity(1 << 20, file);
        let counts = self.each(app, &mut source, &bar).await?;
        bar.finish_and_clear();
        if !self.quiet {
            writeln!(io::stderr(), "{}", counts.text())?;
        }
        Ok(if counts.refused == 0 {
            Outcome::Done
        } else {
            Outcome::No
        })
    }

    async fn each(
        &self,
        app: &App,
        source: &mut impl BufRead,
        bar: &ProgressBar,
    ) -> anyhow::Result<Counts> {
        let author = operator::author("provost profiles import");
        let mut counts = Counts::default();
        let mut out = io::stdout().lock();
        let mut text = Vec::new();
        let mut line = 0;
        while source.read_until(b'\n', &mut text)? > 0 {
            line += 1;
            if !text.trim_ascii().is_empty() {
                let done = bulk::import(app, &author, text.trim_ascii())
                    .await
                    .with_context(|| format!("line {line}, after {}", counts.text()))?;
                counts.add(&done.outcome);
                let is_refused = matches!(done.outcome, Came::Refused { .. });
                if is_refused || !self.only_refused {
                    let row = Row { line, done: &done };
                    writeln!(out, "{}", serde_json::to_string(&row)?)?;
                }
            }
            bar.set_message(counts.text());
            bar.inc(text.len() as u64);
            text.clear();
        }
        out.flush()?;
        Ok(counts)
    }

    /// A bar by bytes where there is an end to it; nothing where nobody looks.
    fn progress(&self, file: &File) -> anyhow::Result<ProgressBar> {
        if self.quiet || !io::stderr().is_terminal() {
            return Ok(ProgressBar::hidden());
        }
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            let style = ProgressStyle::with_template("{spinner} {bytes}, {msg}")?;
            return Ok(ProgressBar::new_spinner().with_style(style));
        }
        let template = "{bar:40} {percent}% of {total_bytes}, {msg}, {eta} left";
        Ok(ProgressBar::new(metadata.len()).with_style(ProgressStyle::with_template(template)?))
    }

    fn open(&self) -> anyhow::Result<File> {
        if self.file == "-" {
            let input = io::stdin().as_fd().try_clone_to_owned();
            return Ok(input.context("cannot read standard input")?.into());
        }
        File::open(&self.file).with_context(|| format!("cannot read {}", self.file))
    }
}
