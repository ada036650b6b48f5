//! Course access groups: which people of an organization may see which of its courses.
//!
//! The old API is under `/course_access_groups/api/v1/`, what the platform says and asks under
//! `/course_access_groups/internal/v1/`, and everything of our own under
//! `/api/provost/v1/course-access/`.
//!
//! Knows what each operation asks, of whom, and how it answers.
//! Must not know SQL, or how the index answers who may see what.
//!
//! Invariant: a request works on one organization, and nothing of another one is shown or taken,
//! except where a comment says so.
//! Invariant: whatever is refused is refused before anything is written.

mod administration;
mod automatic;
mod decisions;
mod domains;
mod enrolment;
mod events;
mod old_api;
mod record;
mod wire;

pub use administration::administration;
pub use decisions::decisions;
pub use events::internal;
pub use old_api::{family, path_under};
