//! What applications keep of end users, and what of it outlives a tenant (specification, section 10).

use std::fmt::Write as _;

use provost_profiles::Level::{DepartmentAdmin, EndUser, GroupAdmin, SystemAdmin, TenantAdmin};
use provost_profiles::people::Standing;
use provost_profiles::sweep;
use provost_store::changes;
use provost_testkit::{Client, World};
use serde_json::{Value, json};

use super::deletion::{last_seq, log_after};
use super::world::{appoint, caller, codes, done, each, group, plain, standing, tenant};

/// The applications of the end user of a group.
fn base(group_id: &str) -> String {
    format!("/api/v1/tenants/t/groups/{group_id}/users/user/properties/applications/")
}

async fn furnish(world: &World) -> Client {
    tenant(world, "t").await;
    for group_id in ["g", "h"] {
        group(world, "t", group_id).await;
    }
    appoint(world, "user", &standing(EndUser, Some("t"), Some("g"))).await;
    caller(world, "root").await
}

async fn keep(client: &Client, group_id: &str, application: &str, key: &str) {
    let target = format!("{}{application}/{key}/", base(group_id));
    let body = json!({"data": format!("{application} {key}")});
    assert_eq!(done(client.put(&target, &body).await, 200), body);
}

async fn applications(client: &Client, group_id: &str) -> Value {
    let found = done(client.get(&base(group_id)).await, 200);
    let found = found["applications"].as_array().unwrap();
    found
        .iter()
        .map(|found| found["applicationId"].clone())
        .collect()
}

#[tokio::test]
async fn what_is_kept_is_found_until_it_is_forgotten() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = furnish(&world).await;
        assert_eq!(applications(&root, "g").await, json!([]));
        for (application, key) in [
            ("netaxis", "tea"),
            ("netaxis", "coffee"),
            ("Zeta", "k"),
            ("alpha", "k"),
        ] {
            keep(&root, "g", application, key).await;
        }
        assert_eq!(
            applications(&root, "g").await,
            json!(["Zeta", "alpha", "netaxis"])
        );
        assert_eq!(applications(&root, "h").await, json!([]));
        let keys = format!("{}netaxis/", base("g"));
        let both = json!({"applicationKeys": [
            {"applicationId": "netaxis", "key": "coffee"},
            {"applicationId": "netaxis", "key": "tea"},
        ]});
        assert_eq!(done(root.get(&keys).await, 200), both);
        assert_eq!(done(root.get(keys.trim_end_matches('/')).await, 200), both);
        let tea = format!("{keys}tea");
        done(root.put(&tea, &json!({"data": ""})).await, 200);
        assert_eq!(done(root.get(&tea).await, 200), json!({"data": ""}));
        for key in ["tea", "coffee"] {
            let answer = root.delete(&format!("{keys}{key}/")).await;
            assert_eq!(answer.line(), "200 {}");
        }
        // An application is there as long as it has a key.
        assert_eq!(applications(&root, "g").await, json!(["Zeta", "alpha"]));
        let gone = r#"404 {"details":"Application 'netaxis' not found."}"#;
        assert_eq!(root.get(&keys).await.line(), gone);
        for answer in [root.get(&tea).await, root.delete(&tea).await] {
            assert_eq!(answer.line(), r#"404 {"details":"Key 'tea' not found."}"#);
        }
    }
}

#[tokio::test]
async fn any_text_is_kept_as_it_is() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = furnish(&world).await;
        let long = "é".repeat(128);
        for (application, key, data) in [
            ("a", "k", "plain"),
            ("café ☕", "日本語", "Grüße 東京 😀\n\t\"\\"),
            ("a b", "50%", "{\"a\": [1, null]}"),
            ("..", "'\"", " "),
            (long.as_str(), long.as_str(), long.as_str()),
        ] {
            let target = format!("{}{}/{}/", base("g"), segment(application), segment(key));
            let body = json!({"data": data});
            assert_eq!(done(root.put(&target, &body).await, 200), body);
            assert_eq!(done(root.get(&target).await, 200), body, "{target}");
            let keys = root
                .get(&format!("{}{}/", base("g"), segment(application)))
                .await;
            let own = json!([{"applicationId": application, "key": key}]);
            assert_eq!(done(keys, 200)["applicationKeys"], own);
            done(root.delete(&target).await, 200);
        }
        let large = json!({"data": "x".repeat(200_000)});
        let target = format!("{}a/large/", base("g"));
        done(root.put(&target, &large).await, 200);
        assert_eq!(done(root.get(&target).await, 200), large);
    }
}

