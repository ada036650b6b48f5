//! Backends, and people who tell them apart (specification, section 4.2.6).

use provost_app::settings::Profiles;
use provost_profiles::Level::{SystemAdmin, TenantAdmin};
use provost_profiles::people::Standing;
use provost_testkit::{Answer, Client, World, Worlds};
use serde_json::{Value, json};

use super::deletion::{last_seq, log_after};
use super::world::{appoint, caller, codes, done, each, group, standing, tenant, with};

const TENANTS: &str = "/api/v1/tenants/";

/// Backends: the name of each, what others call it, and whether it is the default. Two are called alike.
const BACKENDS: [(&str, &str, bool); 4] = [
    ("b1", "East", false),
    ("b2", "West", false),
    ("b3", "North", true),
    ("b4", "West", false),
];

/// Whoever may use these backends, the first most of all.
fn on(backends: &[&str]) -> Standing {
    Standing {
        backends: Some(backends.iter().map(|name| (*name).to_owned()).collect()),
        ..standing(SystemAdmin, None, None)
    }
}

/// Tenants `t0` to `t4`: one without a backend, and one on each, with a group. `system` may use `b2` and
/// `b1`, `other` may use all, and `looker` none.
async fn furnished(worlds: &Worlds, return_backend_in_list: bool) -> World {
    let settings = Profiles {
        return_backend_in_list,
        ..Profiles::default()
    };
    let world = with(worlds, settings).await;
    let root = caller(&world, "root").await;
    tenant(&world, "t0").await;
    for (name, external_name, is_default) in BACKENDS {
        let body = json!({"external_name": external_name, "default": is_default});
        let target = format!("/api/provost/v1/profiles/backends/{name}/");
        done(root.put(&target, &body).await, 200);
    }
    appoint(&world, "system", &on(&["b2", "b1"])).await;
    appoint(&world, "other", &on(&["b1", "b2", "b3", "b4"])).await;
    appoint(&world, "looker", &on(&[])).await;
    appoint(&world, "tenant", &standing(TenantAdmin, Some("t0"), None)).await;
    let other = caller(&world, "other").await;
    for number in 1..5 {
        let (tenant_id, backend) = (format!("t{number}"), format!("b{number}"));
        let body = json!({"tenantId": tenant_id, "type": "Enterprise", "backendName": backend});
        done(other.post(TENANTS, &body).await, 201);
    }
    for number in 0..5 {
        group(&world, &format!("t{number}"), "g").await;
    }
    world
}

/// The numbers of what is refused, or the status.
fn said(answer: &Answer) -> String {
    if answer.status != 400 {
        return answer.status.to_string();
    }
    let numbers = codes(answer).into_iter().map(|(code, _)| code.to_string());
    numbers.collect::<Vec<_>>().join(" ")
}

