//! Staff, as our own API has it, and about whom anybody else may ask.

use http::request::Parts;
use provost_drf::{Caller, Permission, Problem};

use crate::App;

/// Is staff, as decisions have it ([`App::is_staff`]): what our own API asks of whoever may see
/// everybody. The reference's permissions look at the account's switches alone.
pub struct Staff;

impl Permission<App> for Staff {
    fn check(app: &App, caller: &Caller, _: &Parts) -> Result<(), Problem> {
        if app.is_staff(&caller.username) {
            Ok(())
        } else {
            Err(Problem::denied())
        }
    }
}

/// Everybody may ask about themselves; staff, and services that sign in as staff, about anybody.
///
/// # Errors
/// 403 if one of `subjects` (usernames) is somebody else.
pub fn may_ask_about<'a>(
    app: &App,
    caller: &Caller,
    mut subjects: impl Iterator<Item = &'a str>,
) -> Result<(), Problem> {
    if app.is_staff(&caller.username) || subjects.all(|subject| *subject == *caller.username) {
        Ok(())
    } else {
        Err(Problem::denied())
    }
}
