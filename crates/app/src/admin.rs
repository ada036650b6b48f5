//! Administrators, as the API that provisions tenants has them.

use http::request::Parts;
use provost_drf::{Caller, Permission, Problem};
use serde_json::Value;

use crate::App;

#[cfg(test)]
mod tests;

/// Is active, not retired, and staff or superuser. What the claim `administrator` of the caller's token
/// says stands in for the staff flag while the token is used, whether true or false.
pub struct Admin;

impl Permission<App> for Admin {
    fn check(app: &App, caller: &Caller, _: &Parts) -> Result<(), Problem> {
        let claims = caller.claims.as_deref();
        let claimed =
            claims.and_then(|claims| claims.get("administrator").and_then(Value::as_bool));
        let is_staff = claimed.unwrap_or(caller.is_staff);
        if has_account(app, caller) && (is_staff || caller.is_superuser) {
            Ok(())
        } else {
            Err(Problem::denied())
        }
    }
}

/// Whether the account of a caller is active and not retired. A token is good until it expires, and an
/// account may have come to its end in between.
pub(crate) fn has_account(app: &App, caller: &Caller) -> bool {
    // Who is retired has no account in the index.
    let account = app.course_access().user(caller.id);
    caller.is_active && account.is_some_and(|account| account.active)
}
