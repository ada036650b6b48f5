//! Resellers, who own tenants and groups.

use provost_keys::text;
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};

use super::{Named, any, column, people};
use crate::batch::{Insert, value};
use crate::select::{self, one};
use crate::tenants::Object;
use crate::{Constraint, Db, Fault, Tx, derive};

/// A reseller.
#[derive(Debug, Clone, PartialEq)]
pub struct Reseller {
    /// The key.
    pub id: i64,
    /// The name; unique, compared exactly.
    pub name: String,
    /// What people call it; may be empty.
    pub external_name: String,
    /// Whatever its operator keeps with it.
    pub extra_data: Object,
}

impl From<Reseller> for Named {
    fn from(reseller: Reseller) -> Self {
        Self {
            id: reseller.id,
            name: reseller.name,
        }
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    name: String,
    external_name: String,
    extra_data: String,
}

impl TryFrom<Row> for Reseller {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id,
            name: row.name,
            external_name: row.external_name,
            extra_data: derive::object(&row.extra_data)?,
        })
    }
}

const TABLE: &str = "profile_resellers";

fn shown() -> SelectStatement {
    Query::select()
        .columns(["id", "name", "external_name", "extra_data"])
        .from(TABLE)
        .order_by("name", Order::Asc)
        .take()
}

/// All resellers, by name.
pub async fn all(db: &Db) -> Result<Vec<Reseller>, Fault> {
    let rows: Vec<Row> = db.list(&shown()).await?;
    rows.into_iter().map(Reseller::try_from).collect()
}

/// The reseller of exactly this name.
pub async fn find(db: &Db, name: &str) -> Result<Option<Reseller>, Fault> {
    if name.contains('\0') {
        return Ok(None);
    }
    let row: Option<Row> = one(db, shown().and_where(Expr::col("name").eq(name))).await?;
    row.map(Reseller::try_from).transpose()
}

/// Makes a reseller. [`Fault::Duplicate`] with
/// [`ProfileReseller`](crate::Constraint::ProfileReseller) when there is one of that name.
pub async fn create(
    tx: &Tx,
    name: &str,
    external_name: &str,
    extra_data: &Object,
) -> Result<Reseller, Fault> {
    let row = vec![
        value(name),
        value(text::fold(name)),
        value(external_name),
        value(derive::written(extra_data)?),
    ];
    let id = Insert::into(
        TABLE,
        &["name", "name_lower", "external_name", "extra_data"],
    )
    .one_id(tx, row)
    .await?;
    Ok(Reseller {
        id,
        name: name.to_owned(),
        external_name: external_name.to_owned(),
        extra_data: extra_data.clone(),
    })
}

/// Writes everything of a reseller but its name.
pub async fn change(tx: &Tx, reseller: &Reseller) -> Result<(), Fault> {
    let update = Query::update()
        .table(TABLE)
        .value("external_name", reseller.external_name.as_str())
        .value("extra_data", derive::written(&reseller.extra_data)?)
        .and_where(Expr::col("id").eq(reseller.id))
        .take();
    tx.run(&update).await.map(drop)
}

/// Whether a tenant, a group or somebody who administers refers to the reseller, and is there.
pub async fn is_used(db: &Db, id: i64) -> Result<bool, Fault> {
    let own = |table| {
        Query::select()
            .column((table, "reseller_id"))
            .from(table)
            .and_where(column(table, "reseller_id").eq(id))
            .take()
    };
    let mut groups = own("profile_groups");
    // Groups of tenants that are gone are gone.
    groups.inner_join(
        "tenant_profiles",
        column("tenant_profiles", "id").eq(column("profile_groups", "profile_id")),
    );
    let people = people::there()
        .column(("person", "reseller_id"))
        .and_where(column("person", "reseller_id").eq(id))
        .take();
    for select in [own("tenant_profiles"), groups, people] {
        if any(db, &select).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Removes a reseller that nothing [uses](is_used); [`Fault::Dangling`] where something does. Whoever was
/// confined to it would be confined to nothing.
pub async fn remove(tx: &Tx, id: i64) -> Result<bool, Fault> {
    if is_used(tx, id).await? {
        return Err(Fault::Dangling(Constraint::Reference));
    }
    select::remove(tx, TABLE, id).await
}
