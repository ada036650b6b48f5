//! Tenants pushed to an LMS, each a process of its own.

mod chaos;
mod commands;
mod processes;
mod stopping;

pub use processes::until;