/// A segment of a path.
fn segment(text: &str) -> String {
    let mut segment = String::new();
    for byte in text.bytes() {
        write!(segment, "%{byte:02X}").unwrap();
    }
    segment
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused_and_what_is_not_there_is_not_found() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = furnish(&world).await;
        let (most, more) = ("a".repeat(128), "a".repeat(129));
        let (name, longer) = ("u".repeat(150), "u".repeat(151));
        let users = "/api/v1/tenants/t/groups/g/users";
        let below = |user: &str, application: &str, key: &str| {
            format!("{users}/{user}/properties/applications/{application}/{key}/")
        };
        let data = json!({"data": "d"});
        done(root.put(&below(&name, &most, &most), &data).await, 200);
        let seq = last_seq(&world).await;
        for (target, body, expected) in [
            (below("u", "a", &more), data.clone(), vec![(1002, "key")]),
            (
                below("u", &more, "k"),
                data.clone(),
                vec![(1002, "applicationId")],
            ),
            (
                below(&longer, "a", "k"),
                data.clone(),
                vec![(1002, "userId")],
            ),
            (
                below(&longer, &more, &more),
                data.clone(),
                vec![(1002, "userId"), (1002, "applicationId"), (1002, "key")],
            ),
            (below("u", "a", "%00"), data.clone(), vec![(1002, "key")]),
            (below("u", "a", "k"), json!({}), vec![(1001, "data")]),
            (
                below("u", "a", "k"),
                json!({"data": 5}),
                vec![(1002, "data")],
            ),
            (
                below("u", "a", "k"),
                json!({"data": null}),
                vec![(1002, "data")],
            ),
            (
                below("u", "a", "k"),
                json!({"data": "\0"}),
                vec![(1002, "data")],
            ),
        ] {
            let answer = root.put(&target, &body).await;
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(code, name)| (code, name.to_owned()))
                .collect();
            assert_eq!(codes(&answer), expected, "{target} {body}");
        }
        for (method, target, expected) in [
            ("GET", below("u", "%00", "k"), "Key 'k'"),
            (
                "GET",
                "/api/v1/tenants/no/groups/g/users/u/properties/applications/".to_owned(),
                "Tenant 'no'",
            ),
            (
                "GET",
                "/api/v1/tenants/t/groups/no/users/u/properties/applications/".to_owned(),
                "Group 'no'",
            ),
            (
                "PUT",
                "/api/v1/tenants/no/groups/g/users/u/properties/applications/a/k/".to_owned(),
                "Tenant 'no'",
            ),
            (
                "PUT",
                "/api/v1/tenants/t/groups/no/users/u/properties/applications/a/k/".to_owned(),
                "Group 'no'",
            ),
            (
                "DELETE",
                "/api/v1/tenants/t/groups/no/users/u/properties/applications/a/k/".to_owned(),
                "Key 'k'",
            ),
        ] {
            let answer = root.json(method, &target, &data).await;
            let expected = format!(r#"404 {{"details":"{expected} not found."}}"#);
            assert_eq!(answer.line(), expected, "{method} {target}");
        }
        let empty = root
            .send("PUT", &below("u", "a", "k"), Some("application/json"), "")
            .await;
        assert_eq!(empty.status, 416);
        assert_eq!(log_after(&world, seq).await, [""; 0]);
    }
}

#[tokio::test]
async fn a_user_sees_what_is_theirs_and_administrators_what_is_in_their_place() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = furnish(&world).await;
        keep(&root, "g", "a", "k").await;
        for (name, standing, status) in [
            ("user", standing(EndUser, Some("t"), Some("g")), 200),
            // The same name in another group is somebody else.
            ("user", standing(EndUser, Some("t"), Some("h")), 403),
            ("other", standing(EndUser, Some("t"), Some("g")), 403),
            (
                "department",
                standing(DepartmentAdmin, Some("t"), Some("g")),
                403,
            ),
            ("group", standing(GroupAdmin, Some("t"), Some("g")), 200),
            ("group", standing(GroupAdmin, Some("t"), Some("h")), 403),
            ("tenant", standing(TenantAdmin, Some("t"), None), 200),
            ("system", standing(SystemAdmin, None, None), 200),
        ] {
            appoint(&world, name, &standing).await;
            let client = caller(&world, name).await;
            for target in ["", "a/", "a/k/"].map(|below| format!("{}{below}", base("g"))) {
                assert_eq!(
                    client.get(&target).await.status,
                    status,
                    "{name} {standing:?} {target}"
                );
            }
            let body = json!({"data": "a k"});
            let kept = client.put(&format!("{}a/k/", base("g")), &body).await;
            assert_eq!(kept.status, status, "{name} {standing:?}");
        }
        appoint(&world, "user", &standing(EndUser, Some("t"), Some("g"))).await;
        let user = caller(&world, "user").await;
        let others = "/api/v1/tenants/t/groups/g/users/other/properties/applications/";
        assert_eq!(user.get(others).await.status, 403);
    }
}

