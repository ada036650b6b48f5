//! Groups of tenants.

use provost_keys::text;
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{
    Condition, Expr, ExprTrait, Func, JoinType, Order, Query, SelectStatement, SimpleExpr,
};

use super::search::{self, Like};
use super::{Named, column, countable};
use crate::batch::{self, Insert, value};
use crate::select::one;
use crate::tenants::Object;
use crate::{Db, Fault, Tx, derive};

/// A group of a tenant.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The key; never given twice.
    pub id: i64,
    /// The key of its tenant.
    pub tenant: i64,
    /// What it is known by in its tenant, compared exactly, for ever the same.
    pub group_id: String,
    /// What people call it; may be empty.
    pub name: String,
    /// How many users it may have.
    pub user_limit: i64,
    /// How many end users it has.
    pub user_count: i64,
    /// One of its domains.
    pub default_domain: Option<Named>,
    /// What callees see; may be empty.
    pub cli_name: String,
    /// The number that callees see; may be empty.
    pub cli_phone_number: String,
    /// The code of its place; may be empty.
    pub dialing_code: String,
    /// Its time zone.
    pub time_zone: String,
    /// Whom to ask, as the API has it.
    pub contact: Object,
    /// Where it is, as the API has it.
    pub address: Object,
    /// Who owns it.
    pub reseller: Option<Named>,
}

/// What a list shows of a group.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Listed {
    /// The id of its tenant.
    pub tenant_id: String,
    /// See [`Group::group_id`].
    pub group_id: String,
    /// See [`Group::name`].
    pub name: String,
    /// See [`Group::user_limit`].
    pub user_limit: i64,
    /// The name of who owns it.
    pub reseller: Option<String>,
}

/// What groups are searched and sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By {
    /// The text: the group's id, or its name.
    pub text: Text,
    /// Whether its case counts.
    pub sensitive: bool,
}

/// A text of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// The group's id.
    Id,
    /// Its name.
    Name,
}

impl By {
    fn column(self) -> SimpleExpr {
        column(
            G,
            match (self.text, self.sensitive) {
                (Text::Id, true) => "group_id",
                (Text::Id, false) => "group_id_lower",
                (Text::Name, true) => "name",
                (Text::Name, false) => "name_lower",
            },
        )
    }
}

/// Which groups are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only of the tenant with this key.
    pub tenant: Option<i64>,
    /// Only those whose texts are all like these.
    pub like: Vec<Like<By>>,
    /// Only of the reseller with this key.
    pub reseller: Option<i64>,
    /// Only of tenants of the reseller with this key.
    pub tenant_reseller: Option<i64>,
    /// Only of tenants on these backends, or where none is on record.
    pub backends: Option<Vec<i64>>,
    /// What to sort by, first what counts most, with whether it runs backwards; then by id.
    pub order: Vec<(By, bool)>,
    /// How many to pass over.
    pub skip: u64,
    /// No more than these.
    pub limit: Option<u64>,
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    profile_id: i64,
    group_id: String,
    name: String,
    user_limit: i64,
    user_count: i64,
    default_domain_id: Option<i64>,
    default_domain: Option<String>,
    cli_name: String,
    cli_phone_number: String,
    dialing_code: String,
    time_zone: String,
    contact: String,
    address: String,
    reseller_id: Option<i64>,
    reseller: Option<String>,
}

impl TryFrom<Row> for Group {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id,
            tenant: row.profile_id,
            group_id: row.group_id,
            name: row.name,
            user_limit: row.user_limit,
            user_count: row.user_count,
            default_domain: Named::found(row.default_domain_id, row.default_domain),
            cli_name: row.cli_name,
            cli_phone_number: row.cli_phone_number,
            dialing_code: row.dialing_code,
            time_zone: row.time_zone,
            contact: derive::object(&row.contact)?,
            address: derive::object(&row.address)?,
            reseller: Named::found(row.reseller_id, row.reseller),
        })
    }
}

const TABLE: &str = "profile_groups";
const G: &str = "grp";

/// The level of those who are counted as a group's users.
const END_USER: i64 = 0;

/// The columns that are shown as they are.
const OWN: [&str; 13] = [
    "id",
    "profile_id",
    "group_id",
    "name",
    "user_limit",
    "default_domain_id",
    "cli_name",
    "cli_phone_number",
    "dialing_code",
    "time_zone",
    "contact",
    "address",
    "reseller_id",
];

fn shown() -> SelectStatement {
    let users = Query::select()
        .expr(Func::count(Expr::cust("*")))
        .from("profile_people")
        .and_where(column("profile_people", "group_key").eq(column(G, "id")))
        .and_where(column("profile_people", "level").eq(END_USER))
        .take();
    let mut select = Query::select();
    select
        .columns(OWN.map(|name| (G, name)))
        .expr_as(
            SimpleExpr::SubQuery(None, Box::new(users.into())),
            "user_count",
        )
        .expr_as(column("domain", "name"), "default_domain")
        .expr_as(column("reseller", "name"), "reseller")
        .from_as(TABLE, G);
    for (table, alias, key) in [
        ("profile_domains", "domain", "default_domain_id"),
        ("profile_resellers", "reseller", "reseller_id"),
    ] {
        let own = column(alias, "id").eq(column(G, key));
        select.join_as(JoinType::LeftJoin, table, alias, own);
    }
    select.order_by((G, "group_id"), Order::Asc).take()
}

