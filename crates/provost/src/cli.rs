//! The command line: what can be asked for, and the codes that answer.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::commands::{
    application, authz, completions, doctor, export, import, migrate, openapi, profiles, serve,
    session, settings as settings_command, tenants, token, user,
};
use crate::settings::{self, Loaded, Sources};
use crate::telemetry::Telemetry;

const AFTER_HELP: &str = "\
Exit codes:
  0  done
  1  failed; the reason is on standard error
  2  the command line or the settings are wrong
  3  the answer is no: `authz check` denied, `authz policy diff` found a difference, `tenants plan` found something to do,
     `tenants sync status` found something stuck, `profiles import` refused a line, `migrate --check` found a pending migration, or `doctor` found a problem

Settings come from provost.toml (or --config FILE), then from PROVOST__SECTION__KEY, then from flags:
  PROVOST__DATABASE__URL=postgres://provost@db/provost provost serve
  provost --set log.format=json --set auth.jwt.issuers=https://lms.example.org/oauth2 serve

First steps:
  provost serve --demo                 a server with something in it, and how to sign in
  provost migrate                      the tables of a new database; `serve` and `import` see to them too
  provost import dump.json             rows of a real platform, from `manage.py dumpdata`
  provost doctor                       what is wrong, if something is";

/// The control plane of a multi-tenant Open edX platform, in one binary.
#[derive(Debug, Parser)]
#[command(name = "provost", version, after_help = AFTER_HELP, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Where settings come from, besides the environment.
#[derive(Debug, Args)]
#[command(next_help_heading = "Settings")]
struct Global {
    /// Read settings from this file instead of provost.toml.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Set one setting, e.g. `--set log.format=json`. May be repeated.
    #[arg(long = "set", global = true, value_name = "SECTION.KEY=VALUE", value_parser = assignment)]
    set: Vec<(String, String)>,
    /// Use this database: `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME`.
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
}

/// What can be asked for.
#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the APIs.
    Serve(serve::Serve),
    /// Bring the database's tables up to date.
    Migrate(migrate::Migrate),
    /// Load rows from a Django fixture.
    Import(import::Import),
    /// Write rows as a Django fixture.
    Export(export::Export),
    /// Create, list and change users.
    #[command(subcommand)]
    User(user::User),
    /// Register programs that may ask for OAuth2 tokens.
    #[command(subcommand)]
    Application(application::Application),
    /// Mint a browser session for support or a test, and print its cookie.
    Session(session::Session),
    /// Mint a JSON Web Token with the configured key, and print it.
    Token(token::Token),
    /// Roles and permissions.
    #[command(subcommand)]
    Authz(authz::Authz),
    /// Tenants as code, deleted tenants, and what a web server must know of tenants.
    #[command(subcommand)]
    Tenants(tenants::Tenants),
    /// Tenant profiles: in and out as JSON lines, who administers them, and backends.
    #[command(subcommand)]
    Profiles(profiles::Profiles),
    /// Check the settings, the database and the policy, and say what is wrong.
    Doctor(doctor::Doctor),
    /// Print the OpenAPI document.
    Openapi(openapi::Openapi),
    /// Check and show settings.
    #[command(subcommand)]
    Settings(settings_command::Settings),
    /// Print a completion script for a shell.
    Completions(completions::Completions),
}

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It did what was asked.
    Done,
    /// It was asked a question, and the answer is no.
    No,
}

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    // Wrong usage ends the process here, with code 2.
    let cli = Cli::parse();
    match execute(cli) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::No) => ExitCode::from(3),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            let is_settings = error.downcast_ref::<settings::Error>().is_some();
            ExitCode::from(if is_settings { 2 } else { 1 })
        }
    }
}

fn execute(cli: Cli) -> anyhow::Result<Outcome> {
    let sources = cli.global.sources(&cli.command);
    match cli.command {
        // These three work before there are any settings.
        Command::Completions(completions) => completions.run(),
        Command::Openapi(openapi::Openapi {}) => openapi::run(),
        Command::Settings(ask) => ask.run(&sources),
        command => tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?
            .block_on(with_telemetry(command, sources.load()?)),
    }
}

async fn with_telemetry(command: Command, loaded: Loaded) -> anyhow::Result<Outcome> {
    let telemetry = Telemetry::start(&loaded.settings)?;
    let outcome = command.run(&loaded, &telemetry).await;
    telemetry.stop().await;
    outcome
}

impl Command {
    async fn run(self, loaded: &Loaded, telemetry: &Telemetry) -> anyhow::Result<Outcome> {
        let settings = &loaded.settings;
        match self {
            Self::Serve(serve) => serve.run(loaded, telemetry).await,
            Self::Migrate(migrate) => migrate.run(settings).await,
            Self::Import(import) => import.run(settings).await,
            Self::Export(export) => export.run(settings).await,
            Self::User(user) => user.run(settings).await,
            Self::Application(application) => application.run(settings).await,
            Self::Session(session) => session.run(settings).await,
            Self::Token(token) => token.run(settings).await,
            Self::Authz(authz) => authz.run(settings).await,
            Self::Tenants(tenants) => tenants.run(settings).await,
            Self::Profiles(profiles) => profiles.run(settings).await,
            Self::Doctor(doctor) => doctor.run(loaded).await,
            Self::Completions(completions) => completions.run(),
            Self::Openapi(openapi::Openapi {}) => openapi::run(),
            // Answered before the settings were read.
            Self::Settings(_) => Ok(Outcome::Done),
        }
    }
}

impl Global {
    /// The sources of settings; a flag of a command counts like `--set`.
    fn sources(&self, command: &Command) -> Sources {
        let mut flags = self.set.clone();
        flags.extend(
            self.database
                .iter()
                .map(|url| ("database.url".to_owned(), url.clone())),
        );
        if let Command::Serve(serve) = command {
            flags.extend(serve.settings());
        }
        Sources::of_process(self.config.clone(), flags)
    }
}

fn assignment(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .ok_or_else(|| "is not of the form SECTION.KEY=VALUE".to_owned())
}

/// Prints an error with its causes, one problem a line.
fn complain(error: &anyhow::Error) {
    let text = format!("{error:#}");
    let mut out = std::io::stderr().lock();
    for line in text.lines() {
        // Nowhere is left to report that standard error is closed.
        let _ = writeln!(out, "provost: {line}");
    }
}

/// Whether the reader of our output went away, as `head` does.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_and_every_flag_is_described() {
        fn check(command: &clap::Command) {
            assert!(
                command.get_about().is_some(),
                "`{}` has no description",
                command.get_name()
            );
            for argument in command.get_arguments() {
                assert!(
                    argument.get_help().is_some(),
                    "`{}` of `{}`",
                    argument.get_id(),
                    command.get_name()
                );
            }
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }

    #[test]
    fn flags_become_settings() {
        let cli = Cli::parse_from([
            "provost",
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--set",
            "log.filter=a=b",
            "--database",
            "sqlite://x",
        ]);
        let sources = cli.global.sources(&cli.command);
        let expected = [
            ("log.filter", "a=b"),
            ("database.url", "sqlite://x"),
            ("server.listen", "127.0.0.1:0"),
        ];
        assert_eq!(
            sources.flags,
            expected.map(|(key, value)| (key.to_owned(), value.to_owned()))
        );
    }
}