#[tokio::test]
async fn the_log_says_that_something_is_kept_and_not_what() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = furnish(&world).await;
        let target = format!("{}a/k/", base("g"));
        let seq = last_seq(&world).await;
        let (secret, other) = (json!({"data": "secret"}), json!({"data": "secret too"}));
        // The second request says what is there already.
        for body in [&secret, &secret, &other] {
            done(root.put(&target, body).await, 200);
        }
        done(root.delete(&target).await, 200);
        assert_eq!(root.delete(&target).await.status, 404);
        assert_eq!(
            log_after(&world, seq).await,
            ["profile.data.changed profile:t/g"; 3]
        );
        let log = changes::since(world.app.store().read(), seq).await.unwrap();
        let facts = json!({"userId": "user", "applicationId": "a", "key": "k"});
        let said = log
            .iter()
            .map(|change| (change.before.clone(), change.after.clone()));
        let kept = (None, Some(facts.clone()));
        assert_eq!(
            said.collect::<Vec<_>>(),
            [kept.clone(), kept, (Some(facts), None)]
        );
    }
}

/// What is done, one after the other: `-t` removes the tenant with its groups and `-g` the group, keeping
/// the records of the applications behind it; `+` makes both anew, as far as they are gone; `=a` keeps
/// something of application `a` anew, and `~` sweeps. Then the applications of which something is found.
const HISTORIES: [(&str, &str); 19] = [
    ("-t", ""),
    ("-g", ""),
    ("-t:a", "a"),
    ("-g:a", "a"),
    ("-t:a,b", "a b"),
    ("-g:b,c", "b"),
    ("-t:a ~", "a"),
    ("-g:a ~", "a"),
    ("-t:a +", "a"),
    ("-g:a ~ +", "a"),
    // What is to be kept once more is kept, and the rest is not.
    ("-t:a,b + -t:a", "a"),
    ("-t:a,b ~ + -t:b ~", "b"),
    ("-g:a,b + -g:b", "b"),
    ("-g:a -t", ""),
    ("-g:a,b ~ -t:a ~", "a"),
    ("-g -t:a", ""),
    ("-t:a + -g", ""),
    ("-t:a + -t + ~", ""),
    ("-t:a + =b -t:b ~ +", "b"),
];

async fn go(world: &World, root: &Client, deed: &str) {
    let (what, applications) = deed.split_once(':').unwrap_or((deed, ""));
    let mut body = json!({"deleteEvenIfNonEmpty": true});
    if !applications.is_empty() {
        body["_excludedAppIds"] = applications.split(',').collect();
    }
    match what {
        "-t" => drop(done(
            root.json("DELETE", "/api/v1/tenants/t/", &body).await,
            200,
        )),
        "-g" => drop(done(
            root.json("DELETE", "/api/v1/tenants/t/groups/g/", &body)
                .await,
            200,
        )),
        "+" => {
            let tenant = json!({"tenantId": "t", "type": "Enterprise"});
            root.post("/api/v1/tenants/", &tenant).await;
            let group = json!({"groupId": "g"});
            root.post("/api/v1/tenants/t/groups/", &group).await;
        }
        "~" => drop(sweep(&world.app).await.unwrap()),
        kept => keep(root, "g", kept.trim_start_matches('='), "k").await,
    }
}

#[tokio::test]
async fn of_what_goes_what_is_excluded_is_kept_until_it_goes_without() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        for (history, expected) in HISTORIES {
            go(&world, &root, "+").await;
            for deed in ["=a", "=b"].into_iter().chain(history.split(' ')) {
                go(&world, &root, deed).await;
            }
            for is_swept in [false, true] {
                let about = format!("{history}, swept: {is_swept}");
                let answer = root.get(&base("g")).await;
                let there = root.get("/api/v1/tenants/t/groups/g/").await.status == 200;
                if expected.is_empty() && !there {
                    assert_eq!(answer.status, 404, "{about}");
                } else {
                    let listed = expected.split_whitespace();
                    let listed = listed
                        .map(|id| json!({"applicationId": id}))
                        .collect::<Value>();
                    assert_eq!(done(answer, 200)["applications"], listed, "{about}");
                }
                for application in ["a", "b"] {
                    let found = root.get(&format!("{}{application}/k/", base("g"))).await;
                    let status = if expected.contains(application) {
                        200
                    } else {
                        404
                    };
                    assert_eq!(found.status, status, "{about}: {application}");
                }
                sweep(&world.app).await.unwrap();
            }
            // Nothing is left for the next one.
            go(&world, &root, "+").await;
            go(&world, &root, "-t").await;
            assert_eq!(root.get(&base("g")).await.status, 404, "{history}");
        }
    }
}

