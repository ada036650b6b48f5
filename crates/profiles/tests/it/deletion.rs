//! Removing tenants: what goes, what stays, and what whoever comes next finds (specification, section
//! 4.3).

use std::collections::BTreeSet;

use provost_profiles::Level::{EndUser, GroupAdmin};
use provost_profiles::sweep;
use provost_store::changes;
use provost_store::tenants::{Object, configs};
use provost_testkit::{Answer, Client, World};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::world::{appoint, caller, codes, done, each, group, plain, standing, tenant};

/// The number of the log's last entry.
pub async fn last_seq(world: &World) -> i64 {
    changes::last_seq(world.app.store().read()).await.unwrap()
}

/// What the log holds after an entry of what is done and refused here, as `kind subject`.
pub async fn log_after(world: &World, seq: i64) -> Vec<String> {
    let log = changes::since(world.app.store().read(), seq).await.unwrap();
    let own = log
        .iter()
        .filter(|change| change.kind.starts_with("profile.") || change.kind == "request.denied");
    own.map(|change| format!("{} {}", change.kind, change.subject))
        .collect()
}

async fn people_of(root: &Client) -> Value {
    done(root.get("/api/provost/v1/profiles/people/").await, 200)["people"].clone()
}

async fn with_groups(world: &World, tenant_id: &str, groups: &[&str]) {
    tenant(world, tenant_id).await;
    for group_id in groups {
        group(world, tenant_id, group_id).await;
    }
}

