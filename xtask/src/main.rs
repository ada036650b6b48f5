//! Checks of the workspace itself: `cargo xtask tidy` and `cargo xtask licences`.
//!
//! Knows the rules that no compiler keeps, and reads the workspace as text and as `cargo metadata` tells it.
//! Must not know what the program does.
//!
//! Invariant: `tidy` needs neither the network nor a build; it also runs as a test.

mod licences;
mod source;
mod tidy;
mod workspace;

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;

use crate::workspace::Workspace;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  tidy      the rules of the workspace: crate arrows, crate docs, lengths, links, decisions
  licences  the licences and the doubled versions of everything that the program is built from, after deny.toml";

fn main() -> anyhow::Result<ExitCode> {
    let command = std::env::args().nth(1).unwrap_or_default();
    let workspace = Workspace::open()?;
    let findings = match command.as_str() {
        "tidy" => tidy::check(&workspace),
        "licences" => licences::check(&workspace)?,
        _ => {
            report(USAGE)?;
            return Ok(ExitCode::from(2));
        }
    };
    for finding in &findings {
        report(&finding.to_string())?;
    }
    Ok(if findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn report(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stderr(), "{line}").context("standard error is closed")
}
