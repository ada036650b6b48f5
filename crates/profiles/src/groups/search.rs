//! `GET search/groups`: groups of all tenants (specification, section 7.3).

use axum::extract::State;
use provost_app::{Answer, App};
use provost_drf::Json;
use provost_store::tenant_profiles::groups::{self, Filter};

use super::list::{self, Criteria, Groups, Shown};
use crate::actor::Actor;
use crate::ask::{Ask, Look};
use crate::level::Level;
use crate::refusal::{Code, Refusal};

/// Groups of all tenants that the caller sees.
pub(crate) async fn search(
    State(app): State<App>,
    actor: Actor,
    ask: Ask<Look, Criteria>,
) -> Answer<Json<Groups>> {
    actor.at_least(Level::SystemAdmin)?;
    let filter = Filter {
        reseller: actor.groups_of(),
        tenant_reseller: actor.tenants_of(),
        backends: actor.backends().map(<[i64]>::to_vec),
        ..list::filter(&ask.read()?)
    };
    if filter.like.is_empty() {
        return Err(Refusal::new(Code::Missing, "At least one criterion is required").into());
    }
    let found = groups::list(app.store().read(), &filter).await?;
    let mut groups: Vec<Shown> = found.into_iter().map(Shown::from).collect();
    for group in &mut groups {
        group.reseller_id = None;
    }
    Ok(Json(Groups { groups }))
}
