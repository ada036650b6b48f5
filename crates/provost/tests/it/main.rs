//! The whole program, from inside and as a binary; and its shell without any family in it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets the unexpected fails"
)]

mod cli;
mod conformance;
mod layers;
mod listen;
mod settings;
mod subscriber;
mod traces;
mod workflow;
