//! The commands, one file each.

pub(crate) mod application;
pub(crate) mod authz;
pub(crate) mod completions;
pub(crate) mod doctor;
pub(crate) mod export;
pub(crate) mod import;
mod legacy;
pub(crate) mod migrate;
mod open;
pub(crate) mod openapi;
mod operator;
pub(crate) mod profiles;
pub(crate) mod serve;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod tenants;
pub(crate) mod token;
pub(crate) mod user;
mod who;

use std::io::{self, Write as _};

/// Writes a command's answer, with a line end, to standard output.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()
}