/// The group of exactly this id in the tenant with this key.
pub async fn find(db: &Db, tenant: i64, group_id: &str) -> Result<Option<Group>, Fault> {
    if group_id.contains('\0') {
        return Ok(None);
    }
    let mut select = shown();
    select
        .and_where(column(G, "profile_id").eq(tenant))
        .and_where(column(G, "group_id").eq(group_id));
    let row: Option<Row> = one(db, &select).await?;
    row.map(Group::try_from).transpose()
}

/// All groups of a tenant, in the order of their ids.
pub async fn of_tenant(db: &Db, tenant: i64) -> Result<Vec<Group>, Fault> {
    let rows: Vec<Row> = db
        .list(shown().and_where(column(G, "profile_id").eq(tenant)))
        .await?;
    rows.into_iter().map(Group::try_from).collect()
}

/// The ids of all groups of a tenant, in order.
pub async fn ids(db: &Db, tenant: i64) -> Result<Vec<String>, Fault> {
    let select = Query::select()
        .column("group_id")
        .from(TABLE)
        .and_where(Expr::col("profile_id").eq(tenant))
        .order_by("group_id", Order::Asc)
        .take();
    db.column(&select).await
}

/// The groups that are wanted.
pub async fn list(db: &Db, filter: &Filter) -> Result<Vec<Listed>, Fault> {
    let mut select = listed();
    select.cond_where(wanted(db, filter));
    for (by, backwards) in &filter.order {
        let order = if *backwards { Order::Desc } else { Order::Asc };
        select.order_by_expr(by.column(), order);
    }
    select
        .order_by((G, "group_id"), Order::Asc)
        .order_by(("tenant", "tenant_id"), Order::Asc);
    // SQLite knows no offset without a limit.
    if filter.limit.is_some() || filter.skip > 0 {
        let most = filter.limit.unwrap_or(u64::MAX);
        select.limit(countable(most)).offset(countable(filter.skip));
    }
    db.list(&select).await
}

/// What a list shows. Groups of tenants that are gone are gone.
fn listed() -> SelectStatement {
    let tenant = column("tenant", "id").eq(column(G, "profile_id"));
    let reseller = column("reseller", "id").eq(column(G, "reseller_id"));
    Query::select()
        .columns(["group_id", "name", "user_limit"].map(|name| (G, name)))
        .column(("tenant", "tenant_id"))
        .expr_as(column("reseller", "name"), "reseller")
        .from_as(TABLE, G)
        .join_as(JoinType::InnerJoin, "tenant_profiles", "tenant", tenant)
        .join_as(
            JoinType::LeftJoin,
            "profile_resellers",
            "reseller",
            reseller,
        )
        .take()
}

fn wanted(db: &Db, filter: &Filter) -> Condition {
    let mut all = Condition::all();
    if let Some(tenant) = filter.tenant {
        all = all.add(column(G, "profile_id").eq(tenant));
    }
    for Like { by, how, text } in &filter.like {
        let like = search::like(db.dialect(), by.column(), *how, text, !by.sensitive);
        all = all.add(like);
    }
    if let Some(reseller) = filter.reseller {
        all = all.add(column(G, "reseller_id").eq(reseller));
    }
    if let Some(reseller) = filter.tenant_reseller {
        all = all.add(column("tenant", "reseller_id").eq(reseller));
    }
    if let Some(backends) = &filter.backends {
        let backend = || column("tenant", "backend_id");
        let listed = db.dialect().is_one_of_ids(backend(), backends);
        all = all.add(backend().is_null().or(listed));
    }
    all
}

const COLUMNS: [&str; 14] = [
    "profile_id",
    "group_id",
    "group_id_lower",
    "name",
    "name_lower",
    "user_limit",
    "default_domain_id",
    "reseller_id",
    "cli_name",
    "cli_phone_number",
    "dialing_code",
    "time_zone",
    "contact",
    "address",
];

/// Values in the order of [`COLUMNS`].
fn row(group: &Group) -> Result<Vec<SimpleExpr>, Fault> {
    Ok(vec![
        value(group.tenant),
        value(group.group_id.as_str()),
        value(text::fold(&group.group_id)),
        value(group.name.as_str()),
        value(text::fold(&group.name)),
        value(group.user_limit),
        value(group.default_domain.as_ref().map(|domain| domain.id)),
        value(group.reseller.as_ref().map(|reseller| reseller.id)),
        value(group.cli_name.as_str()),
        value(group.cli_phone_number.as_str()),
        value(group.dialing_code.as_str()),
        value(group.time_zone.as_str()),
        value(derive::written(&group.contact)?),
        value(derive::written(&group.address)?),
    ])
}

/// Makes groups, whatever their keys say; the keys they got, in their order. [`Fault::Duplicate`] with
/// [`ProfileGroup`](crate::Constraint::ProfileGroup) when a tenant has one of an id already.
pub async fn create_all(tx: &Tx, groups: &[Group]) -> Result<Vec<i64>, Fault> {
    let rows = groups.iter().map(row);
    let made = Insert::into(TABLE, &COLUMNS)
        .returning(tx, rows.collect::<Result<_, _>>()?, &["id"])
        .await?;
    // Both databases count up in the order of the rows they are given.
    batch::sorted_ids(&made)
}

/// Writes everything of the group with this key but its tenant and its id.
pub async fn change(tx: &Tx, group: &Group) -> Result<(), Fault> {
    let values = COLUMNS.into_iter().zip(row(group)?);
    let update = Query::update()
        .table(TABLE)
        .values(values.skip(3))
        .and_where(Expr::col("id").eq(group.id))
        .take();
    tx.run(&update).await.map(drop)
}
