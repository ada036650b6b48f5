//! A believable platform of any size, the same at every run, and the service on it.

use std::sync::Arc;

use axum::Router;
use chrono::{DateTime, Duration, Utc};
use provost::layers::Shell;
use provost::settings::Settings;
use provost::telemetry::Metrics;
use provost_app::identity::mint::Subject;
use provost_app::{App, Author, Clock};
use provost_authz::policy;
use provost_policy::catalogue;
use provost_store::bulk::{self, Cell, Table, tables};
use provost_store::{Options, Store, users};
use serde_json::json;

use crate::call::Call;

/// Who may do everything.
pub const SUPERUSER: u64 = 1;
/// Who holds two roles on everything of the first organization.
pub const ORG_ADMIN: u64 = 2;
/// The scope with the most members: one assignment in eighty.
pub const LARGEST_SCOPE: &str = "course-v1:Org1+C0+2026";
/// A scope of the same size on every platform with 20,000 assignments or more.
pub const USUAL_SCOPE: &str = "course-v1:Org0+C0+2026";

/// Secret of the tokens, which the bare handler shares.
pub const SECRET: &str = "a secret of the benchmarks, longer than 32 bytes";

const COURSES: u64 = 20;
const LIBRARIES: u64 = 5;
const COURSE_ROLES: [&str; 4] = [
    "course_admin",
    "course_staff",
    "course_editor",
    "course_auditor",
];
const LIBRARY_ROLES: [&str; 4] = [
    "library_admin",
    "library_author",
    "library_contributor",
    "library_user",
];
const FIRST_NAMES: [&str; 8] = ["Ada", "Ben", "Cyd", "Dov", "Eve", "Fay", "Gus", "Hal"];
const LAST_NAMES: [&str; 7] = [
    "Archer", "Baker", "Cooper", "Draper", "Fisher", "Glover", "Hunter",
];

/// Rows given to one call of the store.
const CHUNK: u64 = 8_192;

/// Number `at` of a fixed row of numbers of even quality (splitmix64).
pub fn scattered(at: u64) -> u64 {
    let mixed = at.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// The service with `size` users who hold `size` assignments.
pub struct Platform {
    pub app: App,
    pub router: Router,
    pub size: u64,
}

impl Platform {
    /// Fills a new SQLite database and opens the service on it, surrounded as it is served.
    pub async fn of(size: u64) -> Self {
        Self::with(size, async |store| fill(store, size).await).await
    }

    /// The same, filled by `fill`.
    pub async fn with(size: u64, fill: impl AsyncFnOnce(&Store)) -> Self {
        let settings = settings();
        let store = Store::open(&Options::at("sqlite::memory:")).await.unwrap();
        store.migrate().await.unwrap();
        let empty = App::open(store.clone(), settings.app(), Clock::system())
            .await
            .unwrap();
        let author = Author::program("benchmark");
        policy::load(&empty, &author, &catalogue::shipped(), false)
            .await
            .unwrap();
        fill(&store).await;
        let app = App::open(store, settings.app(), Clock::system())
            .await
            .unwrap();
        let answered = provost::routes(&app, settings.slash());
        let metrics = Metrics::new().unwrap();
        let router = Shell::new(&settings.server, Some(metrics), false).around(answered);
        Self { app, router, size }
    }

    /// What a user says in `Authorization`.
    pub async fn token(&self, id: u64) -> Arc<str> {
        let db = self.app.store().read();
        let user = users::by_username(db, &username(id))
            .await
            .unwrap()
            .unwrap();
        let (subject, day) = (Subject::from(&user), Duration::days(1));
        let mint = self.app.identities().minter();
        let token = mint.token(&subject, &[], &[], day, self.app.now());
        format!("JWT {}", token.unwrap()).into()
    }

    /// Asks `questions` questions on behalf of user `id`: their own assignments' scopes and others, half and half.
    pub async fn questions(&self, id: u64, questions: u64) -> Call {
        let token = self.token(id).await;
        let subject = provost_keys::stored::user(&username(id));
        let own: Vec<String> = self
            .app
            .policy()
            .grants_of(&subject)
            .map(|grant| provost_keys::stored::external(grant.scope).to_owned())
            .collect();
        let body = (0..questions).map(|at| {
            let seed = id * 100 + at;
            let own = own
                .get(usize::try_from(at / 2).unwrap())
                .filter(|_| at % 2 == 0);
            let scope = own
                .cloned()
                .unwrap_or_else(|| course(scattered(seed) % self.orgs(), at));
            let action = if scope.starts_with("lib:") {
                "content_libraries.view_library"
            } else {
                "courses.view_course"
            };
            json!({"action": action, "scope": scope})
        });
        let body = serde_json::Value::Array(body.collect());
        Call::post("/api/authz/v1/permissions/validate/me", &token, &body)
    }

    fn orgs(&self) -> u64 {
        orgs(self.size)
    }
}

/// The settings of a service that accepts the benchmarks' tokens.
fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.auth.jwt.secret = SECRET.into();
    settings
}

/// An organization for every 1,000 assignments.
fn orgs(size: u64) -> u64 {
    (size / 1_000).max(4)
}

pub fn username(id: u64) -> String {
    format!("user{id:06}")
}

fn course(org: u64, course: u64) -> String {
    format!("course-v1:Org{org}+C{}+2026", course % COURSES)
}

fn library(org: u64, library: u64) -> String {
    format!("lib:Org{org}:L{}", library % LIBRARIES)
}

