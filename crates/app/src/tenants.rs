//! Who may call eox-tenant's API.

use http::StatusCode;
use provost_drf::absolute::Origin;
use provost_drf::{Caller, Problem};
use provost_store::{Db, Fault, oauth, users};

use crate::admin::{has_account, is_staff};
use crate::{Answer, App};

#[cfg(test)]
mod tests;

/// The permission that is asked of callers who are not staff, as Django writes it.
pub const CALL_TENANTS: &str = "auth.can_call_eox_tenant";

/// Passes whoever may call eox-tenant's API at `origin`.
///
/// Staff may, by any scheme; the claim `administrator` of a token says who is. Everybody else, superusers among them, may only come with an opaque token
/// whose OAuth2 application is registered for `origin`: one of its redirect URIs is exactly the root
/// there, `scheme://host/`. Of those, the ones with the permission [`CALL_TENANTS`] may, and superusers,
/// who have every permission. Whoever is inactive or retired may nothing, and is told what nobody is told.
///
/// # Errors
/// 403 for whoever comes by the right application without the permission, 401 for all others who may
/// not, and what a fault of the store means.
pub async fn may_call_tenants(app: &App, caller: Option<&Caller>, origin: &Origin) -> Answer<()> {
    let Some(caller) = caller.filter(|caller| has_account(app, caller)) else {
        return Err(invalid_token().into());
    };
    if is_staff(caller) {
        return Ok(());
    }
    let db = app.store().read();
    if !comes_from(db, caller, &origin.url("/")).await? {
        return Err(invalid_token().into());
    }
    let permitted = caller.is_superuser
        || users::permissions(db, caller.id)
            .await?
            .iter()
            .any(|permission| permission == CALL_TENANTS);
    if permitted {
        Ok(())
    } else {
        Err(Problem::denied().into())
    }
}

/// Whether the application of the caller's token is registered for the address `root`.
async fn comes_from(db: &Db, caller: &Caller, root: &str) -> Result<bool, Fault> {
    let Some(application) = caller.application else {
        return Ok(false);
    };
    let registered = oauth::redirect_uris(db, application).await?;
    // The column holds addresses with white space between them.
    Ok(registered.is_some_and(|uris| uris.split_whitespace().any(|uri| uri == root)))
}

fn invalid_token() -> Problem {
    Problem::detail(StatusCode::UNAUTHORIZED, "Invalid token")
}
