//! What tenants are configured to: a tenant is a row here.

use std::collections::{HashMap, HashSet};

use sea_orm::FromQueryResult;
use sea_orm::sea_query::{
    Expr, ExprTrait, Func, OnConflict, Order, Query, SelectStatement, SimpleExpr,
};

use super::Object;
use crate::batch::{self, Insert, value};
use crate::bulk::links;
use crate::bulk::tables::CONFIG_ORGANIZATIONS;
use crate::{Db, Fault, Tx, derive, select};

/// What a tenant is configured to.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The key; of two tenants, the one that was made later has the greater one, for ever.
    pub id: i64,
    /// What other systems call the tenant; several may have the same.
    pub external_key: String,
    /// Settings of the LMS.
    pub lms_configs: Object,
    /// Settings of Studio.
    pub studio_configs: Object,
    /// Settings of the theme.
    pub theming_configs: Object,
    /// Facts on record.
    pub meta: Object,
    /// The keys of its organizations, smallest first.
    pub organizations: Vec<i64>,
}

/// A tenant to be made, which has no organizations yet.
#[derive(Debug, Clone, PartialEq)]
pub struct NewConfig {
    /// See [`Config::external_key`].
    pub external_key: String,
    /// See [`Config::lms_configs`].
    pub lms_configs: Object,
    /// See [`Config::studio_configs`].
    pub studio_configs: Object,
    /// See [`Config::theming_configs`].
    pub theming_configs: Object,
    /// See [`Config::meta`].
    pub meta: Object,
}

const TABLE: &str = "tenant_configs";

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    external_key: String,
    lms_configs: String,
    studio_configs: String,
    theming_configs: String,
    meta: String,
}

impl TryFrom<Row> for Config {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id,
            external_key: row.external_key,
            lms_configs: derive::object(&row.lms_configs)?,
            studio_configs: derive::object(&row.studio_configs)?,
            theming_configs: derive::object(&row.theming_configs)?,
            meta: derive::object(&row.meta)?,
            organizations: Vec::new(),
        })
    }
}

fn shown() -> SelectStatement {
    const COLUMNS: [&str; 6] = [
        "id",
        "external_key",
        "lms_configs",
        "studio_configs",
        "theming_configs",
        "meta",
    ];
    Query::select()
        .columns(COLUMNS)
        .from(TABLE)
        .order_by("id", Order::Asc)
        .take()
}

/// What a statement selects, with its organizations.
async fn read(db: &Db, select: &SelectStatement) -> Result<Vec<Config>, Fault> {
    let rows: Vec<Row> = db.list(select).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut organizations = links::pairs(db, &CONFIG_ORGANIZATIONS, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let mut config = Config::try_from(row)?;
            config.organizations = organizations.remove(&config.id).unwrap_or_default();
            Ok(config)
        })
        .collect()
}

/// All tenants, in the order of their keys. They may be large: see [`chunk`].
pub async fn all(db: &Db) -> Result<Vec<Config>, Fault> {
    read(db, &shown()).await
}

/// The first `limit` tenants whose key is greater than `after`, in the order of their keys; none
/// are left if there are none.
pub async fn chunk(db: &Db, after: i64, limit: u64) -> Result<Vec<Config>, Fault> {
    let later = Expr::col("id").gt(after);
    read(db, shown().and_where(later).limit(limit)).await
}

/// The tenant with this key.
pub async fn find(db: &Db, id: i64) -> Result<Option<Config>, Fault> {
    let own = Expr::col("id").eq(id);
    Ok(read(db, shown().and_where(own)).await?.pop())
}

/// Those of the tenants with these keys that there are, in the order of their keys.
pub async fn find_all(db: &Db, ids: &[i64]) -> Result<Vec<Config>, Fault> {
    let listed = db.dialect().is_one_of_ids(Expr::col("id"), ids);
    read(db, shown().and_where(listed)).await
}

/// The tenants with exactly this external key, in the order of their keys; two at most, which is
/// enough to know that there are several.
pub async fn by_key(db: &Db, external_key: &str) -> Result<Vec<Config>, Fault> {
    if external_key.contains('\0') {
        return Ok(Vec::new());
    }
    let own = Expr::col("external_key").eq(external_key);
    read(db, shown().and_where(own).limit(2)).await
}

/// The tenant to which exactly this host leads.
pub async fn by_domain(db: &Db, domain: &str) -> Result<Option<Config>, Fault> {
    if domain.contains('\0') {
        return Ok(None);
    }
    let route = Query::select()
        .column("config_id")
        .from("tenant_routes")
        .and_where(Expr::col("domain").eq(domain))
        .take();
    let own = Expr::col("id").in_subquery(route);
    Ok(read(db, shown().and_where(own)).await?.pop())
}

/// The tenants that have one of these external keys, in the order of their own keys: these and what
/// external key each has.
pub async fn holders(db: &Db, external_keys: &[&str]) -> Result<Vec<(i64, String)>, Fault> {
    let listed = db
        .dialect()
        .is_one_of(Expr::col("external_key"), external_keys);
    let select = Query::select()
        .columns(["id", "external_key"])
        .from(TABLE)
        .and_where(listed)
        .order_by("id", Order::Asc)
        .take();
    let rows: Vec<Holder> = db.list(&select).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id, row.external_key))
        .collect())
}

