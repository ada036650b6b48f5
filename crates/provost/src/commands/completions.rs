//! `provost completions`

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::cli::{Cli, Outcome};

const EXAMPLES: &str = "\
Example:
  provost completions bash > /etc/bash_completion.d/provost";

/// Print a completion script for a shell.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self) -> anyhow::Result<Outcome> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "provost", &mut script);
        super::print(&String::from_utf8(script)?)?;
        Ok(Outcome::Done)
    }
}
