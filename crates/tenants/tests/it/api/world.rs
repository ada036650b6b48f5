//! A platform without tenants: `root` is a superuser, `stan` staff, `lea` a learner, `ida` inactive.

use axum::Router;
use axum::extract::Request;
use chrono::{DateTime, Utc};
use provost_app::{App, Settings, mount};
use provost_drf::{JsonBases, not_found_page};
use provost_testkit::{Client, World, Worlds};
use serde_json::{Value, json};

/// Runs a test on SQLite and, where its programs are installed, on PostgreSQL.
pub async fn each(test: impl AsyncFn(&World)) {
    each_with(Settings::default(), test).await;
}

/// The same with other settings.
pub async fn each_with(settings: Settings, test: impl AsyncFn(&World)) {
    for worlds in Worlds::each().await {
        let world = worlds.world(now(), settings.clone(), routes).await;
        world.import(include_str!("people.json")).await;
        test(&world).await;
    }
}

/// When the tests take place.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_775_784_057, 0).unwrap()
}

fn routes(app: &App) -> Router {
    let families = vec![
        provost_tenants::family(),
        provost_tenants::health(),
        provost_tenants::mfe_config(),
    ];
    let bases = JsonBases::of(families.iter());
    mount(families, app).fallback(async move |request: Request| {
        bases.reword(request.uri().path(), not_found_page().await)
    })
}

/// Staff, in a browser session.
pub async fn staff(world: &World) -> Client {
    world.session_of(2).await
}

/// The path of what stands below the base.
pub fn path(below: &str) -> String {
    format!("/api/tenant/v1/{below}")
}

/// The body that asks for a tenant.
pub fn asked(name: &str) -> Value {
    json!({"tenant_name": name, "platform_name": "A platform", "theme_name": "indigo"})
}

/// Makes a tenant; its key.
pub async fn made(client: &Client, name: &str) -> i64 {
    let answer = client.post(&path("create"), &asked(name)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["tenant_id"].as_i64().unwrap()
}
