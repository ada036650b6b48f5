//! A migrated database for each test, on each of the two databases; builders with defaults.

use std::future::Future;
use std::sync::OnceLock;

use chrono::{DateTime, TimeDelta, Utc};
use provost_keys::scope::ScopeKey;
use provost_keys::stored;
use provost_pgtest::Database;
use provost_store::assignments::Assignment;
use provost_store::courses::{self, Course, NewLibrary};
use provost_store::organizations::{self, NewOrganization};
use provost_store::rules::NewGrant;
use provost_store::users::{self, NewUser, User};
use provost_store::{Dialect, Options, Store, Tx};

/// Runs a test on a database of its own, first on SQLite, then on PostgreSQL if there is one.
pub fn each_database<F, Test>(test: F)
where
    F: Fn(Store) -> Test,
    Test: Future<Output = ()>,
{
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Store::open(&Options::at("sqlite::memory:")).await.unwrap();
        store.migrate().await.unwrap();
        test(store).await;
        if let Some(database) = migrated() {
            let store = Store::open(&Options::at(&database.url)).await.unwrap();
            assert_eq!(store.dialect(), Dialect::Postgres);
            test(store.clone()).await;
            store.close().await;
        }
    });
}

/// A copy of a PostgreSQL database that was migrated once.
fn migrated() -> Option<Database> {
    static TEMPLATE: OnceLock<Option<Database>> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        let template = provost_pgtest::database(None)?;
        // Tests start it from inside a runtime, which cannot wait for another one.
        std::thread::scope(|scope| {
            scope.spawn(|| migrate(&template.url)).join().unwrap();
        });
        Some(template)
    });
    provost_pgtest::database(Some(&template.as_ref()?.name))
}

fn migrate(url: &str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Store::open(&Options::at(url)).await.unwrap();
        store.migrate().await.unwrap();
        store.close().await;
    });
}

/// An address of an empty database on each database; what must be kept while it is used.
pub fn empty_databases() -> Vec<(String, Box<dyn std::any::Any>)> {
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite://{}/empty.db", folder.path().display());
    let mut urls: Vec<(String, Box<dyn std::any::Any>)> = vec![(file, Box::new(folder))];
    if let Some(database) = provost_pgtest::database(None) {
        urls.push((database.url.clone(), Box::new(database)));
    }
    urls
}

/// A time with microseconds.
pub fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_767_355_445_123_456).unwrap()
}

pub fn later(seconds: i64) -> DateTime<Utc> {
    noon() + TimeDelta::seconds(seconds)
}

pub fn new_user(name: &str) -> NewUser {
    NewUser {
        username: name.to_owned(),
        email: format!("{name}@example.org"),
        first_name: String::new(),
        last_name: String::new(),
        password: "!".to_owned(),
        is_active: true,
        is_staff: false,
        is_superuser: false,
        date_joined: noon(),
    }
}

pub async fn user(tx: &Tx, name: &str) -> User {
    users::create(tx, &new_user(name)).await.unwrap()
}

pub fn new_organization(short_name: &str) -> NewOrganization {
    NewOrganization {
        short_name: short_name.to_owned(),
        name: format!("The {short_name}"),
        description: None,
        logo: String::new(),
        active: true,
        created: noon(),
    }
}

pub async fn organization(tx: &Tx, short_name: &str) -> i64 {
    organizations::create(tx, &new_organization(short_name))
        .await
        .unwrap()
}

pub async fn library(tx: &Tx, org_id: i64, slug: &str) -> i64 {
    let new = NewLibrary {
        org_id: Some(org_id),
        slug: slug.to_owned(),
        title: None,
    };
    courses::create_library(tx, &new).await.unwrap()
}

pub async fn course(tx: &Tx, id: &str) {
    let new = Course {
        id: id.to_owned(),
        org: "Org1".to_owned(),
        display_name: None,
    };
    courses::create_course(tx, &new).await.unwrap();
}

/// `role` in `scope` (external key) for a user.
pub fn assignment(user: &User, role: &str, scope: &str) -> Assignment {
    Assignment {
        user_id: user.id,
        username: user.username.clone(),
        role: stored::role(role),
        scope: ScopeKey::parse(scope).unwrap(),
    }
}

/// A bare row of the policy: `role` in `scope` (external key) for `user`.
pub fn grant(user: &str, role: &str, scope: &str) -> NewGrant {
    NewGrant {
        subject: stored::user(user),
        role: stored::role(role),
        scope: ScopeKey::parse(scope).unwrap().stored(),
    }
}

/// How many rows a table has.
pub async fn count(store: &Store, table: &str) -> usize {
    let table = provost_store::bulk::table(table).unwrap();
    let rows = provost_store::bulk::scan(store.read(), table, None, 1_000_000).await;
    rows.unwrap().len()
}
