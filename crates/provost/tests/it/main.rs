//! The whole program, from inside and as a binary; and its shell without any family in it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets the unexpected fails"
)]

mod access;
mod cli;
mod conformance;
mod connector;
mod doubts;
mod fixtures;
mod hostile;
mod layers;
mod listen;
mod paths;
mod platform;
mod profiles;
mod settings;
mod subscriber;
mod tenants;
mod traces;
mod users;
mod workflow;
