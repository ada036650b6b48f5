//! What clients may send and what stored keys mean, case by case.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect has failed"
)]

mod parse;
mod resolve;
mod text;
