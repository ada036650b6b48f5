//! `GET tenants/`: the tenants that the caller sees (specification, section 5.1).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::extract::State;
use provost_app::{Answer, App, Error};
use provost_drf::Json;
use provost_store::Db;
use provost_store::tenant_profiles::backends;
use provost_store::tenant_profiles::search::{Like, Match};
use provost_store::tenant_profiles::tenants::{self, By, Filter, Tenant};
use schemars::JsonSchema;
use serde::Serialize;

use super::has_data;
use crate::actor::Actor;
use crate::ask::{Ask, Look};
use crate::attributes::kind::Check::Any;
use crate::attributes::{
    self as all, Attribute, Deed, Kind, Object, Table, Values, tenant as attributes,
};
use crate::level::Level;
use crate::refusal::{Refusal, none};
use crate::wire;

/// How texts are compared, by the ends of the names of criteria.
pub(crate) const MATCHES: [(&str, Match); 3] = [
    ("Equals", Match::Equals),
    ("Contains", Match::Contains),
    ("Starts", Match::Starts),
];

/// Texts that are searched: the names of the criteria.
const CRITERIA: [(By, [&str; 3]); 6] = [
    (
        By::ExternalId1,
        [
            "insensitiveExternalId1Equals",
            "insensitiveExternalId1Contains",
            "insensitiveExternalId1Starts",
        ],
    ),
    (
        By::ExternalId2,
        [
            "insensitiveExternalId2Equals",
            "insensitiveExternalId2Contains",
            "insensitiveExternalId2Starts",
        ],
    ),
    (
        By::ExternalId3,
        [
            "insensitiveExternalId3Equals",
            "insensitiveExternalId3Contains",
            "insensitiveExternalId3Starts",
        ],
    ),
    (
        By::ExternalId4,
        [
            "insensitiveExternalId4Equals",
            "insensitiveExternalId4Contains",
            "insensitiveExternalId4Starts",
        ],
    ),
    (
        By::TenantId,
        [
            "insensitiveTenantIdEquals",
            "insensitiveTenantIdContains",
            "insensitiveTenantIdStarts",
        ],
    ),
    (
        By::Name,
        [
            "insensitiveTenantNameEquals",
            "insensitiveTenantNameContains",
            "insensitiveTenantNameStarts",
        ],
    ),
];

/// A text to search for. An empty one stands for none.
pub(crate) const fn criterion(name: &'static str) -> Attribute {
    Attribute::new(name, Kind::Text(0, 255, Any)).lasting()
}

const TYPE: Attribute = Attribute::new("type", Kind::Choice(attributes::KINDS));
const SIZE_LIMIT: Attribute = Attribute::new("sizeLimit", Kind::Whole(1));
const RESELLER: Attribute = criterion("insensitiveResellerIdEquals");

static TABLE: LazyLock<Vec<Attribute>> = LazyLock::new(|| {
    let mut table = vec![TYPE, SIZE_LIMIT];
    table.extend(CRITERIA.iter().flat_map(|(_, names)| names.map(criterion)));
    table.extend([
        RESELLER,
        criterion(attributes::BACKEND.name),
        criterion(attributes::BACKEND_EXTERNAL.name),
    ]);
    table
});

/// The table as the settings have it: without tenant data, nobody looks at external ids.
fn table(app: &App) -> Vec<Attribute> {
    let is_external = |name| {
        let mut all = CRITERIA.iter().filter(|(by, _)| is_external(*by));
        all.any(|(_, names)| names.contains(&name))
    };
    let mut table = TABLE.clone();
    table.retain(|attribute| has_data(app) || !is_external(attribute.name));
    table
}

fn is_external(by: By) -> bool {
    !matches!(by, By::TenantId | By::Name)
}

/// What the list of tenants takes.
pub(crate) struct Criteria;

impl Table for Criteria {
    fn attributes() -> &'static [Attribute] {
        &TABLE
    }
}

/// The tenants that are wanted.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TenantProfiles")]
pub(crate) struct Tenants {
    tenants: Vec<Listed>,
}

