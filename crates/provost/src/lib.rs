//! The program: settings, commands, listeners, and what operators see of them.
//!
//! Knows every crate below it, and puts them together: it reads the settings, opens the store, merges the families'
//! routes, surrounds them with limits, logs and metrics, and serves.
//! Must not know how any route decides or answers: that is the families' part.
//!
//! Invariant: the environment and the clock of the system are read here and in no crate below.
//! Invariant: a secret, a token, a cookie or a mail address is never logged.
//! Invariant: a command that reports failure on standard error ends with a code other than 0.

pub mod cli;
mod commands;
mod demo;
pub mod health;
pub mod layers;
pub mod listen;
mod routes;
pub mod settings;
pub mod telemetry;

pub use cli::run;
pub use routes::{document, families, routes};

/// A request makes and frees many small texts at once, more than the system's allocator keeps at hand.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
