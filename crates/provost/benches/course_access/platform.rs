//! An organization of any size, the same at every run, and the service on it.

use std::sync::Arc;

use axum::Router;
use chrono::{DateTime, Duration, Utc};
use http::StatusCode;
use provost::layers::Shell;
use provost::settings::Settings;
use provost_app::identity::mint::Subject;
use provost_app::{App, Clock};
use provost_store::bulk::{self, Cell, Table, tables};
use provost_store::{Db, Options, Store, users};
use serde_json::json;

use crate::call::Call;

const SUPERUSER: u64 = 1;
const ADMIN: u64 = 2;
/// How many courses the organization offers.
pub const COURSES: u64 = 500;
const GROUPS: u64 = 50;
const RULES: u64 = 200;
/// Rows given to one call of the store.
const CHUNK: u64 = 8_192;

/// The service with one organization of `size` people.
pub struct Platform {
    pub router: Router,
    pub size: u64,
    /// What the organization's administrator says in `Authorization`.
    pub admin: Arc<str>,
    /// What the superuser says there.
    pub superuser: Arc<str>,
}

/// Number `at` of a fixed row of numbers of even quality (splitmix64).
pub fn scattered(at: u64) -> u64 {
    let mixed = at.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

pub fn username(id: u64) -> String {
    format!("user{id:06}")
}

pub fn course(number: u64) -> String {
    format!("course-v1:Red+C{number}+2026")
}

impl Platform {
    /// Fills a new SQLite database and opens the service on it, surrounded as it is served.
    pub async fn of(size: u64) -> Self {
        let mut settings = Settings::default();
        settings.auth.jwt.secret = "a secret of the benchmarks, longer than 32 bytes".into();
        let store = Store::open(&Options::at("sqlite::memory:")).await.unwrap();
        store.migrate().await.unwrap();
        fill(&store, size).await;
        let app = App::open(store, settings.app(), Clock::system())
            .await
            .unwrap();
        let routes = provost::routes(&app, settings.slash());
        Self {
            admin: authorization(&app, ADMIN).await,
            superuser: authorization(&app, SUPERUSER).await,
            router: Shell::new(&settings.server, None, false).around(routes),
            size,
        }
    }

    /// Gives the first group another name.
    pub async fn rename(&self, name: &str) {
        let target = "/course_access_groups/api/v1/course-access-groups/1/";
        let body = json!({"name": name});
        let call = Call::put(target, &self.admin, &body, StatusCode::OK);
        call.of(&self.router).await;
    }
}

async fn authorization(app: &App, id: u64) -> Arc<str> {
    let user = users::by_username(app.store().read(), &username(id)).await;
    let user = user.unwrap().unwrap();
    let subject = Subject::from(&user);
    let minter = app.identities().minter();
    let token = minter.token(&subject, &[], &[], Duration::days(1), app.now());
    format!("Bearer {}", token.unwrap()).into()
}

async fn fill(store: &Store, size: u64) {
    let tx = store.begin().await.unwrap();
    put(&tx, &tables::USERS, size, user).await;
    put(&tx, &tables::PROFILES, size, profile).await;
    put(&tx, &tables::SITES, 1, |id| {
        vec![key(id), text("127.0.0.1"), text(""), Cell::Json(json!({}))]
    })
    .await;
    put(&tx, &tables::ORGANIZATIONS, 1, organization).await;
    put(&tx, &tables::ORGANIZATION_MEMBERS, size, |id| {
        let admin = Cell::Bool(id == ADMIN);
        vec![key(id), key(id), key(1), Cell::Bool(true), admin]
    })
    .await;
    put(&tx, &tables::COURSE_OVERVIEWS, COURSES, |id| {
        let title = format!("Course of things {id}");
        let (id, org) = (Cell::Text(course(id - 1)), text("Red"));
        vec![id, org, Cell::Text(title), Cell::Json(json!({}))]
    })
    .await;
    put(&tx, &tables::ORGANIZATION_COURSES, COURSES, |id| {
        let mut row = dated(id);
        row.extend([Cell::Text(course(id - 1)), key(1), Cell::Bool(true)]);
        row.push(Cell::Json(json!({})));
        row
    })
    .await;
    groups(&tx, size).await;
    bulk::advance_sequences(&tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn groups(tx: &Db, size: u64) {
    put(tx, &tables::ACCESS_GROUPS, GROUPS, |id| {
        let mut row = dated(id);
        row.extend([Cell::Text(format!("Group {id}")), text(""), key(1)]);
        row
    })
    .await;
    put(tx, &tables::ACCESS_MEMBERSHIPS, size * 9 / 10, |id| {
        let mut row = dated(id);
        let group = scattered(id) % GROUPS + 1;
        row.extend([key(group), key(id), Cell::Bool(id % 2 == 0)]);
        row
    })
    .await;
    put(tx, &tables::ACCESS_RULES, RULES, |id| {
        let mut row = dated(id);
        let domain = Cell::Text(format!("domain{id}.example.org"));
        row.extend([text("Rule"), domain, key(id % GROUPS + 1)]);
        row
    })
    .await;
    put(tx, &tables::GROUP_COURSES, COURSES, |id| {
        let mut row = dated(id);
        row.extend([Cell::Text(course(id - 1)), key(id % GROUPS + 1)]);
        row
    })
    .await;
}

/// Stores rows number 1 to `count` of a table.
async fn put(tx: &Db, table: &'static Table, count: u64, row: impl Fn(u64) -> Vec<Cell>) {
    for start in (1..=count).step_by(usize::try_from(CHUNK).unwrap()) {
        let rows = (start..=count.min(start + CHUNK - 1)).map(&row).collect();
        bulk::upsert(tx, table, rows).await.unwrap();
    }
}

fn user(id: u64) -> Vec<Cell> {
    vec![
        key(id),
        Cell::Text(username(id)),
        Cell::Text(format!("{}@example.org", username(id))),
        text(""),
        text(""),
        text("!"),
        Cell::Bool(id % 50 != 49),
        Cell::Bool(false),
        Cell::Bool(id == SUPERUSER),
        Cell::Null,
        long_ago(),
        Cell::Json(json!({})),
    ]
}

fn profile(id: u64) -> Vec<Cell> {
    let name = Cell::Text(format!("Person {}", scattered(id) % 10_000));
    vec![key(id), key(id), name, Cell::Json(json!({}))]
}

fn organization(id: u64) -> Vec<Cell> {
    let mut row = dated(id);
    row.extend([text("Red"), text("Red"), Cell::Null, text("")]);
    row.extend([Cell::Bool(true), Cell::Null, Cell::Json(json!({}))]);
    row.push(Cell::Keys(vec![1]));
    row
}

/// Key, and when the row was made and changed.
fn dated(id: u64) -> Vec<Cell> {
    vec![key(id), long_ago(), long_ago()]
}

fn key(id: u64) -> Cell {
    Cell::Int(id.cast_signed())
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn long_ago() -> Cell {
    Cell::Time(DateTime::<Utc>::UNIX_EPOCH + Duration::days(20_000))
}
