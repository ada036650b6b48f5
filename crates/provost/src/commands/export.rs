//! `provost export`

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use provost_fixtures::{Labels, models};

use super::open;
use crate::cli::Outcome;
use crate::settings::Settings;

const EXAMPLES: &str = "\
Examples:
  provost export > platform.json
  provost export auth.user openedx_authz --output users-and-roles.json

A model is a label (auth.user) or an application (openedx_authz). `manage.py loaddata` and `provost import` read the file back.
OAuth2 applications and tokens, sessions and the change log are no models of the platform, and are not written.";

/// Write rows as a Django fixture. Without models, those of all models.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Export {
    /// Labels of the models or applications to write, e.g. auth.user.
    #[arg(value_name = "MODEL")]
    pub(crate) models: Vec<String>,
    /// Write to this file instead of standard output; a new file is for its owner alone to read.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

impl Export {
    pub(crate) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        let labels = settings.labels();
        self.refuse_unknown(&labels)?;
        let app = open::app(settings).await?;
        let wanted = |label: &str| {
            self.models.is_empty() || self.models.iter().any(|model| names(model, label))
        };
        let mut out: Box<dyn Write> = match &self.output {
            Some(path) => {
                Box::new(create(path).with_context(|| format!("cannot write {}", path.display()))?)
            }
            None => Box::new(io::stdout().lock()),
        };
        let mut out = io::BufWriter::new(&mut out);
        provost_fixtures::export(&app, &labels, wanted, &mut out).await?;
        Ok(Outcome::Done)
    }

    /// A misspelt model must not look like an empty one.
    fn refuse_unknown(&self, labels: &Labels) -> anyhow::Result<()> {
        for wanted in &self.models {
            anyhow::ensure!(
                models()
                    .any(|model| names(wanted, model.label) || names(wanted, &labels.of(model))),
                "no model is called `{wanted}`; the models are {}",
                models()
                    .map(|model| labels.of(model))
                    .collect::<Vec<_>>()
                    .join(", ")
            );
        }
        Ok(())
    }
}

/// A file that its owner alone may read, since hashes of passwords, or secrets of tenants, go into it. One that is there
/// keeps the rights it has.
pub(super) fn create(path: &Path) -> io::Result<File> {
    File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
}

/// Whether `wanted` is the label, or the application before its dot, in any letter case.
fn names(wanted: &str, label: &str) -> bool {
    let app = label.split('.').next().unwrap_or_default();
    wanted.eq_ignore_ascii_case(label) || wanted.eq_ignore_ascii_case(app)
}