/// What the list shows of a tenant.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantProfileListed")]
struct Listed {
    tenant_id: String,
    r#type: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reseller_id: Option<String>,
    /// `externalId1` to `externalId4`, where they are set.
    #[serde(flatten)]
    external_ids: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    backend_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    backend_external_name: Option<String>,
}

impl Listed {
    fn of(tenant: Tenant, tenant_data: bool, with_backend: bool) -> Self {
        let external = wire::EXTERNAL_IDS.into_iter().zip(tenant.external_ids);
        let backend = tenant.backend.filter(|_| with_backend);
        let (backend_name, backend_external_name) = backend
            .map(|(backend, external)| (backend.name, external))
            .unzip();
        Self {
            tenant_id: tenant.tenant_id,
            r#type: tenant.kind,
            name: tenant.name,
            reseller_id: tenant.reseller.map(|reseller| reseller.name),
            external_ids: external
                .filter(|(_, id)| tenant_data && !id.is_empty())
                .collect(),
            backend_name,
            backend_external_name,
        }
    }
}

/// Tenants in the order of their ids.
pub(crate) async fn list(
    State(app): State<App>,
    actor: Actor,
    ask: Ask<Look, Criteria>,
) -> Answer<Json<Tenants>> {
    actor.at_least(Level::SystemAdmin)?;
    let values = all::read(&table(&app), Deed::Look, &ask.object()?, &Object::new())?;
    let db = app.store().read();
    let filter = Filter {
        on_backends: on_backends(db, &actor, &values).await?,
        ..filter(&actor, &values)
    };
    let found = tenants::list(db, &filter).await?;
    let with_backend = actor.is_multi_as() && app.settings().profiles.return_backend_in_list;
    let listed = |tenant| Listed::of(tenant, has_data(&app), with_backend);
    Ok(Json(Tenants {
        tenants: found.into_iter().map(listed).collect(),
    }))
}

fn filter(actor: &Actor, values: &Values) -> Filter {
    let mut like = Vec::new();
    for (by, names) in CRITERIA {
        for (name, (_, how)) in names.into_iter().zip(MATCHES) {
            // Who has no external id is found by an empty one alone.
            let may_be_empty = is_external(by) && how == Match::Equals;
            let text = values.text(&criterion(name));
            if let Some(text) = text.filter(|text| may_be_empty || !text.is_empty()) {
                let text = text.to_owned();
                like.push(Like { by, how, text });
            }
        }
    }
    let owned = |attribute| values.name(attribute).map(str::to_owned);
    Filter {
        kind: owned(&TYPE),
        like,
        reseller_named: owned(&RESELLER),
        reseller: actor.tenants_of(),
        on_backends: None,
        backends: actor.backends().map(<[i64]>::to_vec),
        limit: values.whole(&SIZE_LIMIT).map(i64::unsigned_abs),
    }
}

/// The backends that are asked for, of which several may have one external name. Who does not tell backends
/// apart may not ask.
async fn on_backends(db: &Db, actor: &Actor, values: &Values) -> Result<Option<Vec<i64>>, Error> {
    let [by_name, by_external] = [attributes::BACKEND, attributes::BACKEND_EXTERNAL];
    let Some(allowed) = actor.backends() else {
        let given = [&by_name, &by_external].into_iter();
        let given = given.filter(|attribute| values.name(attribute).is_some());
        let refusals: Vec<_> = given
            .map(|given| Refusal::unauthorized(given.name))
            .collect();
        return none(&refusals).map(|()| None);
    };
    let external = values.name(&by_external);
    let mut found = match (values.name(&by_name), external) {
        (None, None) => return Ok(None),
        (Some(name), _) => Vec::from_iter(backends::find(db, name).await?),
        (None, Some(external)) => backends::called(db, external).await?,
    };
    found.retain(|backend| allowed.contains(&backend.id));
    if found.is_empty() {
        return Err(Refusal::no_backend().into());
    }
    found.retain(|backend| external.is_none_or(|external| backend.external_name == external));
    Ok(Some(found.iter().map(|backend| backend.id).collect()))
}
