//! The policy engine against casbin.

#![expect(
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect has failed"
)]

mod agreement;
mod casbin_model;
