//! What belongs to no API family: where people and programs sign in, and the change log.
//!
//! Knows the routes by which credentials are made and ended, with their cookies; and how the
//! change log is read: pages for people, lines for programs.
//! Must not know SQL, how a credential is checked, or what any family writes into the log.
//!
//! Invariant: an answer that carries a credential is kept by no cache.
//! Invariant: the log is read by staff alone, and nothing here changes it.
//! Invariant: an export holds one chunk of entries at a time, however long the log is.

mod changes;
mod identity;

use provost_app::App;
use provost_drf::Family;

/// The route tables, in the order of the document.
#[must_use]
pub fn families() -> Vec<Family<App>> {
    let mut families = vec![changes::family()];
    families.extend(identity::families());
    families
}
