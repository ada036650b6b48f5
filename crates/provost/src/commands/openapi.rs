//! `provost openapi`

use clap::Args;

use crate::cli::Outcome;
use crate::routes;

/// Print the OpenAPI document. It needs neither settings nor a database.
#[derive(Debug, Args)]
pub(crate) struct Openapi {}

pub(crate) fn run() -> anyhow::Result<Outcome> {
    super::print(&serde_json::to_string_pretty(&routes::document()?)?)?;
    Ok(Outcome::Done)
}
