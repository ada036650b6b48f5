//! Typed clients of the services around us.
//!
//! Knows how each service is asked, how it answers, and what a failure means: whether asking again can help.
//! Must not know SQL, tenants or any route of ours: what is sent, and when, is the caller's.
//!
//! Invariant: every call ends, within the time and the size that it was given.
//! Invariant: no call is repeated behind the caller's back, except one that was refused for a token that is no longer
//! good: it was not carried out.
//! Invariant: credentials go to the service's own origin and nowhere else. No redirect is followed, and no failure, log
//! line or `Debug` shows them; of an answer, a failure quotes nothing but the reason of a refusal.

mod backoff;
mod failure;
mod transport;

pub mod lms;

pub use backoff::Backoff;
pub use failure::Failure;
pub use provost_keys::Secret;
pub use transport::Unusable;
