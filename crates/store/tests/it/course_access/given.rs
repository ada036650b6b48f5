//! Two organizations that share a person, a course and a link.

use std::collections::HashMap;

use provost_listing::LimitAsk;
use provost_store::bulk::{self, Cell, tables};
use provost_store::course_access::{courses as access, groups, memberships, rules};
use provost_store::courses::{self, Course};
use provost_store::users::{self, NewUser};
use provost_store::{Store, Tx};
use serde_json::json;

use crate::support::{new_user, noon, organization};

pub const ALGEBRA: &str = "course-v1:Red+A+1";
pub const FOREIGN: &str = "course-v1:Red+B+1";
pub const PERCENT: &str = "course-v1:Red+C+1";
pub const GONE: &str = "course-v1:Red+E+1";
pub const ECOLE: &str = "course-v1:École+D+1";
pub const BLUE: &str = "course-v1:Blue+F+1";
/// Offered, but there is no such course.
pub const UNKNOWN: &str = "course-v1:Red+Unknown+1";

/// The keys of what there is.
pub struct World {
    pub red: i64,
    pub blue: i64,
    /// Groups: `r1` and `r2` of red, `b1` of blue, then `r3`.
    pub groups: HashMap<&'static str, i64>,
    pub users: HashMap<&'static str, i64>,
}

impl World {
    pub fn group(&self, name: &str) -> i64 {
        self.groups[name]
    }

    pub fn user(&self, name: &str) -> i64 {
        self.users[name]
    }
}

/// All rows of a list.
pub const ALL: LimitAsk = LimitAsk {
    limit: u64::MAX,
    offset: 0,
};

pub async fn populate(store: &Store) -> World {
    let tx = store.begin().await.unwrap();
    let red = organization(&tx, "Red").await;
    let blue = organization(&tx, "Blue").await;
    let mut groups = HashMap::new();
    for (organization, name) in [(red, "r1"), (red, "r2"), (blue, "b1"), (red, "r3")] {
        let made = groups::create(&tx, organization, name, "", noon()).await;
        groups.insert(name, made.unwrap().id);
    }
    let users = people(&tx, red, blue).await;
    let world = World {
        red,
        blue,
        groups,
        users,
    };
    belong(&tx, &world).await;
    offer(&tx, &world).await;
    for (domain, domains, group) in [
        ("b.example", &["z.example", "a.example"][..], "r1"),
        ("a.example", &[], "b1"),
        ("b.example", &[], "r2"),
    ] {
        let domains: Vec<String> = domains.iter().map(|&domain| domain.to_owned()).collect();
        let group = world.group(group);
        rules::create(&tx, "rule", domain, &domains, group, noon())
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    world
}

/// In red: everyone but gus and hal, who are in blue; max, who is in both; and ned, in none.
async fn people(tx: &Tx, red: i64, blue: i64) -> HashMap<&'static str, i64> {
    let mut ids = HashMap::new();
    let (mut profiles, mut members) = (Vec::new(), Vec::new());
    for (name, email, profile, active, organizations, admin) in [
        (
            "zoe",
            "Zoe@Corp.example",
            Some("Zoë Élan"),
            true,
            &[red][..],
            false,
        ),
        (
            "bob",
            "bob@x.example",
            Some("100%_'q\"\\"),
            true,
            &[red],
            false,
        ),
        ("ÇİĞDEM", "c@x.example", Some(""), true, &[red], false),
        ("cyd", "cyd@x.example", None, true, &[red], false),
        ("dan", "dan@corp.example", Some("Dan"), true, &[red], true),
        ("eve", "eve@corp.example", Some("Eve"), false, &[red], false),
        ("gus", "gus@corp.example", Some("Gus"), true, &[blue], false),
        ("hal", "hal@corp.example", Some("Hal"), true, &[blue], true),
        (
            "max",
            "max@x.example",
            Some("Max"),
            true,
            &[red, blue],
            false,
        ),
        ("ned", "ned@x.example", Some("Ned"), true, &[], false),
    ] {
        let new = NewUser {
            email: email.to_owned(),
            is_active: active,
            ..new_user(name)
        };
        let id = users::create(tx, &new).await.unwrap().id;
        ids.insert(name, id);
        if let Some(profile) = profile {
            profiles.push(vec![
                Cell::Int(id),
                Cell::Int(id),
                Cell::Text(profile.to_owned()),
                Cell::Json(json!({})),
            ]);
        }
        for organization in organizations {
            members.push(vec![
                Cell::Int(100 * organization - id),
                Cell::Int(id),
                Cell::Int(*organization),
                Cell::Bool(true),
                Cell::Bool(admin),
            ]);
        }
    }
    bulk::upsert(tx, &tables::PROFILES, profiles).await.unwrap();
    bulk::upsert(tx, &tables::ORGANIZATION_MEMBERS, members)
        .await
        .unwrap();
    ids
}

/// Memberships 1 to 6.
async fn belong(tx: &Tx, world: &World) {
    for (user, group) in [
        ("cyd", "b1"),
        ("cyd", "r1"),
        ("gus", "r1"),
        ("zoe", "r2"),
        ("zoe", "r1"),
        ("eve", "r1"),
    ] {
        let (user, group) = (world.user(user), world.group(group));
        memberships::create(tx, user, group, false, noon())
            .await
            .unwrap();
    }
}

async fn offer(tx: &Tx, world: &World) {
    for (id, title) in [
        (ECOLE, Some("L'Été")),
        (PERCENT, Some("100%_")),
        (FOREIGN, None),
        (GONE, Some("Gone")),
        (ALGEBRA, Some("Algebra")),
        (BLUE, Some("Blue")),
    ] {
        let new = Course {
            id: id.to_owned(),
            org: "Any".to_owned(),
            display_name: title.map(str::to_owned),
        };
        courses::create_course(tx, &new).await.unwrap();
    }
    let offers = [
        (ALGEBRA, world.red, true),
        (FOREIGN, world.red, true),
        (PERCENT, world.red, true),
        (ECOLE, world.red, true),
        (ECOLE, world.blue, true),
        (GONE, world.red, false),
        (UNKNOWN, world.red, true),
        (BLUE, world.blue, true),
    ];
    let rows = (1..)
        .zip(offers)
        .map(|(id, (course, organization, active))| {
            vec![
                Cell::Int(id),
                Cell::Time(noon()),
                Cell::Time(noon()),
                Cell::Text(course.to_owned()),
                Cell::Int(organization),
                Cell::Bool(active),
                Cell::Json(json!({})),
            ]
        });
    bulk::upsert(tx, &tables::ORGANIZATION_COURSES, rows.collect())
        .await
        .unwrap();
    for course in [BLUE, GONE, ECOLE, ALGEBRA] {
        access::create_flag(tx, course, noon()).await.unwrap();
    }
    for (course, group) in [
        (ECOLE, "r1"),
        (FOREIGN, "b1"),
        (ALGEBRA, "r2"),
        (GONE, "r1"),
        (BLUE, "b1"),
        (ALGEBRA, "r1"),
    ] {
        access::create_link(tx, course, world.group(group), noon())
            .await
            .unwrap();
    }
}
