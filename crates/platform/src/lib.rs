//! What belongs to no API family: the change log.
//!
//! Knows how the change log is read: pages for people, lines for programs.
//! Must not know SQL, or what any family writes into the log.
//!
//! Invariant: the log is read by staff alone, and nothing here changes it.
//! Invariant: an export holds one chunk of entries at a time, however long the log is.

mod changes;

use provost_app::App;
use provost_drf::Family;

/// The route tables, in the order of the document.
#[must_use]
pub fn families() -> Vec<Family<App>> {
    let mut families = vec![changes::family()];
    families.extend(provost_app::identity::families());
    families
}
