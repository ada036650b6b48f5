//! `provost tenants plan`, `apply` and `export`: tenants as code.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use provost_app::App;
use provost_tenancy::{File, Plan as Planned};
use provost_tenants::code::{self, Manner, Refused};
use serde_json::{Value, json};

use super::shown;
use crate::cli::Outcome;
use crate::commands::{export, operator, print};

const PLAN_EXAMPLES: &str = "\
Examples:
  provost tenants plan -f tenants.yaml
  provost tenants plan -f tenants.yaml --prune --json

Code 0: there is nothing to do. Code 3: there is. Code 1: the file cannot be followed, and everything that is wrong with
it was said.";

/// Print what a file of tenants would do.
#[derive(Debug, Args)]
#[command(after_help = PLAN_EXAMPLES)]
pub(crate) struct Plan {
    #[command(flatten)]
    source: Source,
    /// Print the plan as JSON.
    #[arg(long)]
    json: bool,
}

const APPLY_EXAMPLES: &str = "\
Examples:
  provost tenants apply -f tenants.yaml
  provost tenants apply -f tenants.yaml --prune --yes
  generate-tenants | provost tenants apply -f - --yes

The plan is printed first. What is done is what was printed, all of it in one transaction: if the tenants changed meanwhile,
nothing is done. Tenants that are not in the file stay unless `--prune` says otherwise; those that go can be brought back
with `provost tenants restore`.";

/// Make the tenants those of a file.
#[derive(Debug, Args)]
#[command(after_help = APPLY_EXAMPLES)]
pub(crate) struct Apply {
    #[command(flatten)]
    source: Source,
    /// Go on without asking. Needed where nobody can be asked.
    #[arg(long)]
    yes: bool,
    /// Do only the plan with this digest, which `provost tenants plan` printed.
    #[arg(long, value_name = "DIGEST")]
    plan: Option<String>,
}

const EXPORT_EXAMPLES: &str = "\
Examples:
  provost tenants export -o tenants.yaml
  provost tenants export | grep name:

A tenant that was provisioned by name is written as what was asked for and how it differs from what is generated; any other
as it is. Applying the file changes nothing.";

/// Write the tenants as a file.
#[derive(Debug, Args)]
#[command(after_help = EXPORT_EXAMPLES)]
pub(crate) struct Export {
    /// Write to this file instead of standard output; a new file is for its owner alone to read.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Which tenants there are to be.
#[derive(Debug, Args)]
struct Source {
    /// The file, YAML or JSON, or `-` for standard input.
    #[arg(long, short, value_name = "FILE|-")]
    file: String,
    /// Tenants that are not in the file go.
    #[arg(long)]
    prune: bool,
}

impl Source {
    fn read(&self, app: &App) -> anyhow::Result<File> {
        let mut text = String::new();
        if self.file == "-" {
            let read = io::stdin().lock().read_to_string(&mut text);
            read.context("cannot read standard input")?;
        } else {
            text = std::fs::read_to_string(&self.file)
                .with_context(|| format!("cannot read {}", self.file))?;
        }
        let read = File::read(&app.settings().tenants, &text);
        read.map_err(|wrong| self.refusal(Refused::Wrong(wrong)))
    }

    /// Everything that is wrong, one thing a line.
    fn refusal(&self, refused: Refused) -> anyhow::Error {
        let Refused::Wrong(wrong) = refused else {
            return refused.into();
        };
        let lines: Vec<String> = wrong
            .iter()
            .map(|wrong| format!("{}: {wrong}", self.file))
            .collect();
        anyhow::anyhow!("{}", lines.join("\n"))
    }

    async fn plan(&self, app: &App, file: &File) -> anyhow::Result<Planned> {
        let planned = code::plan(app, file, self.prune).await;
        planned.map_err(|refused| self.refusal(refused))
    }
}

impl Plan {
    pub(super) async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let file = self.source.read(app)?;
        let plan = self.source.plan(app, &file).await?;
        print(&if self.json {
            as_json(&plan)?
        } else {
            as_text(&plan)
        })?;
        Ok(if plan.is_empty() {
            Outcome::Done
        } else {
            Outcome::No
        })
    }
}

/// The plan with its digest, which `apply` can be told. Nothing that is secret is shown.
fn as_text(plan: &Planned) -> String {
    if plan.is_empty() {
        return plan.to_string();
    }
    format!("{plan}\nDigest: {}", plan.digest())
}

fn as_json(plan: &Planned) -> anyhow::Result<String> {
    let mut all = json!({"digest": plan.digest()});
    let plan = plan.clone().without_secrets();
    if let (Some(all), Value::Object(plan)) = (all.as_object_mut(), serde_json::to_value(plan)?) {
        all.extend(plan);
    }
    Ok(serde_json::to_string_pretty(&all)?)
}

impl Apply {
    pub(super) async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let file = self.source.read(app)?;
        let plan = self.source.plan(app, &file).await?;
        print(&as_text(&plan))?;
        let digest = plan.digest();
        if let Some(wanted) = &self.plan {
            anyhow::ensure!(
                *wanted == digest,
                "this is not the plan {}, so nothing was done",
                shown(wanted)
            );
        }
        if plan.is_empty() {
            return Ok(Outcome::Done);
        }
        self.confirm()?;
        let manner = Manner {
            prune: self.source.prune,
            digest: Some(&digest),
        };
        let by = operator::author("provost tenants apply");
        let applied = code::apply(app, by, &file, manner).await;
        let applied = applied.map_err(|refused| self.source.refusal(refused))?;
        let made = applied.created.iter().zip(&applied.plan.create);
        let made = made.map(|(id, new)| format!("created {} as tenant {id}", shown(&new.label)));
        print(
            &made
                .chain(["done".to_owned()])
                .collect::<Vec<_>>()
                .join("\n"),
        )?;
        Ok(Outcome::Done)
    }

    /// Asks whoever sits there; where nobody does, a flag has to say it.
    fn confirm(&self) -> anyhow::Result<()> {
        if self.yes {
            return Ok(());
        }
        anyhow::ensure!(
            self.source.file != "-" && io::stdin().is_terminal(),
            "nobody can be asked here, so nothing was done; `--yes` goes on without asking"
        );
        print("Type `yes` to do this:")?;
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer)?;
        let answer = answer.trim_end_matches(['\r', '\n']);
        anyhow::ensure!(answer == "yes", "not confirmed, so nothing was done");
        Ok(())
    }
}

impl Export {
    pub(super) async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let text = code::export(app).await?.to_yaml();
        let Some(path) = &self.output else {
            print(&text)?;
            return Ok(Outcome::Done);
        };
        let written = export::create(path).and_then(|mut file| file.write_all(text.as_bytes()));
        written.with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Outcome::Done)
    }
}
