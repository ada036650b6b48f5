//! Pushing tenants to an LMS that runs eox-tenant.
//!
//! An LMS with that plug-in reads its own tables, so each change here is made there too, through the
//! plug-in's REST API. The change log says what to push, and in which order: nothing is pushed that is
//! not an entry of the log, as it stands there, and each entry is pushed before the next one is. The
//! number of the last one is kept, in the same transaction as what its push has brought.
//!
//! What can pass (the LMS is away, slow, or does not let us in) keeps its entry and is tried again, later
//! and later. What the LMS refuses for what it is, is put on record, and the order goes on. Rows that were
//! imported have no entries; there, everything is compared instead ([`reconcile`]).
//!
//! Invariant: no entry is passed over that was neither pushed nor put on record as refused.
//! Invariant: one process pushes at a time (see [`lease`]), and only its holder moves the number.
//! Invariant: nothing is made twice. Whoever cannot know whether a thing was made looks for it first.
//! Invariant: no transaction is open while the LMS is asked.

mod far;
mod follow;
mod lease;
mod object;
mod order;
mod plan;
mod push;
mod queue;
mod reconcile;
mod status;
mod trouble;

pub use follow::{Connector, Observed, Outcome};
pub use object::Kind;
pub use order::{NotReconciled, Ordered, order};
pub use plan::{Act, Step};
pub use reconcile::{Reconciled, RefusedStep};
pub use status::{Refused, Status, status};

use provost_upstream::lms::Settings;

/// The address of the API that settings name, as it is kept beside what was pushed there: a log that was
/// pushed to one LMS says nothing of another.
fn target(settings: &Settings) -> String {
    let base = settings.base_url.trim_end_matches('/');
    let prefix = settings.api_prefix.trim_end_matches('/');
    format!("{base}{prefix}")
}
