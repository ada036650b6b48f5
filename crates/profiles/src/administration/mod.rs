//! What is beyond the old API: both views of a tenant, who administers what, backends, and the default
//! domain of the system. Its calls are under `/api/provost/v1/`; commands use what is below them.
//!
//! Invariant: staff alone may look and change.

pub mod backends;
mod calls;
pub mod people;
pub mod views;

pub use calls::administration;
