//! The history of the tables. A migration that was released is never edited.

mod m0001_tables;
mod sheet;

use sea_orm::sea_query::{ColumnDef, Expr, ExprTrait, Query, Table};

use crate::{Db, Dialect, Fault};

/// All migrations, in order. A name is for ever.
const MIGRATIONS: [&str; 1] = [m0001_tables::NAME];

const LEDGER: &str = "migrations";

/// What [`Store::migrate`](crate::Store::migrate) did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The migrations that were applied now, in order; empty when there was nothing to do.
    pub migrations: Vec<&'static str>,
}

pub(crate) async fn migrate(db: &Db) -> Result<Applied, Fault> {
    if let Some(lock) = db.dialect().lock_migrations() {
        db.script(&lock).await?;
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