/// Groups, what is asked in the query and in the body, and the status with the answer, or with the numbers
/// of what is refused and the parameters.
const ASKED: [(&[&str], &str, &str, u16, &str); 28] = [
    (&[], "", "", 200, "{}"),
    (&[], "", "{}", 200, "{}"),
    (&[], "", r#"{"deleteEvenIfNonEmpty": true}"#, 200, "{}"),
    (&[], "?deleteEvenIfNonEmpty=false", "", 200, "{}"),
    (
        &[],
        "",
        r#"{"tenantId": "TENANT", "type": "Enterprise", "name": ""}"#,
        200,
        "{}",
    ),
    (&["g"], "", "", 400, "1004 "),
    (
        &["g"],
        "",
        r#"{"deleteEvenIfNonEmpty": false}"#,
        400,
        "1004 ",
    ),
    (&["g"], "?deleteEvenIfNonEmpty=0", "", 400, "1004 "),
    (
        &["g"],
        "?deleteEvenIfNonEmpty=true",
        r#"{"deleteEvenIfNonEmpty": false}"#,
        400,
        "1004 ",
    ),
    (&["g"], "", r#"{"_excludedAppIds": ["a"]}"#, 400, "1004 "),
    (
        &["b", "a", "B", "10", "9", "ä"],
        "",
        r#"{"deleteEvenIfNonEmpty": true}"#,
        200,
        r#"{"deletedGroupIds":["10","9","B","a","b","ä"]}"#,
    ),
    (
        &["g"],
        "?deleteEvenIfNonEmpty=true",
        "",
        200,
        r#"{"deletedGroupIds":["g"]}"#,
    ),
    (
        &["g"],
        "?deleteEvenIfNonEmpty=1",
        "",
        200,
        r#"{"deletedGroupIds":["g"]}"#,
    ),
    (
        &["g"],
        "?deleteEvenIfNonEmpty=1&_excludedAppIds=a,b",
        "",
        200,
        r#"{"deletedGroupIds":["g"]}"#,
    ),
    (
        &["g"],
        "?deleteEvenIfNonEmpty=1&_excludedAppIds=a&_excludedAppIds=b",
        "",
        200,
        r#"{"deletedGroupIds":["g"]}"#,
    ),
    (
        &["g"],
        "?deleteEvenIfNonEmpty=0",
        r#"{"deleteEvenIfNonEmpty": true}"#,
        200,
        r#"{"deletedGroupIds":["g"]}"#,
    ),
    (
        &["g"],
        "?deleteEvenIfNonEmpty=yes",
        "",
        400,
        "1002 deleteEvenIfNonEmpty",
    ),
    (
        &["g"],
        "?deleteEvenIfNonEmpty=",
        "",
        400,
        "1002 deleteEvenIfNonEmpty",
    ),
    (
        &["g"],
        "",
        r#"{"deleteEvenIfNonEmpty": "true"}"#,
        400,
        "1002 deleteEvenIfNonEmpty",
    ),
    (
        &["g"],
        "",
        r#"{"deleteEvenIfNonEmpty": 1}"#,
        400,
        "1002 deleteEvenIfNonEmpty",
    ),
    (
        &["g"],
        "",
        r#"{"deleteEvenIfNonEmpty": null}"#,
        400,
        "1002 deleteEvenIfNonEmpty",
    ),
    (
        &[],
        "",
        r#"{"_excludedAppIds": "a"}"#,
        400,
        "1002 _excludedAppIds",
    ),
    (
        &[],
        "",
        r#"{"_excludedAppIds": ["a", 5]}"#,
        400,
        "1002 _excludedAppIds",
    ),
    (
        &["g"],
        "",
        r#"{"_excludedAppIds": {}, "deleteEvenIfNonEmpty": []}"#,
        400,
        "1002 deleteEvenIfNonEmpty, 1002 _excludedAppIds",
    ),
    (&[], "", r#"{"tenantId": "other"}"#, 400, "1003 tenantId"),
    (&[], "", r#"{"name": "other"}"#, 400, "1003 name"),
    (&["g"], "?deleteEvenIfNonEmpty=true", "[]", 416, ""),
    (&["g"], "?deleteEvenIfNonEmpty=true", "{", 416, ""),
];

/// What is refused, as `number parameter` after `number parameter`.
pub fn numbers(answer: &Answer) -> String {
    let said = codes(answer)
        .into_iter()
        .map(|(code, parameter)| format!("{code} {parameter}"));
    said.collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn a_tenant_goes_as_it_is_asked_or_stays_whole() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        for (number, (groups, query, body, status, expected)) in ASKED.into_iter().enumerate() {
            let tenant_id = format!("t{number}");
            with_groups(&world, &tenant_id, groups).await;
            let base = format!("/api/v1/tenants/{tenant_id}");
            let views = [
                base.clone(),
                format!("{base}/groups"),
                format!("{base}/domains"),
            ];
            let before = all(&root, &views).await;
            let seq = last_seq(&world).await;
            let body = body.replace("TENANT", &tenant_id);
            let target = format!("{base}/{query}");
            let answer = root
                .send("DELETE", &target, Some("application/json"), body.clone())
                .await;
            let about = format!("{groups:?} {query} {body}: {}", answer.line());
            assert_eq!(answer.status, status, "{about}");
            if status == 200 {
                assert_eq!(answer.text(), expected, "{about}");
                let entry = format!("profile.tenant.deleted profile:{tenant_id}");
                assert_eq!(log_after(&world, seq).await, [entry], "{about}");
                let gone = format!(r#"404 {{"details":"Tenant '{tenant_id}' not found."}}"#);
                assert_eq!(all(&root, &views).await, vec![gone.clone(); 3], "{about}");
                assert_eq!(root.delete(&target).await.line(), gone, "{about}");
            } else {
                if status == 400 {
                    assert_eq!(numbers(&answer), expected, "{about}");
                }
                assert_eq!(all(&root, &views).await, before, "{about}");
                assert_eq!(log_after(&world, seq).await, [""; 0], "{about}");
            }
        }
    }
}

/// What is answered to some requests.
async fn all(client: &Client, targets: &[String]) -> Vec<String> {
    let mut answers = Vec::new();
    for target in targets {
        answers.push(client.get(target).await.line());
    }
    answers
}

#[tokio::test]
async fn a_group_goes_alone() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        with_groups(&world, "t", &["g", "h"]).await;
        let domains = json!({"domains": ["example.org"]});
        done(root.put("/api/v1/tenants/t/domains/", &domains).await, 200);
        done(
            root.put("/api/v1/tenants/t/groups/g/domains/", &domains)
                .await,
            200,
        );
        for (body, expected) in [
            (json!({"groupId": "h"}), "1003 groupId"),
            (json!({"userCount": 1}), "1003 userCount"),
            (json!({"_excludedAppIds": "a"}), "1002 _excludedAppIds"),
        ] {
            let answer = root
                .json("DELETE", "/api/v1/tenants/t/groups/g/", &body)
                .await;
            assert_eq!(numbers(&answer), expected, "{body}");
        }
        let target = "/api/v1/tenants/t/groups/g/";
        let seq = last_seq(&world).await;
        assert_eq!(root.delete(target).await.line(), "200 {}");
        assert_eq!(
            log_after(&world, seq).await,
            ["profile.group.deleted profile:t/g"]
        );
        let gone = r#"404 {"details":"Group 'g' not found."}"#;
        assert_eq!(root.delete(target).await.line(), gone);
        assert_eq!(root.get(target).await.line(), gone);
        let left = done(root.get("/api/v1/tenants/t/groups/").await, 200);
        assert_eq!(left["groups"][0]["groupId"], "h");
        // It has its domains no more.
        let taken = root
            .json("DELETE", "/api/v1/tenants/t/domains/", &domains)
            .await;
        done(taken, 200);
    }
}

/// A tenant with everything that can hang from one.
async fn furnish(world: &World, root: &Client) {
    let name = json!({"name": "r", "externalName": "R"});
    done(root.post("/api/v1/local/resellers/", &name).await, 201);
    let template = json!({"name": "m", "data": {"attributes": {"name": "M"}}});
    let templates = "/api/v1/configs/templates/categories/tenant/templates/";
    done(root.post(templates, &template).await, 201);
    with_groups(world, "t", &["g", "h"]).await;
    let owner = json!({"resellerId": "r", "forceResellerIdToGroups": true, "name": "N",
        "defaultDomain": "example.org", "supportEmail": "a@b", "contact": {"name": "C"}});
    done(root.put("/api/v1/tenants/t/", &owner).await, 200);
    let domains = json!({"domains": ["example.org"]});
    done(
        root.put("/api/v1/tenants/t/groups/g/domains/", &domains)
            .await,
        200,
    );
    appoint(world, "user", &standing(EndUser, Some("t"), Some("g"))).await;
    appoint(world, "group", &standing(GroupAdmin, Some("t"), Some("g"))).await;
    let data = json!({"data": "d"});
    for application in ["a", "b"] {
        let target = format!("{}{application}/k/", applications("g"));
        done(root.put(&target, &data).await, 200);
    }
}

fn applications(group_id: &str) -> String {
    format!("/api/v1/tenants/t/groups/{group_id}/users/user/properties/applications/")
}

/// What can be seen of the tenant and of what is beside it.
fn sights() -> Vec<String> {
    let below = [
        "",
        "domains/",
        "groups/",
        "groups/g/",
        "groups/h/",
        "groups/g/domains/",
    ];
    let own = below.map(|below| format!("/api/v1/tenants/t/{below}"));
    let beside = [
        "/api/v1/tenants/",
        "/api/v1/search/groups?insensitiveGroupIdContains=g",
        "/api/v1/search/groups?insensitiveGroupIdContains=h",
        "/api/v1/system/domains/",
        "/api/v1/local/resellers/",
        "/api/v1/configs/templates/categories/tenant/templates/m/",
        "/api/provost/v1/profiles/people/",
        "/api/provost/v1/tenants/t/views",
    ];
    let data = [
        applications("g"),
        applications("h"),
        format!("{}a/k/", applications("g")),
    ];
    let beside = beside.map(str::to_owned);
    own.into_iter().chain(beside).chain(data).collect()
}

#[tokio::test]
async fn what_is_beside_a_tenant_stays_and_nothing_of_it_is_found() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        furnish(&world, &root).await;
        let group = done(root.get("/api/v1/tenants/t/groups/g/").await, 200);
        assert_eq!(
            (&group["userCount"], &group["resellerId"]),
            (&json!(1), &json!("r"))
        );
        let kept = [
            "/api/v1/system/domains/",
            "/api/v1/local/resellers/",
            "/api/v1/configs/templates/categories/tenant/templates/m/",
        ]
        .map(str::to_owned);
        let before = all(&root, &kept).await;
        let gone = root
            .delete("/api/v1/tenants/t/?deleteEvenIfNonEmpty=true")
            .await;
        assert_eq!(done(gone, 200), json!({"deletedGroupIds": ["g", "h"]}));
        assert_eq!(all(&root, &kept).await, before);
        assert_eq!(people_of(&root).await, json!([]));
        for anew in [false, true] {
            let swept = all(&root, &sights()).await;
            if anew {
                assert_eq!(sweep(&world.app).await.unwrap(), 0);
            } else {
                // Two groups and two records; who belonged to them stays on record, and may nothing.
                assert_eq!(sweep(&world.app).await.unwrap(), 4);
            }
            assert_eq!(all(&root, &sights()).await, swept);
            if !anew {
                with_groups(&world, "t", &["g"]).await;
            }
        }
    }
}

