//! `orgs/`: organizations that the caller has to do with.

use axum::extract::State;
use deserr::Deserr;
use provost_app::{Answer, App};
use provost_drf::absolute::Origin;
use provost_drf::{Caller, Invalid, Page, Permitted, Query};
use provost_keys::scope::ScopeKey;
use provost_keys::stored;
use provost_listing::search;
use provost_store::listings;
use schemars::JsonSchema;

use crate::access::SeesSomeTeam;
use crate::fields::{Organization, Paging};

/// The query of organizations.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct OrgsQuery {
    /// Words that must all occur in the name or the short name, whatever their case; words
    /// between double quotes belong together.
    #[deserr(default)]
    search: String,
}

/// Active organizations: all for staff and for whoever holds a role on all courses or all
/// libraries, otherwise those of the scopes that the caller holds a role in.
pub async fn list(
    State(app): State<App>,
    caller: Permitted<SeesSomeTeam>,
    origin: Origin,
    paging: Paging,
    Query(query): Query<OrgsQuery>,
) -> Answer<Page<Organization>> {
    if query.search.contains('\0') {
        return Err(Invalid::bare("Null characters are not allowed.").into());
    }
    let visible = visible(&app, &caller);
    let terms = search::terms(&query.search);
    let db = app.store().read();
    let slice = listings::organizations(db, visible.as_deref(), &terms, &paging.ask()).await?;
    Ok(paging.page(slice.map(|row| {
        Organization::shown(row, |logo| {
            let url = app.settings().media_url.of(logo)?;
            Some(origin.url(&url))
        })
    }))?)
}

/// Short names of the organizations that the caller may see, or nothing for all of them.
fn visible(app: &App, caller: &Caller) -> Option<Vec<String>> {
    if app.is_staff(&caller.username) {
        return None;
    }
    let subject = stored::user(&caller.username);
    let policy = app.policy();
    let mut orgs = Vec::new();
    for grant in policy.grants_of(&subject) {
        let Ok(scope) = ScopeKey::resolve(grant.scope) else {
            continue;
        };
        if scope.is_platform() {
            return None;
        }
        orgs.extend(scope.org().map(str::to_owned));
    }
    orgs.sort_unstable();
    orgs.dedup();
    Some(orgs)
}