async fn fill(store: &Store, size: u64) {
    let tx = store.begin().await.unwrap();
    let orgs = orgs(size);
    put(&tx, &tables::USERS, size, user).await;
    put(&tx, &tables::PROFILES, size, profile).await;
    put(&tx, &tables::ORGANIZATIONS, orgs, organization).await;
    put(&tx, &tables::LEARNING_PACKAGES, orgs * LIBRARIES, package).await;
    put(
        &tx,
        &tables::CONTENT_LIBRARIES,
        orgs * LIBRARIES,
        content_library,
    )
    .await;
    put(
        &tx,
        &tables::COURSE_OVERVIEWS,
        orgs * COURSES,
        course_overview,
    )
    .await;
    put(&tx, &tables::CASBIN_RULES, size, |at| assignment(at, size)).await;
    bulk::advance_sequences(&tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// Stores rows number 1 to `count` of a table.
pub async fn put(
    tx: &provost_store::Db,
    table: &'static Table,
    count: u64,
    row: impl Fn(u64) -> Vec<Cell>,
) {
    for start in (1..=count).step_by(usize::try_from(CHUNK).unwrap()) {
        let rows = (start..=count.min(start + CHUNK - 1)).map(&row).collect();
        bulk::upsert(tx, table, rows).await.unwrap();
    }
}

pub fn user(id: u64) -> Vec<Cell> {
    vec![
        key(id),
        Cell::Text(username(id)),
        Cell::Text(format!("{}@example.org", username(id))),
        text(one_of(&FIRST_NAMES, scattered(id))),
        text(one_of(&LAST_NAMES, scattered(id) / 8)),
        text("!"),
        Cell::Bool(id % 50 != 49),
        Cell::Bool(false),
        Cell::Bool(id == SUPERUSER),
        Cell::Null,
        Cell::Time(long_ago()),
        Cell::Json(json!({})),
    ]
}

fn profile(id: u64) -> Vec<Cell> {
    let [first, last] = [
        one_of(&FIRST_NAMES, scattered(id)),
        one_of(&LAST_NAMES, scattered(id) / 8),
    ];
    vec![
        key(id),
        key(id),
        Cell::Text(format!("{first} {last}")),
        Cell::Json(json!({})),
    ]
}

pub fn organization(id: u64) -> Vec<Cell> {
    let number = id - 1;
    vec![
        key(id),
        Cell::Time(long_ago()),
        Cell::Time(long_ago()),
        Cell::Text(format!("University {number}")),
        Cell::Text(format!("Org{number}")),
        Cell::Null,
        text(""),
        Cell::Bool(true),
        Cell::Null,
        Cell::Json(json!({})),
        Cell::Keys(Vec::new()),
    ]
}

fn package(id: u64) -> Vec<Cell> {
    vec![
        key(id),
        Cell::Text(format!("Library of things {id}")),
        Cell::Json(json!({})),
    ]
}

fn content_library(id: u64) -> Vec<Cell> {
    let (org, library) = ((id - 1) / LIBRARIES, (id - 1) % LIBRARIES);
    vec![
        key(id),
        key(org + 1),
        Cell::Text(format!("L{library}")),
        key(id),
        Cell::Json(json!({})),
    ]
}

fn course_overview(id: u64) -> Vec<Cell> {
    let (org, number) = ((id - 1) / COURSES, (id - 1) % COURSES);
    vec![
        Cell::Text(course(org, number)),
        Cell::Text(format!("Org{org}")),
        Cell::Text(format!("Course of things {id}")),
        Cell::Json(json!({})),
    ]
}

/// The first two are the org admin's, the last in eighty are on the largest scope; of an organization's others a
/// quarter are on its first course and a quarter in libraries.
fn assignment(at: u64, size: u64) -> Vec<Cell> {
    let dice = scattered(at);
    let org = at % orgs(size);
    let (role, scope) = match at {
        1 => ("course_admin", "course-v1:Org0+*".to_owned()),
        2 => ("library_admin", "lib:Org0:*".to_owned()),
        _ if at % 80 == 79 => (one_of(&COURSE_ROLES, dice), LARGEST_SCOPE.to_owned()),
        _ => match dice % 4 {
            0 => (one_of(&COURSE_ROLES, dice / 4), course(org, 0)),
            1 => (one_of(&LIBRARY_ROLES, dice / 4), library(org, dice / 16)),
            _ => (one_of(&COURSE_ROLES, dice / 4), course(org, dice / 16)),
        },
    };
    let holder = if at <= 2 {
        ORG_ADMIN
    } else {
        scattered(at + size) % size + 1
    };
    let namespace = scope.split(':').next().unwrap_or_default().to_owned();
    let texts = [
        "g".to_owned(),
        provost_keys::stored::user(&username(holder)),
        provost_keys::stored::role(role),
        provost_keys::stored::scope(&namespace, &scope),
        String::new(),
        String::new(),
        String::new(),
    ];
    // The first thousand keys are left to the policy.
    std::iter::once(key(1_000 + at))
        .chain(texts.map(Cell::Text))
        .collect()
}

pub fn key(id: u64) -> Cell {
    Cell::Int(id.cast_signed())
}

pub fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn one_of<'a>(words: &[&'a str], dice: u64) -> &'a str {
    words[usize::try_from(dice % words.len() as u64).unwrap()]
}

pub fn long_ago() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Duration::days(20_000)
}