#[tokio::test]
async fn whoever_takes_the_id_anew_finds_nothing_of_the_old_one() {
    for worlds in each().await {
        for is_swept in [false, true] {
            let world = plain(&worlds).await;
            let root = caller(&world, "root").await;
            furnish(&world, &root).await;
            done(
                root.delete("/api/v1/tenants/t/?deleteEvenIfNonEmpty=true")
                    .await,
                200,
            );
            if is_swept {
                sweep(&world.app).await.unwrap();
            }
            tenant(&world, "t").await;
            let bare = json!({"tenantId": "t", "type": "Enterprise", "name": "",
                "defaultDomain": "example.com", "useCustomRoutingProfile": false,
                "useTenantLanguages": false});
            assert_eq!(done(root.get("/api/v1/tenants/t/").await, 200), bare);
            let groups = root.get("/api/v1/tenants/t/groups/").await;
            assert_eq!(done(groups, 200), json!({"groups": []}));
            let domains = json!({"defaultDomain": "example.com", "domains": ["example.com"]});
            assert_eq!(
                done(root.get("/api/v1/tenants/t/domains/").await, 200),
                domains
            );
            group(&world, "t", "g").await;
            let found = done(root.get("/api/v1/tenants/t/groups/g/").await, 200);
            assert_eq!(found["userCount"], 0);
            assert_eq!(found.get("resellerId"), None);
            assert_eq!(
                done(root.get("/api/v1/tenants/t/groups/g/domains/").await, 200),
                domains
            );
            let data = done(root.get(&applications("g")).await, 200);
            assert_eq!(data, json!({"applications": []}));
            assert_eq!(people_of(&root).await, json!([]));
            let before = all(&root, &sights()).await;
            sweep(&world.app).await.unwrap();
            assert_eq!(all(&root, &sights()).await, before);
        }
    }
}

