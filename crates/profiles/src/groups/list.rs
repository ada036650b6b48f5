//! `GET tenants/{id}/groups/`: the groups of a tenant (specification, section 7.2).

use std::sync::LazyLock;

use axum::extract::State;
use provost_app::{Answer, App};
use provost_drf::{Json, Path};
use provost_store::tenant_profiles::groups::{self, By, Filter, Listed, Text};
use provost_store::tenant_profiles::search::{Like, Match};
use schemars::JsonSchema;
use serde::Serialize;

use crate::actor::Actor;
use crate::ask::{Ask, Look};
use crate::attributes::{Attribute, Kind, Table, Values};
use crate::level::Level;
use crate::tenants::list::{MATCHES, criterion};

/// The texts of a group, by what the names of criteria begin with.
const TEXTS: [(By, &str); 4] = [
    (by(Text::Id, true), "sensitiveGroupId"),
    (by(Text::Id, false), "insensitiveGroupId"),
    (by(Text::Name, true), "sensitiveGroupName"),
    (by(Text::Name, false), "insensitiveGroupName"),
];

const fn by(text: Text, sensitive: bool) -> By {
    By { text, sensitive }
}

/// The criteria, each with what it means.
static CRITERIA: LazyLock<Vec<(Attribute, By, Match)>> = LazyLock::new(|| {
    let all = TEXTS.into_iter().flat_map(|(by, begin)| {
        MATCHES.map(|(end, how)| (criterion(leak(format!("{begin}{end}"))), by, how))
    });
    all.collect()
});

/// The orders, each with what it means and whether it runs backwards.
static ORDERS: LazyLock<Vec<(&'static str, By, bool)>> = LazyLock::new(|| {
    let case = |sensitive| {
        if sensitive {
            "sensitive"
        } else {
            "insensitive"
        }
    };
    let mut orders = Vec::new();
    for (text, end) in [(Text::Id, "GroupId"), (Text::Name, "GroupName")] {
        for sensitive in [true, false] {
            for (backwards, way) in [(false, "Ascending"), (true, "Descending")] {
                let name = leak(format!("{}{way}{end}", case(sensitive)));
                orders.push((name, by(text, sensitive), backwards));
            }
        }
    }
    orders
});

/// A name that is made once and lives as long as the program.
fn leak(name: String) -> &'static str {
    name.leak()
}

const SIZE_LIMIT: Attribute = Attribute::new("responseSizeLimit", Kind::Whole(1));
const PAGING: Attribute = Attribute::new("pagingControl", Kind::Numbers(&[START, SIZE]));
const START: &str = "startIndex";
const SIZE: &str = "pageSize";
const SORT: Attribute = Attribute::new(
    "sortOrders",
    Kind::Choices(|| ORDERS.iter().map(|(name, ..)| *name).collect()),
);

static TABLE: LazyLock<Vec<Attribute>> = LazyLock::new(|| {
    let mut table: Vec<Attribute> = CRITERIA.iter().map(|(named, ..)| named.clone()).collect();
    table.extend([SIZE_LIMIT, PAGING, SORT]);
    table
});

/// What the list of groups takes.
pub(crate) struct Criteria;

impl Table for Criteria {
    fn attributes() -> &'static [Attribute] {
        &TABLE
    }
}

/// The groups that are wanted.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TenantGroups")]
pub(crate) struct Groups {
    pub(super) groups: Vec<Shown>,
}

/// What a list shows of a group.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantGroupListed")]
pub(crate) struct Shown {
    group_id: String,
    group_name: String,
    user_limit: i64,
    tenant_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reseller_id: Option<String>,
}

impl From<Listed> for Shown {
    fn from(listed: Listed) -> Self {
        Self {
            group_id: listed.group_id,
            group_name: listed.name,
            user_limit: listed.user_limit,
            tenant_id: listed.tenant_id,
            reseller_id: listed.reseller,
        }
    }
}

/// Groups of a tenant.
pub(crate) async fn list(
    State(app): State<App>,
    actor: Actor,
    Path(tenant_id): Path<String>,
    ask: Ask<Look, Criteria>,
) -> Answer<Json<Groups>> {
    let db = app.store().read();
    let tenant = actor.tenant(db, &tenant_id, Level::TenantAdmin).await?;
    let filter = Filter {
        tenant: Some(tenant.id),
        reseller: actor.groups_of(),
        ..filter(&ask.read()?)
    };
    let found = groups::list(db, &filter).await?;
    Ok(Json(Groups {
        groups: found.into_iter().map(Shown::from).collect(),
    }))
}

/// What is wanted, whoever asks.
pub(super) fn filter(values: &Values) -> Filter {
    let like = CRITERIA.iter().filter_map(|(attribute, by, how)| {
        Some(Like {
            by: *by,
            how: *how,
            text: values.name(attribute)?.to_owned(),
        })
    });
    let mut order: Vec<(By, bool)> = Vec::new();
    for wanted in values.list(&SORT) {
        // Where something is sorted by once, sorting by it again changes nothing.
        if let Some((_, by, backwards)) = ORDERS.iter().find(|(name, ..)| name == wanted)
            && order.iter().all(|(known, _)| known != by)
        {
            order.push((*by, *backwards));
        }
    }
    let number = |member| values.number(&PAGING, member).map(i64::unsigned_abs);
    let limits = [
        number(SIZE),
        values.whole(&SIZE_LIMIT).map(i64::unsigned_abs),
    ];
    Filter {
        like: like.collect(),
        order,
        skip: number(START).map_or(0, |start| start.saturating_sub(1)),
        limit: limits.into_iter().flatten().min(),
        ..Filter::default()
    }
}
