//! Test worlds: an app on a database of its own, callers as values, requests in-process.
//!
//! Knows how to make a world that costs little and how to ask it something.
//! Must not know any family: a test says which routes its world answers.
//!
//! Invariant: two worlds share nothing; tests may run side by side.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test world that cannot be made fails its test"
)]

mod client;
mod world;

pub use client::{Answer, Client};
pub use world::{World, Worlds};
