//! Who may, and what everybody may ask.

use serde_json::json;

use super::world::{applied, each, own, problem, staff};

const OPERATIONS: [(&str, &str); 8] = [
    ("POST", "tenants:plan"),
    ("POST", "tenants:apply"),
    ("GET", "tenants:export"),
    ("GET", "tenants/sync"),
    ("GET", "deleted-tenants/"),
    ("GET", "deleted-tenants/99/"),
    ("DELETE", "deleted-tenants/99/"),
    ("POST", "deleted-tenants/99/restore/"),
];

#[tokio::test]
async fn only_active_staff_may() {
    each(async |world| {
        for (user, refusal) in [
            (None, Some(401)),
            (Some(3), Some(403)),
            (Some(4), Some(403)),
            (Some(2), None),
            (Some(1), None),
        ] {
            let client = match user {
                Some(user) => world.session_of(user).await,
                None => world.nobody(),
            };
            for (method, below) in OPERATIONS {
                let answer = client.json(method, &own(below), &json!({})).await;
                let asked = format!("{user:?}: {method} {below}: {}", answer.text());
                match refusal {
                    Some(status) => assert_eq!(answer.status, status, "{asked}"),
                    None => assert!([200, 400, 404].contains(&answer.status), "{asked}"),
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_may_not_learns_nothing_of_methods_and_bodies() {
    each(async |world| {
        let (staff, learner) = (staff(world).await, world.session_of(3).await);
        for (method, below) in OPERATIONS {
            let other = if method == "GET" { "PATCH" } else { "PUT" };
            let answer = learner
                .send(other, &own(below), Some("text/plain"), "{")
                .await;
            assert_eq!(answer.status, 403, "{other} {below}");
            let answer = staff.json(other, &own(below), &json!({})).await;
            assert_eq!(answer.status, 405, "{other} {below}");
        }
        for below in ["tenants:plan", "tenants:apply"] {
            let form = Some("application/x-www-form-urlencoded");
            let answer = staff.send("POST", &own(below), form, "tenants=").await;
            assert_eq!(answer.status, 415, "{below}");
        }
    })
    .await;
}

#[tokio::test]
async fn everybody_may_ask_whether_a_host_is_known() {
    each(async |world| {
        let file = json!({"tenants": [
            {"name": "talent1", "platform_name": "One", "domains": ["talent1.local.openedx.io", "www.talent1.org"]},
        ]});
        applied(&staff(world).await, &file).await;
        let nobody = world.nobody().header("authorization", "Basic nonsense");
        for (asked, status) in [
            ("?domain=talent1.local.openedx.io", 200),
            ("?domain=www.talent1.org", 200),
            ("?domain=talent1.apps.local.openedx.io", 200),
            ("?domain=studio.talent1.local.openedx.io", 200),
            ("?domain=local.openedx.io", 200),
            ("?domain=apps.local.openedx.io", 200),
            ("?domain=studio.local.openedx.io", 200),
            ("?domain=talent2.local.openedx.io", 404),
            ("?domain=studio.www.talent1.org", 404),
            ("?domain=example.com&domain=www.talent1.org", 200),
            ("?domain=%00", 400),
            ("?domain=", 400),
            ("", 400),
        ] {
            let answer = nobody.get(&own(&format!("tenants/known-host{asked}"))).await;
            assert_eq!(answer.status, status, "{asked}: {}", answer.text());
            if status == 200 {
                assert_eq!(answer.json(), json!({"known": true}), "{asked}");
            } else {
                problem(&answer);
            }
        }
        let slashed = nobody.get(&own("tenants/known-host/?domain=local.openedx.io")).await;
        assert_eq!(slashed.status, 200);
        let posted = nobody.post(&own("tenants/known-host"), &json!({})).await;
        assert_eq!(posted.status, 405);
    })
    .await;
}
