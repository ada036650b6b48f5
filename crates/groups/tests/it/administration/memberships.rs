//! Memberships: several for one person, and none of anybody else's people.

use provost_policy::courses::Reason;
use serde_json::json;

use super::{ids, last_seq, log_after, problem, red, rows};
use crate::world::{each, path};

#[tokio::test]
async fn a_person_may_be_in_several_groups_and_the_old_api_shows_the_oldest() {
    each(async |platform| {
        let admin = platform.caller("redadmin").await;
        let seq = last_seq(platform).await;
        let body = json!({"user": "ron", "group": 2});
        let answer = admin.post(&red("memberships/"), &body).await;
        let expected = json!({
            "id": 3,
            "user": {"id": 5, "email": "ron@corp.com", "username": "ron"},
            "group": {"id": 2, "name": "Customers"},
            "automatic": false,
        });
        assert_eq!((answer.status, answer.json()), (201, expected.clone()));
        assert_eq!(admin.get(&red("memberships/3/")).await.json(), expected);
        assert_eq!(ids(&rows(&admin, "memberships/?limit=1").await), [1, 3]);
        let shown = admin.get(&path("users/5/")).await.json();
        assert_eq!(shown["membership"]["group"]["id"], json!(1));
        let [entry] = &log_after(platform, seq).await[..] else {
            panic!("one entry")
        };
        assert_eq!(entry.kind, "course_access.membership.created");
        assert_eq!(
            (entry.actor.as_str(), entry.org.as_deref()),
            ("redadmin", Some("red"))
        );
        let facts = json!({"id": 3, "user": 5, "group": 2, "automatic": false});
        assert_eq!(entry.after, Some(facts));

        assert_eq!(admin.delete(&red("memberships/1/")).await.status, 204);
        assert_eq!(admin.delete(&red("memberships/1/")).await.status, 404);
        let shown = admin.get(&path("users/5/")).await.json();
        assert_eq!(shown["membership"]["group"]["id"], json!(2));
        let log = log_after(platform, seq).await;
        assert_eq!(log.len(), 2);
        assert_eq!(log[1].kind, "course_access.membership.deleted");
        assert_eq!(log[1].subject, "membership:1");
        let index = platform.world.app.course_access();
        let reason = index.decide(Some(5), "course-v1:Red+Py+2024").reason;
        assert_eq!(reason, Reason::NotMember);
    })
    .await;
}

#[tokio::test]
async fn who_and_what_is_not_the_organizations_cannot_be_named() {
    each(async |platform| {
        let admin = platform.caller("redadmin").await;
        let seq = last_seq(platform).await;
        let user = |name: &str| json!({"user": [format!("Invalid user: {name}")]});
        let group = |id: i64| json!({"group": [format!("Invalid group id: {id}")]});
        for (body, status, said) in [
            (json!({"user": "nobody", "group": 1}), 400, user("nobody")),
            (json!({"user": "Ron", "group": 1}), 400, user("Ron")),
            (json!({"user": "bob", "group": 1}), 400, user("bob")),
            (json!({"user": "ida", "group": 1}), 400, user("ida")),
            (json!({"user": "stan", "group": 1}), 400, user("stan")),
            (json!({"user": "ron", "group": 3}), 400, group(3)),
            (json!({"user": "ron", "group": 99}), 400, group(99)),
            (
                json!({"user": "bob", "group": 3}),
                400,
                json!({"user": ["Invalid user: bob"], "group": ["Invalid group id: 3"]}),
            ),
            (
                json!({}),
                400,
                json!({"user": ["This field is required."], "group": ["This field is required."]}),
            ),
            (
                json!({"user": "ron", "group": 1}),
                409,
                json!("ron is in group 1 already."),
            ),
        ] {
            let answer = admin.post(&red("memberships/"), &body).await;
            assert_eq!(problem(&answer), (status, said), "{body}");
        }
        assert_eq!(log_after(platform, seq).await, []);
        assert_eq!(ids(&rows(&admin, "memberships/").await), [1]);
    })
    .await;
}

#[tokio::test]
async fn people_of_other_organizations_do_not_appear() {
    each(async |platform| {
        let stray = json!([{"model": "course_access_groups.membership", "pk": 7, "fields": {
            "created": "2026-01-02T03:04:05Z", "modified": "2026-01-02T03:04:05Z",
            "group": 1, "user": 8}}]);
        platform.world.import(&stray.to_string()).await;
        let before = platform.rows().await;
        let admin = platform.caller("redadmin").await;
        assert_eq!(ids(&rows(&admin, "memberships/").await), [1]);
        for foreign in ["memberships/7/", "memberships/2/", "memberships/99/"] {
            assert_eq!(admin.get(&red(foreign)).await.status, 404, "{foreign}");
            assert_eq!(admin.delete(&red(foreign)).await.status, 404, "{foreign}");
        }
        assert_eq!(platform.rows().await, before);
    })
    .await;
}
