//! Administrators, as the API that provisions tenants has them.

use http::request::Parts;
use provost_drf::{Caller, Permission, Problem};

use crate::App;

#[cfg(test)]
mod tests;

/// Is active, not retired, and staff or superuser. What the claim `administrator` of the caller's token
/// says stands in for the staff flag while the token is used, whether true or false.
pub struct Admin;

impl Permission<App> for Admin {
    fn check(app: &App, caller: &Caller, _: &Parts) -> Result<(), Problem> {
        if has_account(app, caller) && (is_staff(caller) || caller.is_superuser) {
            Ok(())
        } else {
            Err(Problem::denied())
        }
    }
}

/// Whether a caller is staff: as the claim `administrator` of the token says, or else as the account does.
pub(crate) fn is_staff(caller: &Caller) -> bool {
    let claims = caller.claims.as_deref();
    let claimed = claims.and_then(|claims| claims.get("administrator")?.as_bool());
    claimed.unwrap_or(caller.is_staff)
}

/// Whether the account of a caller is active and not retired. A token is good until it expires, and an
/// account may have come to its end in between.
#[must_use]
pub fn has_account(app: &App, caller: &Caller) -> bool {
    // Who is retired has no account in the index.
    let account = app.course_access().user(caller.id);
    caller.is_active && account.is_some_and(|account| account.active)
}
