//! Who may administer which organization, and what everybody else learns of it.

use serde_json::json;

use super::{BASE, red};
use crate::world::each;

/// A path below the organization, or a method, a path and a body.
const OPERATIONS: [(&str, &str); 13] = [
    ("GET", "memberships/"),
    ("POST", "memberships/"),
    ("GET", "memberships/1/"),
    ("DELETE", "memberships/99/"),
    ("GET", "rules/"),
    ("POST", "rules/"),
    ("GET", "rules/1/"),
    ("PATCH", "rules/99/"),
    ("DELETE", "rules/99/"),
    ("GET", "rules/1/matches/"),
    ("GET", "evaluations/"),
    ("GET", "evaluations/99/"),
    ("GET", "evaluations/99/results/"),
];

#[tokio::test]
async fn others_are_refused_whether_or_not_there_is_such_an_organization() {
    each(async |platform| {
        for (name, refusals) in [
            ("root", [None, Some(404)]),
            ("stan", [None, Some(404)]),
            ("redadmin", [None, Some(403)]),
            ("blueadmin", [Some(403), Some(403)]),
            ("ron", [Some(403), Some(403)]),
            ("lone", [Some(403), Some(403)]),
            ("anonymous", [Some(401), Some(401)]),
        ] {
            let client = platform.caller(name).await;
            for (organization, refusal) in ["red", "no such/%ff"].iter().zip(refusals) {
                for (method, below) in OPERATIONS {
                    let target =
                        format!("{BASE}{}/{below}", organization.replace([' ', '/'], "%20"));
                    let answer = client.json(method, &target, &json!({})).await;
                    let asked = format!("{name}: {method} {target}: {}", answer.text());
                    match refusal {
                        Some(status) => assert_eq!(answer.status, status, "{asked}"),
                        None => assert!(![401, 403].contains(&answer.status), "{asked}"),
                    }
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_organization_is_told_by_its_exact_short_name() {
    each(async |platform| {
        let stan = platform.caller("stan").await;
        for (organization, status) in [("red", 200), ("Red", 404), ("1", 404), ("blue", 200)] {
            let answer = stan.get(&format!("{BASE}{organization}/rules/")).await;
            assert_eq!(answer.status, status, "{organization}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_api_token_opens_the_door_and_other_methods_do_not_exist() {
    each(async |platform| {
        let token = platform.caller("anonymous").await;
        let token = token.header("authorization", "Token redtoken");
        assert_eq!(token.get(&red("rules/")).await.status, 200);
        let answer = token.put(&red("rules/1/"), &json!({})).await;
        assert_eq!(answer.status, 405);
        assert_eq!(
            answer.header("allow").unwrap(),
            "GET, PATCH, DELETE, HEAD, OPTIONS"
        );
        assert_eq!(token.get(&red("rules/one/")).await.status, 404);
        assert_eq!(token.get(&red("rules/?cursor=zz")).await.status, 400);
    })
    .await;
}
