//! Proof of the engine: scenarios, properties, and the table of every shipped role.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect has failed"
)]

mod catalogue;
mod consistency;
mod courses;
mod explain;
mod naive;
mod rows;
mod scenarios;
mod table;
mod world;