#[tokio::test]
async fn what_is_gone_uses_nothing() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        furnish(&world, &root).await;
        let mut bound = standing(EndUser, Some("t"), Some("h"));
        bound.reseller = Some("r".to_owned());
        appoint(&world, "other", &bound).await;
        let domain = json!({"domain": "example.org"});
        let remove = async || {
            let reseller = root.delete("/api/v1/local/resellers/r/").await;
            let domain = root
                .json("DELETE", "/api/v1/system/domains/", &domain)
                .await;
            [reseller, domain]
        };
        let [reseller, domain] = remove().await;
        assert_eq!(
            (numbers(&reseller), numbers(&domain)),
            ("1010 ".to_owned(), "1007 domain".to_owned())
        );
        done(
            root.delete("/api/v1/tenants/t/?deleteEvenIfNonEmpty=true")
                .await,
            200,
        );
        for answer in remove().await {
            assert_eq!(answer.line(), "200 {}");
        }
        sweep(&world.app).await.unwrap();
    }
}

/// The statuses of requests that are made at once.
async fn at_once(
    requests: impl IntoIterator<Item = (Client, &'static str, String, Value)>,
) -> Vec<Answer> {
    let mut running = JoinSet::new();
    for (client, method, target, body) in requests {
        running.spawn(async move { client.json(method, &target, &body).await });
    }
    running.join_all().await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_make_or_remove_one_tenant_one_does() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        let body = json!({"tenantId": "t", "type": "Enterprise"});
        let target = "/api/v1/tenants/";
        let asks = (0..20).map(|_| (root.clone(), "POST", target.to_owned(), body.clone()));
        let (made, refused): (Vec<Answer>, Vec<Answer>) = at_once(asks)
            .await
            .into_iter()
            .partition(|answer| answer.status == 201);
        assert_eq!((made.len(), refused.len()), (1, 19));
        for answer in refused {
            assert_eq!(numbers(&answer), "11 tenantId", "{}", answer.line());
        }
        let removal = format!("{target}t/");
        let asks = (0..8).map(|_| (root.clone(), "DELETE", removal.clone(), json!({})));
        let answers = at_once(asks).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 404, 404, 404, 404, 404, 404, 404]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_comes_while_its_tenant_goes_goes_with_it_or_does_not_come() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        for round in 0..6 {
            let base = format!("/api/v1/tenants/t{round}/");
            tenant(&world, &format!("t{round}")).await;
            let too = round % 2 == 0;
            let removal = (
                root.clone(),
                "DELETE",
                base.clone(),
                json!({"deleteEvenIfNonEmpty": too}),
            );
            let mut asks: Vec<_> = (0..8)
                .map(|number| {
                    let body = json!({"groupId": format!("g{number}")});
                    (root.clone(), "POST", format!("{base}groups/"), body)
                })
                .collect();
            asks.insert(4, removal);
            let answers = at_once(asks).await;
            let mut made = BTreeSet::new();
            let mut removed = None;
            for answer in &answers {
                let body = answer.json();
                match answer.status {
                    201 => drop(made.insert(body["groupId"].as_str().unwrap().to_owned())),
                    200 => removed = Some(body),
                    // Nobody may remove a tenant with groups unless they say so.
                    400 => assert!(!too && numbers(answer) == "1004 ", "{}", answer.line()),
                    404 => {}
                    _ => panic!("{}", answer.line()),
                }
            }
            let made: Vec<Value> = made.into_iter().map(Value::from).collect();
            match removed {
                Some(removed) if made.is_empty() => assert_eq!(removed, json!({})),
                Some(removed) => assert_eq!(removed, json!({"deletedGroupIds": made})),
                None => assert!(!too && !made.is_empty(), "{answers:?}"),
            }
            let left = if removed_or(too, &root, &base).await {
                vec![]
            } else {
                made
            };
            let found = done(
                root.get("/api/v1/search/groups?insensitiveGroupIdStarts=g")
                    .await,
                200,
            );
            let mut found = found["groups"].as_array().unwrap().clone();
            found.retain(|group| group["tenantId"] == format!("t{round}"));
            let found: Vec<Value> = found.iter().map(|group| group["groupId"].clone()).collect();
            assert_eq!(found, left, "round {round}");
        }
    }
}

