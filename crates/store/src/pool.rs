//! Opening a database: addresses, connections, who may write.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor};
use sea_orm::{
    AccessMode, ConnectOptions, Database, DatabaseConnection, IsolationLevel,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tempfile::TempDir;

use crate::migrations::{self, Applied};
use crate::{Db, Dialect, Fault, Tx, changes};

/// Which database, and how to hold on to it.
#[derive(Debug, Clone)]
pub struct Options {
    /// `sqlite:file.db`, `sqlite://file.db`, `postgres://user@host/name`, or `sqlite::memory:`.
    ///
    /// The last one is a temporary file that disappears with the [`Store`]: a true database in
    /// memory cannot be shared by one writing and several reading connections in the mode that
    /// production uses, and tests should not run in another mode.
    pub url: String,
    /// How many connections may read at once (PostgreSQL: how many may be open).
    pub max_connections: u32,
    /// How long to wait for another writer or a free connection before [`Fault::Busy`].
    pub busy_timeout: Duration,
    /// Whether a file of SQLite that is not there is made, for its owner alone; otherwise it is
    /// [`Fault::Missing`].
    pub create_if_missing: bool,
}

impl Options {
    /// The database at `url`, with 16 connections and ten seconds of patience, made if need be.
    #[must_use]
    pub fn at(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            max_connections: 16,
            busy_timeout: Duration::from_secs(10),
            create_if_missing: true,
        }
    }
}

/// An open database; clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    readers: Arc<Db>,
    reading: DatabaseConnection,
    writing: DatabaseConnection,
    dialect: Dialect,
    /// Removed last, when the connections above are gone.
    _temporary: Option<Arc<TempDir>>,
}

/// How busy the connections are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolStats {
    /// Connections now open.
    pub open: u32,
    /// Open connections that nobody uses.
    pub idle: usize,
}

impl Store {
    /// Connects; never makes or changes a table. [`Fault::Unreachable`] and [`Fault::Missing`] where
    /// there is nothing to connect to.
    pub async fn open(options: &Options) -> Result<Self, Fault> {
        let dialect = Dialect::of_url(&options.url)
            .ok_or_else(|| Fault::broken("the address must begin with `sqlite:` or `postgres:`"))?;
        let mut options = options.clone();
        let temporary = if options.url.contains(":memory:") {
            let folder = tempfile::tempdir().map_err(Fault::broken)?;
            options.url = format!("sqlite://{}", folder.path().join("store.db").display());
            Some(folder)
        } else {
            None
        };
        let (writing, reading) = match dialect {
            Dialect::Sqlite => {
                make_file(&options)?;
                let writing = connect_sqlite(&options, Side::Writing).await?;
                (writing, connect_sqlite(&options, Side::Reading).await?)
            }
            Dialect::Postgres => {
                let both = match connect(postgres(&options)).await {
                    Err(Fault::Busy) => return Err(refusal(&options).await),
                    connected => connected?,
                };
                (both.clone(), both)
            }
        };
        Ok(Self {
            readers: Arc::new(Db::pool(reading.clone())),
            reading,
            writing,
            dialect,
            _temporary: temporary.map(Arc::new),
        })
    }

    /// Brings the tables up to this program, in one transaction.
    ///
    /// Safe when two processes start at once: the second waits and finds nothing to do. Writes
    /// nothing, and needs no right to, where nothing is pending.
    /// [`Fault::Newer`] when the database knows a migration that this program does not.
    pub async fn migrate(&self) -> Result<Applied, Fault> {
        if self.pending().await?.is_empty() {
            return Ok(Applied { migrations: vec![] });
        }
        // Of two processes that make the lock at once, one may fail, and then finds it made.
        if self.dialect.has_many_writers() && self.make_migration_lock().await.is_err() {
            self.make_migration_lock().await?;
        }
        let tx = self.begin_unordered().await?;
        let applied = migrations::migrate(&tx).await?;
        tx.commit().await?;
        Ok(applied)
    }

    async fn make_migration_lock(&self) -> Result<(), Fault> {
        let tx = self.begin_unordered().await?;
        migrations::make_lock(&tx).await?;
        tx.commit().await
    }

