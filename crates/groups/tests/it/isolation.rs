//! No answer holds a row of another organization, whatever the world looks like.
//!
//! Every text of an organization carries its mark, so that a row of another one gives itself away.
//! Three things are shown on purpose and taken out before: the links of a course to groups of other
//! organizations, the membership of a learner in such a group, and whoever is in a group.

use serde_json::{Value, json};

use crate::world::{Platform, each, path};

const ORGANIZATIONS: u64 = 3;
const TIME: &str = "2026-01-02T03:04:05Z";

/// A row of numbers of even quality, the same for a seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn often(&mut self) -> bool {
        self.below(4) > 0
    }

    fn organization(&mut self) -> u64 {
        self.below(ORGANIZATIONS) + 1
    }
}

fn mark(organization: u64) -> String {
    format!("mark{organization}")
}

fn course(number: u64, organization: u64) -> String {
    format!("course-v1:{}+C{number}+R", mark(organization))
}

/// A world of three organizations whose people, groups and courses refer to each other at random.
/// What is there already is overwritten or left aside: every key begins at a hundred.
fn world(dice: &mut Dice) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut row = |model: &str, pk: Value, fields: Value| {
        rows.push(json!({"model": model, "pk": pk, "fields": fields}));
    };
    for organization in 1..=ORGANIZATIONS {
        let pk = 100 + organization;
        let name = mark(organization);
        row(
            "sites.site",
            json!(pk),
            json!({"domain": format!("{name}.test"), "name": ""}),
        );
        row(
            "organizations.organization",
            json!(pk),
            json!({"created": TIME, "modified": TIME,
            "name": name, "short_name": name, "active": true, "sites": [pk]}),
        );
    }
    let groups: Vec<u64> = (0..8).map(|_| dice.organization()).collect();
    for (at, organization) in groups.iter().enumerate() {
        row(
            "course_access_groups.courseaccessgroup",
            json!(100 + at),
            json!({
            "created": TIME, "modified": TIME, "name": mark(*organization),
            "description": mark(*organization), "organization": 100 + organization}),
        );
        row(
            "course_access_groups.membershiprule",
            json!(100 + at),
            json!({
            "created": TIME, "modified": TIME, "name": mark(*organization),
            "domain": format!("{}.test", mark(*organization)), "group": 100 + at}),
        );
    }
    for at in 0..20 {
        let organization = dice.organization();
        let admin = at < ORGANIZATIONS;
        let organization = if admin { at + 1 } else { organization };
        row(
            "auth.user",
            json!(100 + at),
            json!({
            "username": format!("user{at}of{}", mark(organization)),
            "email": format!("{at}@{}.test", mark(organization)), "is_active": admin || dice.often(),
            "is_staff": false, "is_superuser": false, "date_joined": TIME}),
        );
        row(
            "organizations.userorganizationmapping",
            json!(100 + at),
            json!({
            "user": 100 + at, "organization": 100 + organization, "is_active": true,
            "is_amc_admin": admin}),
        );
        if dice.often() {
            row(
                "course_access_groups.membership",
                json!(100 + at),
                json!({
                "created": TIME, "modified": TIME, "group": 100 + dice.below(8),
                "user": 100 + at, "automatic": false}),
            );
        }
    }
    for at in 0..8 {
        let organization = dice.organization();
        let key = course(at, organization);
        row(
            "course_overviews.courseoverview",
            json!(key),
            json!({
            "org": mark(organization), "display_name": mark(organization)}),
        );
        row(
            "organizations.organizationcourse",
            json!(100 + at),
            json!({
            "created": TIME, "modified": TIME, "course_id": key,
            "organization": 100 + organization, "active": dice.often()}),
        );
        if dice.below(3) == 0 {
            row(
                "course_access_groups.publiccourse",
                json!(100 + at),
                json!({
                "created": TIME, "modified": TIME, "course": key}),
            );
        }
        row(
            "course_access_groups.groupcourse",
            json!(100 + at),
            json!({
            "created": TIME, "modified": TIME, "course": key, "group": 100 + dice.below(8)}),
        );
    }
    rows
}

