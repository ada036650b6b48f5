//! `waffle-flag-states/`: where course authoring asks this service.

use axum::extract::State;
use provost_app::{Answer, App};
use provost_drf::{Caller, Json};
use provost_store::waffle;
use schemars::JsonSchema;
use serde::Serialize;

/// The flag that switches course authoring over.
pub(crate) const FLAG: &str = "authz.enable_course_authoring";

/// The flag's three levels; a course's override counts before its org's, and that before the
/// global state.
#[derive(Serialize, JsonSchema)]
pub struct FlagStates {
    /// Whether the flag is on for everyone.
    global: bool,
    org_overrides: Overrides,
    course_overrides: Overrides,
}

/// Where the flag is forced on and off.
#[derive(Serialize, JsonSchema)]
pub struct Overrides {
    on: Vec<String>,
    off: Vec<String>,
}

/// States of the course authoring flag.
pub async fn retrieve(State(app): State<App>, _caller: Caller) -> Answer<Json<FlagStates>> {
    let state = waffle::state(app.store().read(), FLAG).await?;
    Ok(Json(FlagStates {
        global: state.everyone == Some(true),
        org_overrides: Overrides {
            on: state.orgs.on,
            off: state.orgs.off,
        },
        course_overrides: Overrides {
            on: state.courses.on,
            off: state.courses.off,
        },
    }))
}
