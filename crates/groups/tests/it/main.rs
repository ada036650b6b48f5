//! Course access groups over a real database: the old API, decisions, events, and what is ours.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets the unexpected fails"
)]

mod administration;
mod events;
mod isolation;
mod places;
mod refusals;
mod rows;
mod schemes;
mod world;