const LISTS: [&str; 7] = [
    "course-access-groups/",
    "memberships/",
    "membership-rules/",
    "public-courses/",
    "group-courses/",
    "users/",
    "courses/",
];

/// What is shown on purpose is taken out of a row.
fn own(list: &str, row: &mut Value) {
    match list {
        "courses/" => row["group_links"] = Value::Null,
        "users/" => row["membership"] = Value::Null,
        "memberships/" => row["user"] = Value::Null,
        _ => {}
    }
}

/// Asks for every list and for every row by key, as the administrator of one organization.
async fn answers(platform: &Platform, organization: u64) -> Vec<(String, Value)> {
    let admin = platform
        .world
        .session_of(99 + i64::try_from(organization).unwrap())
        .await;
    let admin = admin.header("host", &format!("{}.test", mark(organization)));
    let mut answers = Vec::new();
    for list in LISTS {
        let body = admin.get(&path(&format!("{list}?limit=1000"))).await.json();
        for row in body["results"].as_array().into_iter().flatten() {
            let mut row = row.clone();
            own(list, &mut row);
            answers.push((list.to_owned(), row));
        }
        let keys: Vec<String> = match list {
            "courses/" => (0..8)
                .flat_map(|at| (1..=ORGANIZATIONS).map(move |of| course(at, of)))
                .collect(),
            _ => (100..120).map(|key: u64| key.to_string()).collect(),
        };
        for key in keys {
            let target = format!("{list}{key}/");
            let answer = admin.get(&path(&target)).await;
            if answer.status == 200 {
                let mut row = answer.json();
                own(list, &mut row);
                answers.push((target, row));
            }
        }
    }
    answers
}

#[tokio::test]
async fn no_answer_holds_a_row_of_another_organization() {
    each(async |platform| {
        let mut shown = 0;
        for seed in 0..6 {
            let rows = world(&mut Dice(seed));
            platform.world.import(&Value::from(rows).to_string()).await;
            for organization in 1..=ORGANIZATIONS {
                for (target, row) in answers(platform, organization).await {
                    shown += 1;
                    let text = row.to_string();
                    for other in (1..=ORGANIZATIONS).filter(|other| *other != organization) {
                        assert!(!text.contains(&mark(other)), "{seed} {target}: {text}");
                    }
                }
            }
        }
        assert!(shown > 500, "only {shown} rows were shown");
    })
    .await;
}

#[tokio::test]
async fn nothing_of_another_organization_can_be_changed_or_named() {
    each(async |platform| {
        let red = platform.caller("redadmin").await;
        let before = platform.rows().await;
        for (target, body) in [
            ("course-access-groups/3/", json!({"name": "x"})),
            ("memberships/2/", json!({"group": 1})),
            ("membership-rules/2/", json!({"name": "x"})),
            ("group-courses/4/", json!({"group": 1})),
        ] {
            for method in ["PUT", "PATCH", "DELETE"] {
                let answer = red.json(method, &path(target), &body).await;
                assert_eq!(answer.status, 404, "{method} {target}");
            }
        }
        for (target, body) in [
            ("memberships/", json!({"user": 8, "group": 1})),
            ("memberships/", json!({"user": 6, "group": 3})),
            (
                "membership-rules/",
                json!({"name": "x", "domain": "x.org", "group": 3}),
            ),
            (
                "public-courses/",
                json!({"course": "course-v1:Blue+Py+2024"}),
            ),
            (
                "group-courses/",
                json!({"course": "course-v1:Blue+Py+2024", "group": 1}),
            ),
        ] {
            let answer = red.post(&path(target), &body).await;
            assert_eq!(answer.status, 400, "{target} {body}");
        }
        assert_eq!(platform.rows().await, before);
    })
    .await;
}