/// Whether a tenant is gone, as it has to be where it was to go in any case.
async fn removed_or(too: bool, root: &Client, base: &str) -> bool {
    let is_gone = root.get(base).await.status == 404;
    assert!(is_gone || !too, "{base}");
    is_gone
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_change_a_tenant_at_once_neither_undoes_the_other() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        tenant(&world, "t").await;
        group(&world, "t", "g").await;
        let parts = [
            ("", json!({"name": "N"})),
            ("", json!({"supportEmail": "a@b"})),
            ("", json!({"contactInformation": {"name": "C"}})),
            ("", json!({"contactInformation": {"phoneNumber": "1"}})),
            ("", json!({"addressInformation": {"city": "Bruxelles"}})),
            ("", json!({"defaultDomain": "example.org"})),
            ("", json!({"useTenantLanguages": true})),
            ("groups/g/", json!({"groupName": "G"})),
            ("groups/g/", json!({"userLimit": 7})),
            ("groups/g/", json!({"contactInformation": {"name": "C"}})),
        ];
        let asks = parts.map(|(below, body)| {
            (
                root.clone(),
                "PUT",
                format!("/api/v1/tenants/t/{below}"),
                body,
            )
        });
        for answer in at_once(asks).await {
            assert_eq!(answer.status, 200, "{}", answer.line());
        }
        let expected = json!({"tenantId": "t", "type": "Enterprise", "name": "N",
            "defaultDomain": "example.org", "supportEmail": "a@b",
            "useCustomRoutingProfile": false, "useTenantLanguages": true,
            "contactInformation": {"name": "C", "phoneNumber": "1"},
            "addressInformation": {"city": "Bruxelles"}});
        assert_eq!(done(root.get("/api/v1/tenants/t/").await, 200), expected);
        let found = done(root.get("/api/v1/tenants/t/groups/g/").await, 200);
        assert_eq!(found["groupName"], "G");
        assert_eq!(found["userLimit"], 7);
        assert_eq!(found["contactInformation"], json!({"name": "C"}));
    }
}

#[tokio::test]
async fn a_profile_and_a_site_of_one_id_do_not_remove_each_other() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        let views = "/api/provost/v1/tenants/talent/views";
        assert_eq!(root.get(views).await.status, 404);
        let mut meta = Object::new();
        meta.insert("tenant_name".to_owned(), "talent".into());
        let site = configs::NewConfig {
            external_key: "talent.example.com".to_owned(),
            lms_configs: Object::new(),
            studio_configs: Object::new(),
            theming_configs: Object::new(),
            meta,
        };
        let tx = world.app.store().begin().await.unwrap();
        let ids = configs::create_all(&tx, vec![site]).await.unwrap();
        tx.commit().await.unwrap();
        let site = json!([{"id": ids[0], "tenant_name": "talent",
            "external_key": "talent.example.com", "domains": []}]);
        let both = async || {
            let found = done(root.get(views).await, 200);
            let name = found["profile"]["tenantId"].clone();
            (name, found["sites"].clone())
        };
        assert_eq!(both().await, (json!(null), site.clone()));
        tenant(&world, "talent").await;
        assert_eq!(both().await, (json!("talent"), site.clone()));
        done(root.delete("/api/v1/tenants/talent/").await, 200);
        sweep(&world.app).await.unwrap();
        assert_eq!(both().await, (json!(null), site));
        tenant(&world, "talent").await;
        let tx = world.app.store().begin().await.unwrap();
        configs::remove_all(&tx, &ids).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(both().await, (json!("talent"), json!([])));
    }
}
