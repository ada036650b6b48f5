//! The AuthZ API from outside: what it answers, refuses, leaves behind and survives.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets the unexpected fails"
)]

mod clearing;
mod concurrency;
mod decisions;
mod effects;
mod legacy;
mod people;
mod protocol;
mod refusals;
mod staff;
mod vectors;
mod world;
