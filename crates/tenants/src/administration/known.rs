//! `tenants/known-host`: what a web server asks before it gets a certificate for a host.

use axum::extract::State;
use deserr::Deserr;
use provost_app::{Answer, App};
use provost_drf::{Invalid, Json, Problem, Query, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// Which host.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct Asked {
    /// The host, in lower case as browsers send it.
    domain: Text<{ usize::MAX }>,
}

/// The host is known.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "KnownHost")]
pub struct Known {
    #[schemars(extend("const" = true))]
    known: bool,
}

/// Whether a host is known here: the domain of a tenant, the host of its front ends or of its
/// Studio, or one of the platform's own. 404 for any other.
pub async fn known_host(State(app): State<App>, Query(asked): Query<Asked>) -> Answer<Json<Known>> {
    let known = app.tenants().knows(&app.settings().tenants, &asked.domain);
    if known {
        Ok(Json(Known { known }))
    } else {
        Err(Problem::not_found_because("This host is not known here.").into())
    }
}