/// The backend of a tenant, as whoever may use all of them finds it.
async fn backend_of(other: &Client, tenant_id: &str) -> Option<String> {
    let found = other
        .get(&format!("{TENANTS}?insensitiveTenantIdEquals={tenant_id}"))
        .await;
    let found = done(found, 200)["tenants"][0].clone();
    found["backendName"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn whoever_does_not_tell_backends_apart_may_not_name_one() {
    for worlds in each().await {
        let world = furnished(&worlds, true).await;
        let other = caller(&world, "other").await;
        for name in ["root", "tenant"] {
            let client = caller(&world, name).await;
            let seq = last_seq(&world).await;
            for (body, expected) in [
                (json!({"backendName": "b1"}), "58"),
                (json!({"backendName": null}), "58"),
                (json!({"backendName": "nothing"}), "58"),
                (json!({"backendExternalName": "East"}), "58"),
                (json!({"backendExternalName": null}), "58"),
                (json!({"backendExternalName": ""}), "58"),
                (
                    json!({"backendName": 5, "backendExternalName": {}}),
                    "58 58",
                ),
                // Backends come before types.
                (json!({"backendName": "b1", "name": 5, "type": "x"}), "58"),
            ] {
                let answer = client.put(&format!("{TENANTS}t0/"), &body).await;
                assert_eq!(said(&answer), expected, "{name} {body}");
                if name == "tenant" {
                    continue;
                }
                let mut body = body;
                body["tenantId"] = "new".into();
                body["type"] = "Enterprise".into();
                let answer = client.post(TENANTS, &body).await;
                assert_eq!(said(&answer), expected, "{name} {body}");
            }
            assert_eq!(log_after(&world, seq).await, [""; 0]);
            let renamed = client
                .put(&format!("{TENANTS}t0/"), &json!({"name": name}))
                .await;
            assert_eq!(done(renamed, 200)["name"], name);
        }
        assert_eq!(backend_of(&other, "t0").await, None);
    }
}

#[tokio::test]
async fn a_tenant_on_a_backend_of_others_is_not_for_whoever_tells_them_apart() {
    for worlds in each().await {
        let world = furnished(&worlds, false).await;
        let (system, looker) = (
            caller(&world, "system").await,
            caller(&world, "looker").await,
        );
        let root = caller(&world, "root").await;
        let before = root.get(&format!("{TENANTS}t3/")).await.line();
        let seq = last_seq(&world).await;
        for (method, below, body, otherwise) in [
            ("GET", "", json!({}), "200"),
            ("PUT", "", json!({}), "200"),
            ("PUT", "", json!({"name": 5}), "1002"),
            ("PUT", "", json!({"name": ""}), "1002"),
            ("PUT", "", json!({"tenantId": "x"}), "1003"),
            ("PUT", "", json!({"defaultDomain": "no.org"}), "1006"),
            ("DELETE", "", json!({}), "1004"),
            ("DELETE", "", json!({"deleteEvenIfNonEmpty": "x"}), "1002"),
            ("GET", "domains/", json!({}), "200"),
            ("PUT", "domains/", json!({"domains": []}), "200"),
            ("DELETE", "domains/", json!({"domains": []}), "200"),
            ("GET", "groups/", json!({}), "200"),
            ("POST", "groups/", json!({}), "1001"),
            ("GET", "groups/g/", json!({}), "200"),
            ("PUT", "groups/g/", json!({}), "200"),
            ("DELETE", "groups/g/", json!({"groupId": "x"}), "1003"),
            ("GET", "groups/g/domains/", json!({}), "200"),
            (
                "GET",
                "groups/g/users/u/properties/applications/",
                json!({}),
                "200",
            ),
        ] {
            // Nobody's, the caller's own, and those of others.
            for (client, expected) in [
                (&system, [otherwise, otherwise, otherwise, "61", "61"]),
                (&looker, [otherwise, "61", "61", "61", "61"]),
                (&root, [otherwise; 5]),
            ] {
                for (number, expected) in expected.into_iter().enumerate() {
                    let target = format!("{TENANTS}t{number}/{below}");
                    let answer = client.json(method, &target, &body).await;
                    assert_eq!(said(&answer), expected, "{method} {target} {body}");
                }
            }
        }
        let nothing = system.put(&format!("{TENANTS}t3/"), &json!({})).await;
        assert_eq!(said(&nothing), "61");
        assert_eq!(system.get(&format!("{TENANTS}no/")).await.status, 404);
        assert_eq!(log_after(&world, seq).await, [""; 0]);
        assert_eq!(root.get(&format!("{TENANTS}t3/")).await.line(), before);
    }
}

/// What is asked of `t1`, and where it then is; nothing where that is refused with 61.
fn moves() -> Vec<(Value, Option<&'static str>)> {
    vec![
        (json!({"backendName": "b2"}), Some("b2")),
        (json!({"backendName": "b1"}), Some("b1")),
        (json!({"backendName": "b3"}), None),
        (json!({"backendName": "b4"}), None),
        (json!({"backendName": "nothing"}), None),
        (json!({"backendName": "B1"}), None),
        (json!({"backendName": "East"}), None),
        (json!({"backendName": "b\u{0}1"}), None),
        (json!({"backendExternalName": "North"}), None),
        (json!({"backendExternalName": "nothing"}), None),
        (json!({"backendExternalName": "b1"}), None),
        // Of those that are called alike, the one that may be used.
        (json!({"backendExternalName": "West"}), Some("b2")),
        (json!({"backendExternalName": "East"}), Some("b1")),
        (
            json!({"backendName": "b2", "backendExternalName": "East"}),
            Some("b2"),
        ),
        (
            json!({"backendName": "b1", "backendExternalName": "nothing"}),
            Some("b1"),
        ),
        (
            json!({"backendName": "b3", "backendExternalName": "East"}),
            None,
        ),
        (
            json!({"backendName": "nothing", "backendExternalName": "East"}),
            None,
        ),
        // What is wrong with a backend comes before what is wrong with other members.
        (json!({"backendName": "b3", "name": 5}), None),
    ]
}

#[tokio::test]
async fn a_tenant_moves_to_a_backend_that_may_be_used_and_nothing_else_changes() {
    for worlds in each().await {
        let world = furnished(&worlds, true).await;
        let (system, other) = (
            caller(&world, "system").await,
            caller(&world, "other").await,
        );
        for tenant_id in ["t1", "t0"] {
            let target = format!("{TENANTS}{tenant_id}/");
            let before = system.get(&target).await.line();
            let mut place = backend_of(&other, tenant_id).await;
            for (body, expected) in moves() {
                let seq = last_seq(&world).await;
                let answer = system.put(&target, &body).await;
                let mut entries = vec![];
                match expected {
                    Some(backend) => {
                        assert_eq!(answer.line(), before, "{body}");
                        if place.as_deref() != Some(backend) {
                            entries.push(format!("profile.tenant.changed profile:{tenant_id}"));
                        }
                        place = Some(backend.to_owned());
                    }
                    None => assert_eq!(said(&answer), "61", "{body}"),
                }
                assert_eq!(log_after(&world, seq).await, entries, "{body}");
                assert_eq!(backend_of(&other, tenant_id).await, place, "{body}");
                assert_eq!(system.get(&target).await.line(), before, "{body}");
            }
        }
        // Whoever moves a tenant to where they see it no more does not see it any more.
        let target = format!("{TENANTS}t1/");
        done(other.put(&target, &json!({"backendName": "b3"})).await, 200);
        assert_eq!(said(&system.get(&target).await), "61");
        assert_eq!(said(&system.delete(&target).await), "61");
        // A request that is refused moves nothing.
        let spoilt = json!({"backendName": "b1", "templateName": "nothing"});
        assert_eq!(said(&other.put(&target, &spoilt).await), "1008");
        assert_eq!(backend_of(&other, "t1").await.as_deref(), Some("b3"));
    }
}

#[tokio::test]
async fn a_new_tenant_is_on_the_chosen_backend_or_the_first_or_the_default() {
    for worlds in each().await {
        let world = furnished(&worlds, true).await;
        let other = caller(&world, "other").await;
        for (number, (name, asked, expected)) in [
            ("system", json!({}), Ok(Some("b2"))),
            ("system", json!({"backendName": "b1"}), Ok(Some("b1"))),
            (
                "system",
                json!({"backendExternalName": "East"}),
                Ok(Some("b1")),
            ),
            (
                "system",
                json!({"backendName": "b1", "backendExternalName": "West"}),
                Ok(Some("b1")),
            ),
            ("system", json!({"backendName": "b3"}), Err("61")),
            (
                "system",
                json!({"backendName": "b3", "backendExternalName": "East"}),
                Err("61"),
            ),
            ("system", json!({"backendName": "nothing"}), Err("61")),
            ("system", json!({"backendExternalName": "North"}), Err("61")),
            ("other", json!({}), Ok(Some("b1"))),
            ("looker", json!({}), Err("61")),
            ("looker", json!({"backendName": "b1"}), Err("61")),
            ("root", json!({}), Ok(Some("b3"))),
            ("root", json!({"backendName": "b3"}), Err("58")),
        ]
        .into_iter()
        .enumerate()
        {
            let tenant_id = format!("n{number}");
            let mut body = asked.clone();
            body["tenantId"] = tenant_id.as_str().into();
            body["type"] = "Enterprise".into();
            let client = caller(&world, name).await;
            let answer = client.post(TENANTS, &body).await;
            match expected {
                Ok(backend) => {
                    let made = done(answer, 201);
                    assert_eq!(made.get("backendName"), None, "{name} {asked}");
                    let found = backend_of(&other, &tenant_id).await;
                    assert_eq!(found.as_deref(), backend, "{name} {asked}");
                }
                Err(code) => {
                    assert_eq!(said(&answer), code, "{name} {asked}");
                    let root = caller(&world, "root").await;
                    assert_eq!(
                        root.get(&format!("{TENANTS}{tenant_id}/")).await.status,
                        404
                    );
                }
            }
        }
    }
}

/// Who asks for what, and the tenants that are listed; a number where it is refused.
const LISTS: [(&str, &str, &str); 22] = [
    ("root", "", "t0 t1 t2 t3 t4"),
    ("system", "", "t0 t1 t2"),
    ("looker", "", "t0"),
    ("other", "", "t0 t1 t2 t3 t4"),
    ("system", "?backendName=b1", "t1"),
    ("system", "?backendName=b2", "t2"),
    ("system", "?backendName=b3", "61"),
    ("system", "?backendName=nothing", "61"),
    ("system", "?backendName=B1", "61"),
    ("system", "?backendExternalName=East", "t1"),
    ("system", "?backendExternalName=West", "t2"),
    ("system", "?backendExternalName=North", "61"),
    ("system", "?backendExternalName=nothing", "61"),
    ("system", "?backendName=", "t0 t1 t2"),
    ("system", "?backendName=b1&backendExternalName=East", "t1"),
    ("system", "?backendName=b1&insensitiveTenantIdEquals=t2", ""),
    ("looker", "?backendName=b1", "61"),
    ("other", "?backendName=b4", "t4"),
    ("root", "?backendName=b1", "58"),
    ("root", "?backendExternalName=East", "58"),
    ("root", "?backendName=b1&backendExternalName=East", "58 58"),
    ("root", "?backendName=", "t0 t1 t2 t3 t4"),
];

#[tokio::test]
async fn lists_show_the_tenants_of_usable_backends_and_those_on_none() {
    for worlds in each().await {
        let world = furnished(&worlds, false).await;
        for (name, query, expected) in LISTS {
            let client = caller(&world, name).await;
            let answer = client.get(&format!("{TENANTS}{query}")).await;
            if answer.status == 200 {
                let found = answer.json();
                let found = found["tenants"].as_array().unwrap().iter();
                let found = found.map(|tenant| {
                    assert_eq!(tenant.get("backendName"), None, "{name} {query}");
                    assert_eq!(tenant.get("backendExternalName"), None, "{name} {query}");
                    tenant["tenantId"].as_str().unwrap().to_owned()
                });
                assert_eq!(
                    found.collect::<Vec<_>>().join(" "),
                    expected,
                    "{name} {query}"
                );
            } else {
                assert_eq!(said(&answer), expected, "{name} {query}");
            }
        }
        for (name, expected) in [
            ("system", "t0 t1 t2"),
            ("looker", "t0"),
            ("root", "t0 t1 t2 t3 t4"),
        ] {
            let client = caller(&world, name).await;
            let found = client
                .get("/api/v1/search/groups?insensitiveGroupIdEquals=g")
                .await;
            let found = done(found, 200);
            let found = found["groups"].as_array().unwrap().iter();
            let mut found: Vec<&str> = found
                .map(|group| group["tenantId"].as_str().unwrap())
                .collect();
            found.sort_unstable();
            assert_eq!(found.join(" "), expected, "{name}");
        }
    }
}

#[tokio::test]
async fn lists_say_where_tenants_are_if_the_settings_say_so_and_the_caller_tells_backends_apart() {
    for worlds in each().await {
        let world = furnished(&worlds, true).await;
        let bare = |id: &str| json!({"tenantId": id, "type": "Enterprise", "name": ""});
        let placed = |id: &str, name: &str, external: &str| {
            let mut tenant = bare(id);
            tenant["backendName"] = name.into();
            tenant["backendExternalName"] = external.into();
            tenant
        };
        let own = json!([
            bare("t0"),
            placed("t1", "b1", "East"),
            placed("t2", "b2", "West")
        ]);
        let all: Value = (0..5).map(|number| bare(&format!("t{number}"))).collect();
        for (name, expected) in [
            ("system", own),
            ("root", all),
            ("looker", json!([bare("t0")])),
        ] {
            let client = caller(&world, name).await;
            let found = done(client.get(TENANTS).await, 200);
            assert_eq!(found["tenants"], expected, "{name}");
        }
    }
}
