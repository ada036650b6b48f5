//! The application handle: store, policy snapshot, clock, settings, identity.
//!
//! Knows how the edges meet: what a fault of the store means on the wire, how the policy
//! snapshot follows the change log, who the caller of a request is.
//! Must not know any route of a family.
//!
//! Invariant: every write ends in [`App::commit`], which puts its entries into the change log
//! in the write's own transaction.
//! Invariant: a permission question touches memory only.
//! Invariant: time comes from [`App::now`], never from the system.

pub mod account;
mod admin;
mod app;
mod author;
mod clock;
mod error;
pub mod identity;
pub mod kind;
mod mount;
mod policy;
pub mod settings;
mod staff;
pub mod tenants;
mod totals;

pub use admin::{Admin, has_account};
pub use app::{App, NotOpened};
pub use author::Author;
pub use clock::Clock;
pub use error::{Answer, Error};
pub use mount::mount;
pub use policy::Refreshed;
pub use settings::Settings;
pub use staff::{Staff, may_ask_about};
pub use totals::Total;
