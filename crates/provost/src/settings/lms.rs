//! `[lms]`: the section is the client's own; what is wrong in it, it says.

use provost_upstream::lms::Settings;

use super::Wrong;
use super::tenants::under;

pub(super) fn validate(lms: &Settings) -> Vec<Wrong> {
    under("lms", lms.validate()).collect()
}