#[derive(FromQueryResult)]
struct Holder {
    id: i64,
    external_key: String,
}

/// Those of the external keys that a tenant has.
pub async fn keys_taken(db: &Db, external_keys: &[&str]) -> Result<HashSet<String>, Fault> {
    let listed = db
        .dialect()
        .is_one_of(Expr::col("external_key"), external_keys);
    let select = Query::select()
        .distinct()
        .column("external_key")
        .from(TABLE)
        .and_where(listed)
        .take();
    Ok(db.column(&select).await?.into_iter().collect())
}

/// How many tenants there are.
pub async fn count(db: &Db) -> Result<u64, Fault> {
    let select = Query::select()
        .expr(Func::count(Expr::cust("*")))
        .from(TABLE)
        .take();
    let counted: Vec<i64> = db.column(&select).await?;
    Ok(counted.first().map_or(0, |count| count.unsigned_abs()))
}

const COLUMNS: [&str; 9] = [
    "external_key",
    "key_lower",
    "name_lower",
    "platform_lower",
    "summary",
    "meta",
    "theming_configs",
    "studio_configs",
    "lms_configs",
];

const COLUMNS_WITH_ID: [&str; 10] = {
    let mut columns = ["id"; 10];
    let (_, rest) = columns.split_at_mut(1);
    rest.copy_from_slice(&COLUMNS);
    columns
};

/// Values in the order of [`COLUMNS`].
fn row(
    external_key: &str,
    [lms, studio, theming, meta]: [&Object; 4],
) -> Result<Vec<SimpleExpr>, Fault> {
    let mut row = vec![value(external_key)];
    row.extend(derive::tenant_columns(external_key, [lms, theming, meta]).values());
    for document in [meta, theming, studio, lms] {
        row.push(value(derive::written(document)?));
    }
    Ok(row)
}

/// Values in the order of [`COLUMNS_WITH_ID`].
fn row_with_id(config: &Config) -> Result<Vec<SimpleExpr>, Fault> {
    let documents = [
        &config.lms_configs,
        &config.studio_configs,
        &config.theming_configs,
        &config.meta,
    ];
    let mut values = vec![value(config.id)];
    values.extend(row(&config.external_key, documents)?);
    Ok(values)
}

/// Makes tenants; their keys, which rise in the order of `new`.
pub async fn create_all(tx: &Tx, new: Vec<NewConfig>) -> Result<Vec<i64>, Fault> {
    let rows = new.iter().map(|new| {
        let documents = [
            &new.lms_configs,
            &new.studio_configs,
            &new.theming_configs,
            &new.meta,
        ];
        row(&new.external_key, documents)
    });
    let made = Insert::into(TABLE, &COLUMNS)
        .returning(tx, rows.collect::<Result<_, _>>()?, &["id"])
        .await?;
    // Both databases count up in the order of the rows they are given.
    batch::sorted_ids(&made)
}

/// Makes a tenant again under the key it had. [`Fault::Duplicate`] with
/// [`Key`](crate::Constraint::Key) when there is one with it. Organizations are left to [`organize`].
pub async fn restore(tx: &Tx, config: &Config) -> Result<(), Fault> {
    Insert::into(TABLE, &COLUMNS_WITH_ID)
        .run(tx, vec![row_with_id(config)?])
        .await?;
    super::keep_keys_rising(tx, TABLE).await
}

/// Writes everything of the tenants with these keys but their organizations; those that are not
/// there stay so. Of several with one key, the last counts.
pub async fn change_all(tx: &Tx, configs: &[Config]) -> Result<(), Fault> {
    let ids: Vec<i64> = configs.iter().map(|config| config.id).collect();
    let there = existing(tx, &ids).await?;
    let last: HashMap<i64, &Config> = configs
        .iter()
        .filter(|config| there.contains(&config.id))
        .map(|config| (config.id, config))
        .collect();
    let rows = last.into_values().map(row_with_id);
    let conflict = OnConflict::column("id").update_columns(COLUMNS).to_owned();
    Insert::into(TABLE, &COLUMNS_WITH_ID)
        .on_conflict(conflict)
        .run(tx, rows.collect::<Result<_, _>>()?)
        .await
        .map(drop)
}

/// Those of the keys that a tenant has.
pub async fn existing(db: &Db, ids: &[i64]) -> Result<HashSet<i64>, Fault> {
    super::existing(db, TABLE, ids).await
}

/// Removes the tenants with these keys, with their routes and what ties them to organizations; how
/// many there were.
pub async fn remove_all(tx: &Tx, ids: &[i64]) -> Result<u64, Fault> {
    select::remove_all(tx, TABLE, ids).await
}

/// Makes the organizations of tenants, by key, the listed ones. [`Fault::Dangling`] when there is no
/// such tenant or organization. No tenant may be listed twice.
pub async fn organize(tx: &Tx, organizations: &[(i64, Vec<i64>)]) -> Result<(), Fault> {
    super::organize(tx, &CONFIG_ORGANIZATIONS, organizations).await
}
