//! The history of the tables. A migration that was released is never edited.

mod m0001_tables;
mod m0002_course_access;
mod m0003_evaluations;
mod m0004_tenants;
mod m0005_tenant_profiles;
mod sheet;

use sea_orm::sea_query::{ColumnDef, Expr, ExprTrait, OnConflict, Query, Table};

use crate::{Db, Dialect, Fault};

/// All migrations, in order. A name is for ever.
const MIGRATIONS: [&str; 5] = [
    m0001_tables::NAME,
    m0002_course_access::NAME,
    m0003_evaluations::NAME,
    m0004_tenants::NAME,
    m0005_tenant_profiles::NAME,
];

const LEDGER: &str = "migrations";
/// The table whose one row is held by whoever migrates. An ordinary row, since engines that
/// speak PostgreSQL's protocol lack its other locks.
const LOCK: &str = "migration_lock";

/// What [`Store::migrate`](crate::Store::migrate) did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The migrations that were applied now, in order; empty when there was nothing to do.
    pub migrations: Vec<&'static str>,
}

/// Makes the row that [`migrate`] locks, where there is none; to be committed before.
///
/// Fails when another process makes the table at the same moment; it is there on the next try.
pub(crate) async fn make_lock(db: &Db) -> Result<(), Fault> {
    let mut table = Table::create();
    table
        .table(LOCK)
        .if_not_exists()
        .col(ColumnDef::new("id").big_integer().not_null().primary_key());
    db.run(&table).await?;
    let mut row = Query::insert();
    row.into_table(LOCK)
        .columns(["id"])
        .on_conflict(OnConflict::column("id").do_nothing().to_owned());
    row.values([Expr::val(1)]).map_err(Fault::broken)?;
    db.run(&row).await.map(drop)
}

/// Waits until nobody else migrates, and keeps others waiting until the transaction ends.
async fn lock(db: &Db) -> Result<(), Fault> {
    let lock = Query::select()
        .column("id")
        .from(LOCK)
        .lock_exclusive()
        .take();
    match db.rows(&lock).await?.as_slice() {
        [_] => Ok(()),
        _ => Err(Fault::broken("the lock of migrations has not one row")),
    }
}

pub(crate) async fn migrate(db: &Db) -> Result<Applied, Fault> {
    if db.dialect().has_many_writers() {
        lock(db).await?;
    }
    let mut ledger = Table::create();
    ledger
        .table(LEDGER)
        .if_not_exists()
        .col(ColumnDef::new("name").text().not_null().primary_key());
    db.run(&ledger).await?;
    let pending = unapplied(&applied(db).await?)?;
    for name in &pending {
        apply(db, name).await?;
        let mut entry = Query::insert();
        entry.into_table(LEDGER).columns(["name"]);
        entry.values([Expr::val(*name)]).map_err(Fault::broken)?;
        db.run(&entry).await?;
    }
    Ok(Applied {
        migrations: pending,
    })
}

async fn apply(db: &Db, name: &str) -> Result<(), Fault> {
    match name {
        m0001_tables::NAME => m0001_tables::up(db).await,
        m0002_course_access::NAME => m0002_course_access::up(db).await,
        m0003_evaluations::NAME => m0003_evaluations::up(db).await,
        m0004_tenants::NAME => m0004_tenants::up(db).await,
        m0005_tenant_profiles::NAME => m0005_tenant_profiles::up(db).await,
        _ => Ok(()),
    }
}

pub(crate) async fn pending(db: &Db) -> Result<Vec<&'static str>, Fault> {
    if has_ledger(db).await? {
        unapplied(&applied(db).await?)
    } else {
        Ok(MIGRATIONS.to_vec())
    }
}

async fn has_ledger(db: &Db) -> Result<bool, Fault> {
    let mut find = Query::select();
    match db.dialect() {
        Dialect::Sqlite => find
            .column("name")
            .from("sqlite_master")
            .and_where(Expr::col("name").eq(LEDGER)),
        Dialect::Postgres => find
            .column("table_name")
            .from(("information_schema", "tables"))
            .and_where(Expr::col("table_name").eq(LEDGER))
            .and_where(Expr::col("table_schema").eq(Expr::cust("current_schema()"))),
    };
    Ok(!db.rows(&find).await?.is_empty())
}

async fn applied(db: &Db) -> Result<Vec<String>, Fault> {
    let mut select = Query::select();
    select
        .column("name")
        .from(LEDGER)
        .order_by("name", sea_orm::Order::Asc);
    db.column(&select).await
}

fn unapplied(applied: &[String]) -> Result<Vec<&'static str>, Fault> {
    if let Some(unknown) = applied
        .iter()
        .find(|name| !MIGRATIONS.contains(&name.as_str()))
    {
        return Err(Fault::Newer {
            migration: unknown.clone(),
        });
    }
    Ok(MIGRATIONS
        .into_iter()
        .filter(|name| !applied.iter().any(|done| done == name))
        .collect())
}