#[tokio::test]
async fn what_outlives_its_tenant_is_for_those_above_all_tenants_alone() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = furnish(&world).await;
        done(
            root.post("/api/v1/local/resellers/", &json!({"name": "r"}))
                .await,
            201,
        );
        keep(&root, "g", "a", "k").await;
        keep(&root, "g", "a", "l").await;
        let whole = standing(SystemAdmin, None, None);
        let bound = Standing {
            reseller: Some("r".to_owned()),
            ..whole.clone()
        };
        let looker = Standing {
            read_only: true,
            ..whole.clone()
        };
        let of_tenant = standing(TenantAdmin, Some("t"), None);
        let of_user = standing(EndUser, Some("t"), Some("g"));
        appoint(&world, "system", &whole).await;
        appoint(&world, "other", &bound).await;
        appoint(&world, "looker", &looker).await;
        appoint(&world, "tenant", &of_tenant).await;
        go(&world, &root, "-t:a").await;
        let one = format!("{}a/k/", base("g"));
        for is_swept in [false, true] {
            for (name, status) in [
                ("root", 200),
                ("system", 200),
                ("looker", 200),
                ("other", 404),
                ("tenant", 403),
                ("user", 403),
                ("stranger", 403),
            ] {
                let client = caller(&world, name).await;
                for target in [base("g"), format!("{}a/", base("g")), one.clone()] {
                    let answer = client.get(&target).await;
                    assert_eq!(
                        answer.status,
                        status,
                        "{name} {target} {is_swept}: {}",
                        answer.line()
                    );
                }
            }
            sweep(&world.app).await.unwrap();
        }
        // Nothing can be kept anew where nobody is, but what is kept can go.
        let system = caller(&world, "system").await;
        let refused = r#"404 {"details":"Tenant 't' not found."}"#;
        assert_eq!(
            system.put(&one, &json!({"data": "d"})).await.line(),
            refused
        );
        let other = caller(&world, "other").await;
        assert_eq!(other.delete(&one).await.status, 404);
        let looker = caller(&world, "looker").await;
        assert_eq!(looker.delete(&one).await.status, 403);
        let seq = last_seq(&world).await;
        assert_eq!(system.delete(&one).await.line(), "200 {}");
        assert_eq!(
            log_after(&world, seq).await,
            ["profile.data.changed profile:t/g"]
        );
        assert_eq!(system.delete(&one).await.status, 404);
        // Whoever comes anew finds nothing of it: that is still for those above all tenants alone.
        go(&world, &root, "+").await;
        appoint(&world, "tenant", &of_tenant).await;
        appoint(&world, "user", &of_user).await;
        let second = format!("{}a/l/", base("g"));
        for name in ["tenant", "user"] {
            let client = caller(&world, name).await;
            assert_eq!(applications(&client, "g").await, json!([]), "{name}");
            assert_eq!(client.get(&second).await.status, 404, "{name}");
            assert_eq!(client.delete(&second).await.status, 404, "{name}");
        }
        let system = caller(&world, "system").await;
        assert_eq!(done(system.get(&second).await, 200), json!({"data": "a l"}));
        // What is written anew counts before what was kept.
        let user = caller(&world, "user").await;
        done(user.put(&second, &json!({"data": "mine"})).await, 200);
        for client in [&user, &system] {
            assert_eq!(
                done(client.get(&second).await, 200),
                json!({"data": "mine"})
            );
        }
        go(&world, &root, "-t").await;
        assert_eq!(root.get(&second).await.status, 404);
    }
}

#[tokio::test]
async fn what_outlives_its_group_is_for_those_above_all_tenants_alone() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = furnish(&world).await;
        keep(&root, "g", "a", "k").await;
        keep(&root, "h", "a", "k").await;
        let of_group = standing(GroupAdmin, Some("t"), Some("g"));
        appoint(&world, "tenant", &standing(TenantAdmin, Some("t"), None)).await;
        appoint(&world, "group", &of_group).await;
        let ask = async |name: &str| {
            let client = caller(&world, name).await;
            client.get(&format!("{}a/k/", base("g"))).await.status
        };
        go(&world, &root, "-g:a").await;
        for is_swept in [false, true] {
            for (name, status) in [
                ("root", 200),
                ("tenant", 404),
                ("group", 403),
                ("user", 403),
            ] {
                assert_eq!(ask(name).await, status, "{name} {is_swept}");
            }
            sweep(&world.app).await.unwrap();
        }
        go(&world, &root, "+").await;
        appoint(&world, "group", &of_group).await;
        for (name, status) in [
            ("root", 200),
            ("tenant", 404),
            ("group", 404),
            ("user", 403),
        ] {
            assert_eq!(ask(name).await, status, "{name} anew");
        }
        go(&world, &root, "-g").await;
        assert_eq!(ask("root").await, 404);
        // The other group lost nothing by it.
        assert_eq!(applications(&root, "h").await, json!(["a"]));
    }
}