    /// The migrations [`Store::migrate`] would apply, in order; changes nothing.
    pub async fn pending(&self) -> Result<Vec<&'static str>, Fault> {
        migrations::pending(self.read()).await
    }

    /// Where to run queries that only read. Writing here is refused on both databases.
    #[must_use]
    pub fn read(&self) -> &Db {
        &self.readers
    }

    /// A transaction that may write, on a migrated database. At most one runs at a time, and it
    /// holds its lock from the start, so that it never has to give up half way: on SQLite that of
    /// the file, on PostgreSQL that of the change counter.
    pub async fn begin(&self) -> Result<Tx, Fault> {
        let tx = self.begin_unordered().await?;
        changes::hold(&tx).await?;
        Ok(tx)
    }

    /// [`Store::begin`] where there may be no change counter yet.
    async fn begin_unordered(&self) -> Result<Tx, Fault> {
        let options = TransactionOptions {
            isolation_level: None,
            // SQLite's writing connection needs no telling, and would warn.
            access_mode: (self.dialect == Dialect::Postgres).then_some(AccessMode::ReadWrite),
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        };
        let begun = self.writing.begin_with_options(options).await;
        begun.map(Tx::new).map_err(Fault::of)
    }

    /// A transaction that only reads, and sees the database as it was at its first query.
    ///
    /// For answers put together from several queries. Drop it when done.
    pub async fn snapshot(&self) -> Result<Tx, Fault> {
        let options = TransactionOptions {
            isolation_level: (self.dialect == Dialect::Postgres)
                .then_some(IsolationLevel::RepeatableRead),
            access_mode: None,
            sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
        };
        let begun = self.reading.begin_with_options(options).await;
        begun.map(Tx::new).map_err(Fault::of)
    }

    /// Whether the database answers; if not, why.
    pub async fn reach(&self) -> Result<(), Fault> {
        match changes::last_seq(self.read()).await {
            Err(Fault::Busy) if self.dialect == Dialect::Postgres => {
                let pool = self.reading.get_postgres_connection_pool();
                let patience = pool.options().get_acquire_timeout();
                probe(&pool.connect_options(), patience).await?;
                Err(Fault::Busy)
            }
            answer => answer.map(drop),
        }
    }

    /// Which database this is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The reading connections.
    #[must_use]
    pub fn stats(&self) -> PoolStats {
        match self.dialect {
            Dialect::Sqlite => {
                let pool = self.reading.get_sqlite_connection_pool();
                PoolStats {
                    open: pool.size(),
                    idle: pool.num_idle(),
                }
            }
            Dialect::Postgres => {
                let pool = self.reading.get_postgres_connection_pool();
                PoolStats {
                    open: pool.size(),
                    idle: pool.num_idle(),
                }
            }
        }
    }

    /// Waits for running queries and closes every connection.
    pub async fn close(&self) {
        for connection in [&self.reading, &self.writing] {
            // Closing a pool cannot fail; the signature is of other drivers.
            drop(connection.close_by_ref().await);
        }
    }
}

async fn connect(options: ConnectOptions) -> Result<DatabaseConnection, Fault> {
    Database::connect(options).await.map_err(Fault::of)
}

/// Makes the file of SQLite where there is none. Its owner alone may read it, since it holds hashes of
/// passwords; the two files beside it get the same rights from SQLite.
fn make_file(options: &Options) -> Result<(), Fault> {
    let parsed = SqliteConnectOptions::from_str(&options.url);
    let parsed = parsed.map_err(|error| Fault::of_driver(&error))?;
    let file = parsed.get_filename();
    if file.exists() {
        return Ok(());
    }
    if !options.create_if_missing {
        return Err(Fault::Missing);
    }
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file);
    match made {
        // Another process was faster.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop).map_err(Fault::broken),
    }
}

/// Why the server gave no connection in time. The pool does not tell, since it tries again for as
/// long as it may.
async fn refusal(options: &Options) -> Fault {
    let parsed = match PgConnectOptions::from_str(&options.url) {
        Ok(parsed) => parsed,
        Err(error) => return Fault::of_driver(&error),
    };
    let probed = probe(&parsed, options.busy_timeout).await;
    probed.err().unwrap_or(Fault::Busy)
}

/// Connects once, beside all pools.
async fn probe(options: &PgConnectOptions, patience: Duration) -> Result<(), Fault> {
    match tokio::time::timeout(patience, options.connect()).await {
        Ok(Ok(connection)) => connection.close().await,
        Ok(Err(error)) => Err(error),
        Err(_) => return Err(Fault::Unreachable("no answer in time".to_owned())),
    }
    .map_err(|error| Fault::of_driver(&error))
}

/// Of two processes that give a new file its write-ahead log at once, SQLite refuses one without
/// waiting for the other, whatever its time-out says.
async fn connect_sqlite(options: &Options, side: Side) -> Result<DatabaseConnection, Fault> {
    const PAUSE: Duration = Duration::from_millis(10);
    let begun = Instant::now();
    loop {
        match connect(sqlite(options, side)).await {
            Err(Fault::Busy) if begun.elapsed() < options.busy_timeout => {
                tokio::time::sleep(PAUSE).await;
            }
            done => return done,
        }
    }
}

/// After this long without use, a connection is asked whether the server still knows it.
const IDLE: Duration = Duration::from_secs(10);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Writing,
    Reading,
}

fn common(options: &Options, max_connections: u32) -> ConnectOptions {
    let mut connect = ConnectOptions::new(options.url.clone());
    connect
        .max_connections(max_connections)
        .acquire_timeout(options.busy_timeout)
        // A question before each use would double the way to the server.
        .test_before_acquire(false)
        .sqlx_logging(false);
    connect
}

fn sqlite(options: &Options, side: Side) -> ConnectOptions {
    let busy_timeout = options.busy_timeout;
    let most = match side {
        // Writers queue for the one connection in order, instead of polling a file lock.
        Side::Writing => 1,
        Side::Reading => options.max_connections,
    };
    let mut connect = common(options, most);
    connect.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite
            // Readers see the last commit while a writer works.
            .journal_mode(SqliteJournalMode::Wal)
            // With a write-ahead log this cannot damage the file. A loss of power may take back
            // the last commits; waiting for the disk at each of them would cost a factor of ten.
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(busy_timeout);
        match side {
            // An import touches more pages than the usual two megabytes hold, and would write
            // and read the same ones again and again.
            Side::Writing => sqlite.pragma("cache_size", "-32768"),
            Side::Reading => sqlite.pragma("query_only", "ON"),
        }
    });
    connect
}

fn postgres(options: &Options) -> ConnectOptions {
    let mut connect = common(options, options.max_connections);
    connect.test_before_acquire_if_idle_for(IDLE);
    let greeting = Dialect::greeting(options.busy_timeout);
    connect.map_sqlx_postgres_pool_opts(move |pool| {
        let greeting = greeting.clone();
        pool.after_connect(move |connection, _| {
            let greeting = AssertSqlSafe(greeting.clone());
            Box::pin(async move { connection.execute(greeting).await.map(drop) })
        })
    });
    connect
}
