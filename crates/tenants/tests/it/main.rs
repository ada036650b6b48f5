//! Tenants over a real database.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected fails"
)]

mod administration;
mod api;
mod connector;
mod eox;
