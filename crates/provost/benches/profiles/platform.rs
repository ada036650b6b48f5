//! A service with two large tenants and many small ones.

use axum::Router;
use axum::body::Body;
use http::Request;
use http_body_util::BodyExt as _;
use provost_app::identity::session;
use provost_app::{App, Author, Clock};
use provost_profiles::bulk::{self, Outcome};
use provost_store::tenant_profiles::data::{self, Address, Record};
use provost_store::tenant_profiles::{groups, tenants};
use provost_store::users::{self, NewUser};
use provost_store::{Options, Store};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use provost::settings::Settings;

pub const GROUPS: usize = 10_000;
pub const RECORDS: usize = 100_000;
/// The ids of the large tenants.
pub const BIG: [&str; 2] = ["big1", "big2"];
/// How many small ones there are.
pub const SMALL: usize = 200;

/// The service, and a session of somebody who may do everything.
pub struct Platform {
    pub app: App,
    pub router: Router,
    key: String,
}

impl Platform {
    pub async fn new(url: &str) -> Self {
        let store = Store::open(&Options::at(url)).await.unwrap();
        store.migrate().await.unwrap();
        let settings = Settings::default();
        let app = App::open(store, settings.app(), Clock::system())
            .await
            .unwrap();
        let key = begin(&app).await;
        fill(&app).await;
        let router = provost::routes(&app, settings.slash());
        Self { app, router, key }
    }

    /// Asks for something; the status and the body.
    pub async fn ask(&self, method: &str, path: &str, body: String) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "testserver")
            .header("cookie", format!("sessionid={}", self.key))
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap())
    }

    /// Removes a tenant with its groups; how many these were.
    pub async fn remove(&self, tenant_id: &str) -> usize {
        let path = format!("/api/v1/tenants/{tenant_id}/?deleteEvenIfNonEmpty=true");
        let (status, body) = self.ask("DELETE", &path, String::new()).await;
        assert_eq!(status, 200, "{body}");
        body["deletedGroupIds"].as_array().unwrap().len()
    }
}

/// An account of a superuser, with a session.
async fn begin(app: &App) -> String {
    let tx = app.store().begin().await.unwrap();
    let new = NewUser {
        username: "root".to_owned(),
        email: String::new(),
        first_name: String::new(),
        last_name: String::new(),
        password: "!".to_owned(),
        is_active: true,
        is_staff: true,
        is_superuser: true,
        date_joined: app.now(),
    };
    let user = users::create(&tx, &new).await.unwrap();
    let author = Author::program("benchmark");
    let facts = provost_app::account::facts(&tx, &user).await.unwrap();
    let mut entry = author.entry(provost_app::kind::USER_CREATED, "user^root");
    entry.after = Some(facts);
    app.commit(tx, &[entry]).await.unwrap();
    session::begin(app, user.id, &author).await.unwrap().key
}

async fn fill(app: &App) {
    let of = |tenant: &str, count: usize| {
        let groups = (0..count).map(|at| json!({"groupId": format!("g{at}")}));
        json!({"tenant": {"tenantId": tenant, "type": "Enterprise", "groups": groups.collect::<Value>()}})
    };
    take_in(app, json!({"domain": {"name": "example.com"}})).await;
    for tenant in BIG {
        take_in(app, of(tenant, GROUPS)).await;
        keep_records(app, tenant).await;
    }
    for at in 0..SMALL {
        take_in(app, of(&format!("small{at}"), 3)).await;
    }
}

async fn take_in(app: &App, line: Value) {
    let author = Author::program("benchmark");
    let done = bulk::import(app, &author, line.to_string().as_bytes())
        .await
        .unwrap();
    assert_eq!(done.outcome, Outcome::Created);
}

async fn keep_records(app: &App, tenant_id: &str) {
    let tx = app.store().begin().await.unwrap();
    let tenant = tenants::find(&tx, tenant_id).await.unwrap().unwrap();
    let groups = groups::of_tenant(&tx, tenant.id).await.unwrap();
    for at in 0..RECORDS {
        let group = groups.get(at % GROUPS).unwrap();
        let username = format!("user{at}");
        let address = Address {
            tenant_id,
            group_id: &group.group_id,
            username: &username,
            group: Some(group.id),
            gone: false,
        };
        let record = Record {
            application: "app",
            key: "settings",
            value: "{\"ringtone\": \"classic\", \"language\": \"nl\"}",
        };
        data::put(&tx, address, (tenant.id, group.id), record)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
}
