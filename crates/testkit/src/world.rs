//! Worlds: an app on a database of its own.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use chrono::{DateTime, Utc};
use provost_app::identity::session;
use provost_app::{App, Author, Clock, Settings};
use provost_fixtures::{Labels, export, import};
use provost_store::{Options, Store};
use tempfile::TempDir;

use crate::client::Client;

/// A maker of worlds on one sort of database: it migrates once and copies.
pub struct Worlds(Source);

enum Source {
    Sqlite {
        folder: Arc<TempDir>,
        made: AtomicU64,
    },
    Postgres {
        template: provost_pgtest::Database,
    },
}

impl Worlds {
    /// Worlds on SQLite.
    pub async fn sqlite() -> Self {
        let worlds = Self(Source::Sqlite {
            folder: Arc::new(TempDir::new().unwrap()),
            made: AtomicU64::new(0),
        });
        migrated(&worlds.url()).await;
        worlds
    }

    /// Worlds on PostgreSQL, or nothing where its programs are not installed.
    pub async fn postgres() -> Option<Self> {
        let template = provost_pgtest::database(None)?;
        migrated(&template.url).await;
        Some(Self(Source::Postgres { template }))
    }

    /// Worlds on each database that can be had.
    pub async fn each() -> Vec<Self> {
        let mut worlds = vec![Self::sqlite().await];
        worlds.extend(Self::postgres().await);
        worlds
    }

    /// Worlds that hold the rows of a Django fixture from the start: it is imported once.
    pub async fn holding(&self, fixture: &str) -> Self {
        let made = match &self.0 {
            Source::Sqlite { folder, .. } => {
                let copy = TempDir::new().unwrap();
                std::fs::copy(template(folder), template(&copy)).unwrap();
                Source::Sqlite {
                    folder: Arc::new(copy),
                    made: AtomicU64::new(0),
                }
            }
            Source::Postgres { template } => Source::Postgres {
                template: provost_pgtest::database(Some(&template.name)).unwrap(),
            },
        };
        let made = Self(made);
        let store = Store::open(&Options::at(made.url())).await.unwrap();
        let app = App::open(store.clone(), Settings::default(), Clock::system())
            .await
            .unwrap();
        take_in(&app, fixture).await;
        store.close().await;
        made
    }

    /// The address of the database that worlds are copies of.
    fn url(&self) -> String {
        match &self.0 {
            Source::Sqlite { folder, .. } => format!("sqlite://{}", template(folder).display()),
            Source::Postgres { template } => template.url.clone(),
        }
    }

    /// A new world at `now` that answers `routes`.
    pub async fn world(
        &self,
        now: DateTime<Utc>,
        settings: Settings,
        routes: impl FnOnce(&App) -> Router,
    ) -> World {
        let (url, kept) = self.copy();
        let clock = Clock::fixed(now);
        let store = Store::open(&Options::at(&url)).await.unwrap();
        let app = App::open(store, settings, clock.clone()).await.unwrap();
        World {
            router: routes(&app),
            app,
            clock,
            url,
            _kept: kept,
        }
    }

    fn copy(&self) -> (String, Kept) {
        match &self.0 {
            Source::Sqlite { folder, made } => {
                let number = made.fetch_add(1, Ordering::Relaxed);
                let path = folder.path().join(format!("{number}.sqlite3"));
                std::fs::copy(template(folder), &path).unwrap();
                let url = format!("sqlite://{}", path.display());
                (url, Kept::File(path, Arc::clone(folder)))
            }
            Source::Postgres { template } => {
                let database = provost_pgtest::database(Some(&template.name)).unwrap();
                (database.url.clone(), Kept::Database(database))
            }
        }
    }
}

/// The file in a folder that worlds are copies of.
fn template(folder: &TempDir) -> PathBuf {
    folder.path().join("template.sqlite3")
}

async fn take_in(app: &App, fixture: &str) {
    let source = std::io::Cursor::new(fixture.to_owned().into_bytes());
    import(app, source, &Author::program("test"), |_| {})
        .await
        .unwrap_or_else(|refused| panic!("{refused}"));
}

async fn migrated(url: &str) {
    let store = Store::open(&Options::at(url)).await.unwrap();
    store.migrate().await.unwrap();
    store.close().await;
}

/// What lives as long as its world.
enum Kept {
    /// A file, and its folder, in which connections that are opened later look for it.
    File(
        PathBuf,
        #[expect(dead_code, reason = "dropped with the world")] Arc<TempDir>,
    ),
    Database(#[expect(dead_code, reason = "dropped with the world")] provost_pgtest::Database),
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Self::File(path, _) = self {
            for suffix in ["", "-wal", "-shm"] {
                let mut name = path.clone().into_os_string();
                name.push(suffix);
                // A file that was never made cannot be removed, and need not be.
                let _ = std::fs::remove_file(name);
            }
        }
    }
}

/// An app on a database of its own.
pub struct World {
    /// The application.
    pub app: App,
    /// Its clock.
    pub clock: Clock,
    /// Its routes.
    pub router: Router,
    /// The address of its database, for a second app on the same one.
    pub url: String,
    _kept: Kept,
}

impl World {
    /// A caller without credentials.
    #[must_use]
    pub fn nobody(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// The user with this key, in a browser session.
    pub async fn session_of(&self, user: i64) -> Client {
        let author = Author::program("test");
        let session = session::begin(&self.app, user, &author).await.unwrap();
        self.nobody().in_session(&session.key)
    }

    /// Takes in the rows of a Django fixture.
    pub async fn import(&self, fixture: &str) {
        take_in(&self.app, fixture).await;
    }

    /// The rows of the models whose labels begin with one of `prefixes`, as a fixture.
    pub async fn export(&self, prefixes: &[&str]) -> String {
        let mut out = Vec::new();
        let wanted = |label: &str| prefixes.iter().any(|prefix| label.starts_with(prefix));
        export(&self.app, &Labels::default(), wanted, &mut out)
            .await
            .unwrap();
        String::from_utf8(out).unwrap()
    }
}
