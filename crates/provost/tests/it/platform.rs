//! A small platform for whoever asks the whole program: six people who may more and more, a
//! library, a course, the shipped roles, and a site with groups that the admin administrates.

use chrono::DateTime;
use provost::layers::Shell;
use provost_app::identity::settings::{Jwt, Secret};
use provost_app::settings::CourseAccess;
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

/// When everything was made.
const TIME: &str = "2026-01-02T03:04:05Z";

/// Who of them holds a role, and where.
const HELD: [(&str, &str, &str); 3] = [
    ("reader", "library_user", "lib:Org1:Lib1"),
    ("viewer", "course_auditor", "course-v1:Org1+C1+R1"),
    ("admin", "course_admin", "course-v1:Org1+*"),
];

/// The platform on one database, behind the layers of the program.
pub async fn platform(worlds: &Worlds) -> World {
    platform_with(worlds, CourseAccess::default()).await
}

/// The same with other settings of course access groups.
pub async fn platform_with(worlds: &Worlds, course_access: CourseAccess) -> World {
    let settings = Settings {
        course_access,
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
            "name": "Organization", "short_name": "Org1", "active": true, "sites": [1],
            "created": TIME, "modified": TIME}}),
        json!({"model": "content_libraries.contentlibrary", "pk": 1, "fields": {
            "org": 1, "slug": "Lib1", "learning_package": null}}),
        json!({"model": "course_overviews.courseoverview", "pk": "course-v1:Org1+C1+R1",
            "fields": {"org": "Org1", "display_name": "Course"}}),
    ];
    people.chain(places).chain(groups()).collect()
}

/// One of everything that course access groups keep, each with the key 1, on the site of the test
/// client's host.
fn groups() -> [Value; 11] {
    let course = "course-v1:Org1+C1+R1";
    let row = |model: &str, mut fields: Value| {
        fields["created"] = TIME.into();
        fields["modified"] = TIME.into();
        json!({"model": model, "pk": 1, "fields": fields})
    };
    let belongs = |pk: usize, name: &str, organization: i64, admin: bool| {
        let user = CALLERS.iter().position(|caller| *caller == name);
        json!({"model": "organizations.userorganizationmapping", "pk": pk, "fields": {
            "user": user, "organization": organization, "is_active": true, "is_amc_admin": admin}})
    };
    [
        json!({"model": "sites.site", "pk": 1, "fields": {"domain": "testserver", "name": ""}}),
        json!({"model": "organizations.organization", "pk": 2, "fields": {
            "name": "Other", "short_name": "Org2", "active": true,
            "created": TIME, "modified": TIME}}),
        belongs(1, "stranger", 1, false),
        belongs(2, "viewer", 2, true),
        belongs(3, "admin", 1, true),
        row(
            "organizations.organizationcourse",
            json!({"course_id": course, "organization": 1, "active": true}),
        ),
        row(
            "course_access_groups.courseaccessgroup",
            json!({"name": "Group", "description": "", "organization": 1}),
        ),
        row(
            "course_access_groups.membership",
            json!({"group": 1, "user": 1, "automatic": false}),
        ),
        row(
            "course_access_groups.membershiprule",
            json!({"name": "Rule", "domain": "example.com", "group": 1}),
        ),
        row(
            "course_access_groups.publiccourse",
            json!({"course": course}),
        ),
        row(
            "course_access_groups.groupcourse",
            json!({"course": course, "group": 1}),
        ),
    ]
}
