//! Signing in and the change log from outside: who is let in, what every write leaves in the log, and
//! how it is read.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that meets the unexpected fails"
)]

mod identity;
mod pages;
mod world;
mod writes;
