//! `tenants/{id}/groups/`: the groups of a tenant (specification, section 7).

pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod remove;
pub(crate) mod search;
pub(crate) mod update;

use axum::extract::State;
use provost_app::{Answer, App};
use provost_drf::{Json, Path};
use provost_store::tenant_profiles::groups::Group;

use crate::actor::Actor;
use crate::attributes::{Given, Values, group as attributes};
use crate::level::Level;
use crate::wire;

/// One group.
pub(crate) async fn retrieve(
    State(app): State<App>,
    actor: Actor,
    Path((tenant_id, group_id)): Path<(String, String)>,
) -> Answer<Json<wire::Group>> {
    let db = app.store().read();
    let place = (tenant_id.as_str(), group_id.as_str());
    let (_, group) = actor.group(db, place, Level::GroupAdmin).await?;
    Ok(Json(wire::Group::of(&tenant_id, &group)))
}

/// Writes into a group what needs no look at anything else.
fn describe(group: &mut Group, values: &Values) {
    values.set_text(&attributes::GROUP_NAME, &mut group.name);
    values.set_text(&attributes::CLI_NAME, &mut group.cli_name);
    values.set_text(&attributes::CLI_PHONE_NUMBER, &mut group.cli_phone_number);
    values.set_text(&attributes::DIALING_CODE, &mut group.dialing_code);
    values.set_text(&attributes::TIME_ZONE, &mut group.time_zone);
    if group.time_zone.is_empty() {
        attributes::UTC.clone_into(&mut group.time_zone);
    }
    match values.get(&attributes::USER_LIMIT) {
        Some(Given::Whole(limit)) => group.user_limit = *limit,
        Some(Given::Cleared) => group.user_limit = 0,
        _ => {}
    }
    values.merge(&crate::attributes::tenant::CONTACT, &mut group.contact);
    values.merge(&crate::attributes::tenant::ADDRESS, &mut group.address);
}
