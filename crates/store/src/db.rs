//! The one executor every query takes, and the transaction that owns one.

use std::ops::Deref;

use sea_orm::sea_query::Value;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseExecutor, DatabaseTransaction, EntityTrait,
    FromQueryResult, QueryResult, QueryTrait, Select, Statement, StatementBuilder,
};

use crate::{Dialect, Fault};

/// Where a query runs: the reading connections of a [`Store`](crate::Store), or a transaction.
///
/// It is not generic, so each query is compiled once.
#[derive(Debug)]
pub struct Db {
    link: Link,
    dialect: Dialect,
}

#[derive(Debug)]
enum Link {
    Pool(DatabaseConnection),
    Transaction(DatabaseTransaction),
}

/// A transaction; a [`Db`] like any other until it is committed. Dropping it rolls it back.
#[derive(Debug)]
#[must_use = "a transaction that is dropped is rolled back"]
pub struct Tx {
    db: Db,
}

impl Deref for Tx {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Tx {
    pub(crate) fn new(transaction: DatabaseTransaction) -> Self {
        let dialect = Dialect::of(transaction.get_database_backend());
        Self {
            db: Db {
                link: Link::Transaction(transaction),
                dialect,
            },
        }
    }

    /// Makes everything done in the transaction permanent.
    ///
    /// References put off by [`bulk::defer_references`](crate::bulk::defer_references) are checked here
    /// ([`Fault::Dangling`]); after a failure nothing is kept.
    pub async fn commit(self) -> Result<(), Fault> {
        match self.db.link {
            Link::Transaction(transaction) => transaction.commit().await.map_err(Fault::of),
            // `Tx::new` is the only constructor.
            Link::Pool(_) => Ok(()),
        }
    }
}

impl Db {
    pub(crate) fn pool(connection: DatabaseConnection) -> Self {
        let dialect = Dialect::of(connection.get_database_backend());
        Self {
            link: Link::Pool(connection),
            dialect,
        }
    }

    /// Which database this is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn executor(&self) -> DatabaseExecutor<'_> {
        match &self.link {
            Link::Pool(connection) => DatabaseExecutor::Connection(connection),
            Link::Transaction(transaction) => DatabaseExecutor::Transaction(transaction),
        }
    }

    fn build(&self, statement: &impl StatementBuilder) -> Result<Statement, Fault> {
        let statement = statement.build(&self.dialect.backend());
        let mut values = statement.values.iter().flat_map(|values| &values.0);
        if values.any(has_null_character) {
            return Err(Fault::NullCharacter);
        }
        Ok(statement)
    }

    /// Runs a statement; how many rows it changed.
    pub(crate) async fn run(&self, statement: &impl StatementBuilder) -> Result<u64, Fault> {
        let statement = self.build(statement)?;
        let done = self.executor().execute_raw(statement).await;
        Ok(done.map_err(Fault::of)?.rows_affected())
    }

    /// Runs a text of [`Dialect`].
    pub(crate) async fn script(&self, sql: &str) -> Result<(), Fault> {
        let done = self.executor().execute_unprepared(sql).await;
        done.map(drop).map_err(Fault::of)
    }

    /// All rows of a statement that answers with rows.
    pub(crate) async fn rows(
        &self,
        statement: &impl StatementBuilder,
    ) -> Result<Vec<QueryResult>, Fault> {
        let statement = self.build(statement)?;
        let rows = self.executor().query_all_raw(statement).await;
        rows.map_err(Fault::of)
    }

    /// All rows of a statement, as what they describe.
    pub(crate) async fn list<R: FromQueryResult>(
        &self,
        statement: &impl StatementBuilder,
    ) -> Result<Vec<R>, Fault> {
        let rows = self.rows(statement).await?;
        rows.iter()
            .map(|row| R::from_query_result(row, "").map_err(Fault::of))
            .collect()
    }

    /// The values of the first column of all rows.
    pub(crate) async fn column<T: sea_orm::TryGetable>(
        &self,
        statement: &impl StatementBuilder,
    ) -> Result<Vec<T>, Fault> {
        let rows = self.rows(statement).await?;
        rows.iter()
            .map(|row| row.try_get_by_index(0).map_err(Fault::of))
            .collect()
    }

    /// All rows an entity's selection finds.
    pub(crate) async fn all<E: EntityTrait>(
        &self,
        select: Select<E>,
    ) -> Result<Vec<E::Model>, Fault> {
        self.list(&select.into_query()).await
    }

    /// The first row an entity's selection finds.
    pub(crate) async fn one<E: EntityTrait>(
        &self,
        select: Select<E>,
    ) -> Result<Option<E::Model>, Fault> {
        Ok(self.all(select).await?.into_iter().next())
    }
}

/// PostgreSQL would refuse the text, SQLite would not; here, neither gets it.
fn has_null_character(value: &Value) -> bool {
    match value {
        Value::String(Some(text)) => text.contains('\0'),
        Value::Array(_, Some(values)) => values.iter().any(has_null_character),
        _ => false,
    }
}
