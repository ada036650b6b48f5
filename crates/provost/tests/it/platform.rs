//! A small platform for whoever asks the whole program: six people who may more and more, a
//! library, a course, and the shipped roles.

use chrono::DateTime;
use provost::layers::Shell;
use provost_app::identity::settings::{Jwt, Secret};
use provost_app::{Author, Settings, identity};
use provost_drf::Slash;
use provost_policy::catalogue;
use provost_testkit::{Client, World, Worlds};
use serde_json::{Value, json};

/// Who asks, from whom nothing is known to whoever may do everything.
pub const CALLERS: [&str; 7] = [
    "nobody",
    "stranger",
    "reader",
    "viewer",
    "admin",
    "staff",
    "superuser",
];

/// Who of them holds a role, and where.
const HELD: [(&str, &str, &str); 3] = [
    ("reader", "library_user", "lib:Org1:Lib1"),
    ("viewer", "course_auditor", "course-v1:Org1+C1+R1"),
    ("admin", "course_admin", "course-v1:Org1+*"),
];

/// The platform on one database, behind the layers of the program.
pub async fn platform(worlds: &Worlds) -> World {
    let settings = Settings {
        identity: identity::Settings {
            jwt: Jwt {
                secret: Secret::from("a secret of at least thirty-two bytes"),
                ..Jwt::default()
            },
            ..identity::Settings::default()
        },
        ..Settings::default()
    };
    let now = DateTime::from_timestamp(1_767_355_445, 0).unwrap();
    let world = worlds
        .world(now, settings, |app| {
            let server = provost::settings::Server::default();
            Shell::new(&server, None, false).around(provost::routes(app, Slash::NotFound))
        })
        .await;
    world.import(&fixture().to_string()).await;
    let author = Author::program("test");
    let shipped = catalogue::shipped();
    let loaded = provost_authz::policy::load(&world.app, &author, &shipped, false).await;
    loaded.unwrap();
    for (user, role, scope) in HELD {
        let ask = json!({"role": role, "scope": scope, "users": [user]});
        let superuser = caller(&world, "superuser").await;
        let answer = superuser.put("/api/authz/v1/roles/users/", &ask).await;
        assert_eq!(answer.json()["completed"][0]["status"], "role_added");
    }
    world
}

/// A caller in a browser session of their own.
pub async fn caller(world: &World, name: &str) -> Client {
    match CALLERS.iter().position(|caller| *caller == name).unwrap() {
        0 => world.nobody(),
        place => world.session_of(i64::try_from(place).unwrap()).await,
    }
}

fn fixture() -> Value {
    let people = CALLERS.iter().enumerate().skip(1).map(|(pk, name)| {
        json!({"model": "auth.user", "pk": pk, "fields": {
            "username": name, "email": format!("{name}@example.com"), "is_active": true,
            "is_staff": *name == "staff", "is_superuser": *name == "superuser",
            "date_joined": "2026-01-02T03:04:05Z"}})
    });
    let places = [
        json!({"model": "organizations.organization", "pk": 1, "fields": {
            "name": "Organization", "short_name": "Org1", "active": true,
            "created": "2026-01-02T03:04:05Z", "modified": "2026-01-02T03:04:05Z"}}),
        json!({"model": "content_libraries.contentlibrary", "pk": 1, "fields": {
            "org": 1, "slug": "Lib1", "learning_package": null}}),
        json!({"model": "course_overviews.courseoverview", "pk": "course-v1:Org1+C1+R1",
            "fields": {"org": "Org1", "display_name": "Course"}}),
    ];
    people.chain(places).collect()
}
