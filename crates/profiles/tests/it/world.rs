//! A world with accounts of every sort, and tenants to be made in it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use provost_app::settings::Profiles;
use provost_app::{Author, Settings, mount};
use provost_profiles::Level;
use provost_profiles::people::{self, Standing};
use provost_store::users;
use provost_testkit::{Answer, Client, World, Worlds};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

/// Accounts: the name of each, and whether it is a superuser.
const ACCOUNTS: [(&str, bool); 9] = [
    ("root", true),
    ("system", false),
    ("tenant", false),
    ("group", false),
    ("department", false),
    ("user", false),
    ("stranger", false),
    ("looker", false),
    ("other", false),
];

fn now() -> DateTime<Utc> {
    "2026-04-01T12:00:00Z".parse().unwrap()
}

/// Makers of worlds with the accounts, on each database. That of PostgreSQL is made once for all tests, since
/// making a database takes longer than most of them.
pub async fn each() -> Vec<Arc<Worlds>> {
    static POSTGRES: OnceCell<Option<Arc<Worlds>>> = OnceCell::const_new();
    let postgres = POSTGRES.get_or_init(|| async {
        let bare = Worlds::postgres().await?;
        Some(peopled(&bare).await)
    });
    let sqlite = peopled(&Worlds::sqlite().await).await;
    let mut worlds = vec![sqlite];
    worlds.extend(postgres.await.clone());
    worlds
}

async fn peopled(bare: &Worlds) -> Arc<Worlds> {
    let people = ACCOUNTS.iter().zip(1..).map(|((name, superuser), pk)| {
        json!({"model": "auth.user", "pk": pk, "fields": {
            "username": name, "email": format!("{name}@example.com"), "is_active": true,
            "is_staff": false, "is_superuser": superuser, "password": "!",
            "date_joined": "2026-01-02T03:04:05Z"}})
    });
    let fixture = people.collect::<Value>().to_string();
    Arc::new(bare.holding(&fixture).await)
}

/// A world with these settings. The domain `example.com` is the default of its system, and
/// `example.org` another one.
pub async fn with(worlds: &Worlds, profiles: Profiles) -> World {
    let settings = Settings {
        profiles,
        ..Settings::default()
    };
    let families = || {
        vec![
            provost_profiles::family(),
            provost_profiles::administration(),
        ]
    };
    let world = worlds
        .world(now(), settings, |app| mount(families(), app))
        .await;
    let root = caller(&world, "root").await;
    for domain in ["example.com", "example.org"] {
        done(
            root.post("/api/v1/system/domains/", &json!({"domain": domain}))
                .await,
            201,
        );
    }
    world
}

/// A world with the settings as they are by default.
pub async fn plain(worlds: &Worlds) -> World {
    with(worlds, Profiles::default()).await
}

/// An account in a browser session of its own.
pub async fn caller(world: &World, name: &str) -> Client {
    let place = ACCOUNTS
        .iter()
        .position(|(known, _)| *known == name)
        .unwrap();
    world.session_of(i64::try_from(place).unwrap() + 1).await
}

/// What an account is to be able to do: its level, and where.
pub fn standing(level: Level, tenant: Option<&str>, group: Option<&str>) -> Standing {
    Standing {
        level,
        tenant: tenant.map(str::to_owned),
        group: group.map(str::to_owned),
        reseller: None,
        read_only: false,
        backends: None,
    }
}

/// Puts on record what an account can do.
pub async fn appoint(world: &World, name: &str, standing: &Standing) {
    let user = users::by_username(world.app.store().read(), name).await;
    let user = user.unwrap().unwrap();
    let by = Author::program("test");
    people::put(&world.app, by, &user, standing).await.unwrap();
}

/// Makes a tenant; whatever it needs is there.
pub async fn tenant(world: &World, tenant_id: &str) {
    let root = caller(world, "root").await;
    let body = json!({"tenantId": tenant_id, "type": "Enterprise"});
    done(root.post("/api/v1/tenants/", &body).await, 201);
}

/// Makes a group of a tenant.
pub async fn group(world: &World, tenant_id: &str, group_id: &str) {
    let root = caller(world, "root").await;
    let path = format!("/api/v1/tenants/{tenant_id}/groups/");
    done(root.post(&path, &json!({"groupId": group_id})).await, 201);
}

/// The body of an answer that has to have this status.
#[expect(
    clippy::needless_pass_by_value,
    reason = "nobody looks at it afterwards"
)]
pub fn done(answer: Answer, status: u16) -> Value {
    assert_eq!(answer.status, status, "{}", answer.text());
    answer.json()
}

/// The numbers of the errors of an answer, each with its parameter. Each error has all that clients
/// read: a number, a message, and a reason among its details.
pub fn codes(answer: &Answer) -> Vec<(u64, String)> {
    let body = answer.json();
    let errors = body["errors"].as_array();
    assert!(errors.is_some(), "no errors: {}", answer.line());
    let errors = errors.unwrap();
    let code = |error: &Value| {
        assert!(!error["message"].as_str().unwrap().is_empty());
        assert!(!error["details"]["reason"].as_str().unwrap().is_empty());
        let parameter = error["details"]["parameter"].as_str().unwrap_or_default();
        (error["code"].as_u64().unwrap(), parameter.to_owned())
    };
    errors.iter().map(code).collect()
}
