//! Staff, as our own API has it.

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
