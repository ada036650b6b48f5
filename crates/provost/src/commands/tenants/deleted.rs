//! `provost tenants deleted` and `restore`

use clap::Args;
use provost_app::App;
use provost_drf::times;
use provost_tenants::deleted::{self, Listed, NotRestored};
use serde_json::{Value, json};

use super::kept::Kept;
use super::shown;
use crate::cli::Outcome;
use crate::commands::{operator, print};

/// List tenants that were deleted and can be brought back, newest first.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Print a JSON array.
    #[arg(long)]
    json: bool,
}

const RESTORE_EXAMPLES: &str = "\
Examples:
  provost tenants restore talent1
  provost tenants restore id:7

A tenant comes back under its old number, with its routes and its configuration. That fails if another tenant has come
to its key or to one of its domains.";

/// Bring a deleted tenant back.
#[derive(Debug, Args)]
#[command(after_help = RESTORE_EXAMPLES)]
pub(crate) struct Restore {
    /// The name it had (of several, the one deleted last), or its number in `provost tenants deleted`; `name:…` or `id:…` says
    /// which.
    #[arg(value_name = "NAME|ID")]
    tenant: Kept,
}

impl List {
    pub(super) async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let mut rows = Vec::new();
        if self.json {
            deleted::each(app, |kept| rows.push(object(app, &kept).to_string())).await?;
            print(&format!("[{}]", rows.join(",\n ")))?;
        } else {
            deleted::each(app, |kept| rows.push(line(app, &kept))).await?;
            if rows.is_empty() {
                rows.push("no deleted tenants".to_owned());
            }
            print(&rows.join("\n"))?;
        }
        Ok(Outcome::Done)
    }
}

fn line(app: &App, kept: &Listed) -> String {
    format!(
        "{:>6}  {}  (tenant {})  deleted {} by {}, kept until {}",
        kept.id,
        shown(&kept.tenant_name),
        kept.tenant_id,
        times::text(&kept.deleted_at),
        shown(&kept.deleted_by),
        times::text(&deleted::expiry(app, kept.deleted_at)),
    )
}

fn object(app: &App, kept: &Listed) -> Value {
    json!({
        "id": kept.id,
        "tenant_id": kept.tenant_id,
        "tenant_name": kept.tenant_name,
        "external_key": kept.external_key,
        "deleted_at": times::text(&kept.deleted_at),
        "deleted_by": kept.deleted_by,
        "expires_at": times::text(&deleted::expiry(app, kept.deleted_at)),
    })
}

impl Restore {
    pub(super) async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let kept = self.tenant.find(app).await?;
        let by = operator::author("provost tenants restore");
        let restored = deleted::restore(app, by, kept.id).await;
        let restored = restored.map_err(|why| match why {
            NotRestored::Taken(text) => anyhow::anyhow!("{}", shown(&text)),
            other => other.into(),
        })?;
        let domains: Vec<String> = restored
            .domains
            .iter()
            .map(|domain| shown(domain))
            .collect();
        let domains = if domains.is_empty() {
            "no domains".to_owned()
        } else {
            domains.join(", ")
        };
        print(&format!(
            "restored {} as tenant {}, with {domains}",
            shown(&kept.tenant_name),
            restored.config.id,
        ))?;
        Ok(Outcome::Done)
    }
}
