//! Resellers, and people who are bound to one (specification, section 6).

use provost_app::settings::{ObjectCreation, Profiles, ResellerCheck};
use provost_profiles::Level::{SystemAdmin, TenantAdmin};
use provost_profiles::people::Standing;
use provost_testkit::{Answer, Client, World};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::deletion::{last_seq, log_after, numbers};
use super::world::{appoint, caller, done, each, plain, standing, with};

const ALL: &str = "/api/v1/local/resellers/";

/// An object nested so many levels deep.
fn nested(levels: usize) -> Value {
    (1..levels).fold(json!({}), |inner, _| json!({"a": inner}))
}

#[tokio::test]
async fn what_is_kept_with_a_reseller_can_be_read_again_wherever_it_stands() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        let seq = last_seq(&world).await;
        let deep = json!({"name": "R", "extraData": nested(100)});
        done(root.post(ALL, &deep).await, 201);
        let kept = done(root.get(&format!("{ALL}R/")).await, 200);
        assert_eq!(kept["extraData"], deep["extraData"]);
        assert_eq!(log_after(&world, seq).await, ["profile.reseller.created R"]);
        for (place, levels) in [
            ("local/resellers", 101),
            ("configs/templates/categories/tenant/templates", 101),
        ] {
            let member = if place.starts_with("local") {
                "extraData"
            } else {
                "data"
            };
            let body = json!({"name": "S", member: nested(levels)});
            let refused = root.post(&format!("/api/v1/{place}/"), &body).await;
            assert_eq!(numbers(&refused), format!("1002 {member}"));
        }
    }
}

#[tokio::test]
async fn resellers_are_made_changed_and_removed() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        let seq = last_seq(&world).await;
        assert_eq!(done(root.get(ALL).await, 200), json!({"resellers": []}));
        let best = json!({"name": "ApioReseller", "externalName": "Best Reseller", "extraData": {"a": {"b": [1, null]}}});
        assert_eq!(done(root.post(ALL, &best).await, 201), best);
        let bare = json!({"name": "a b/é", "externalName": "", "extraData": {}});
        assert_eq!(
            done(root.post(ALL, &json!({"name": "a b/é"})).await, 201),
            bare
        );
        let other = json!({"name": "apioreseller", "externalName": "", "extraData": {}});
        assert_eq!(
            done(root.post(ALL, &json!({"name": "apioreseller"})).await, 201),
            other
        );
        let listed = done(root.get(ALL).await, 200);
        assert_eq!(listed, json!({"resellers": [best, bare, other]}));
        let one = format!("{ALL}a%20b%2F%C3%A9");
        assert_eq!(done(root.get(&one).await, 200), bare);
        for (body, expected) in [
            (
                json!({}),
                json!({"name": "a b/é", "externalName": "", "extraData": {}}),
            ),
            (
                json!({"externalName": "E"}),
                json!({"name": "a b/é", "externalName": "E", "extraData": {}}),
            ),
            // The whole of it is replaced.
            (
                json!({"extraData": {"a": {"b": 1}, "c": 2}}),
                json!({"name": "a b/é", "externalName": "E", "extraData": {"a": {"b": 1}, "c": 2}}),
            ),
            (
                json!({"extraData": {"a": {"d": 3}}, "name": "a b/é"}),
                json!({"name": "a b/é", "externalName": "E", "extraData": {"a": {"d": 3}}}),
            ),
            (
                json!({"extraData": null, "externalName": null}),
                bare.clone(),
            ),
        ] {
            assert_eq!(done(root.put(&one, &body).await, 200), expected, "{body}");
            assert_eq!(done(root.get(&one).await, 200), expected, "{body}");
        }
        assert_eq!(root.delete(&one).await.line(), "200 {}");
        for method in ["GET", "PUT", "DELETE"] {
            let answer = root.json(method, &one, &json!({})).await;
            assert_eq!(
                answer.line(),
                r#"404 {"details":"Reseller 'a b/é' not found."}"#,
                "{method}"
            );
        }
        assert_eq!(
            log_after(&world, seq).await,
            [
                "profile.reseller.created ApioReseller",
                "profile.reseller.created a b/é",
                "profile.reseller.created apioreseller",
                "profile.reseller.changed a b/é",
                "profile.reseller.changed a b/é",
                "profile.reseller.changed a b/é",
                "profile.reseller.changed a b/é",
                "profile.reseller.deleted a b/é",
            ]
        );
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_reseller_is_told_and_nothing_is_done() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        done(root.post(ALL, &json!({"name": "r"})).await, 201);
        let one = format!("{ALL}r/");
        let before = root.get(ALL).await.line();
        let seq = last_seq(&world).await;
        let (most, more) = ("n".repeat(80), "n".repeat(81));
        for (method, target, body, expected) in [
            ("POST", ALL, json!({}), "1001 name"),
            ("POST", ALL, json!({"name": "r"}), "11 name"),
            ("POST", ALL, json!({"name": ""}), "1002 name"),
            ("POST", ALL, json!({"name": null}), "1002 name"),
            ("POST", ALL, json!({"name": 5}), "1002 name"),
            ("POST", ALL, json!({"name": more}), "1002 name"),
            (
                "POST",
                ALL,
                json!({"externalName": 1, "extraData": []}),
                "1001 name, 1002 externalName, 1002 extraData",
            ),
            (
                "POST",
                ALL,
                json!({"name": "s", "externalName": more}),
                "1002 externalName",
            ),
            ("PUT", &one, json!({"name": "s"}), "1003 name"),
            ("PUT", &one, json!({"name": null}), "1003 name"),
            (
                "PUT",
                &one,
                json!({"extraData": "{}", "externalName": "E"}),
                "1002 extraData",
            ),
            ("DELETE", &one, json!({"name": "s"}), "1003 name"),
            (
                "DELETE",
                &one,
                json!({"externalName": "E"}),
                "1003 externalName",
            ),
        ] {
            let answer = root.json(method, target, &body).await;
            assert_eq!(numbers(&answer), expected, "{method} {body}");
        }
        assert_eq!(log_after(&world, seq).await, [""; 0]);
        assert_eq!(root.get(ALL).await.line(), before);
        done(root.post(ALL, &json!({"name": most})).await, 201);
    }
}

#[tokio::test]
async fn a_reseller_stays_while_a_tenant_a_group_or_somebody_is_its_own() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        for name in ["r", "s"] {
            done(root.post(ALL, &json!({"name": name})).await, 201);
        }
        let bound = |name: &str| Standing {
            reseller: Some(name.to_owned()),
            ..standing(SystemAdmin, None, None)
        };
        let stays = async |about: &str| {
            let seq = last_seq(&world).await;
            let answer = root.delete(&format!("{ALL}r/")).await;
            assert_eq!(numbers(&answer), "1010 ", "{about}");
            assert_eq!(log_after(&world, seq).await, [""; 0], "{about}");
            done(root.get(&format!("{ALL}r/")).await, 200);
        };
        let tenant = json!({"tenantId": "t", "type": "Enterprise", "resellerId": "r"});
        done(root.post("/api/v1/tenants/", &tenant).await, 201);
        stays("a tenant").await;
        let group = json!({"groupId": "g"});
        done(root.post("/api/v1/tenants/t/groups/", &group).await, 201);
        let other = json!({"resellerId": "s", "noResellerIdToGroups": true});
        done(root.put("/api/v1/tenants/t/", &other).await, 200);
        stays("a group").await;
        appoint(&world, "system", &bound("r")).await;
        done(
            root.put("/api/v1/tenants/t/groups/g/", &json!({"resellerId": ""}))
                .await,
            200,
        );
        stays("somebody").await;
        appoint(&world, "system", &bound("s")).await;
        assert_eq!(root.delete(&format!("{ALL}r/")).await.line(), "200 {}");
    }
}

/// Two resellers and nobody, who each own a tenant, and in each tenant a group.
const OWNERS: [&str; 3] = ["mine", "theirs", "free"];

async fn furnish(world: &World) -> Client {
    let root = caller(world, "root").await;
    for name in ["mine", "theirs"] {
        done(root.post(ALL, &json!({"name": name})).await, 201);
    }
    let owner = |name: &str| {
        if name == "free" {
            Value::Null
        } else {
            name.into()
        }
    };
    for tenant_id in OWNERS {
        let body =
            json!({"tenantId": tenant_id, "type": "Enterprise", "resellerId": owner(tenant_id)});
        done(root.post("/api/v1/tenants/", &body).await, 201);
        for group_id in OWNERS {
            let body = json!({"groupId": group_id, "resellerId": owner(group_id)});
            let groups = format!("/api/v1/tenants/{tenant_id}/groups/");
            done(root.post(&groups, &body).await, 201);
        }
    }
    appoint(world, "system", &bound(standing(SystemAdmin, None, None))).await;
    root
}

/// The same, bound to a reseller.
fn bound(standing: Standing) -> Standing {
    Standing {
        reseller: Some("mine".to_owned()),
        ..standing
    }
}

/// The settings of a case, and whether they make resellers that are named.
fn settings(tenant: bool, group: bool, makes_resellers: bool) -> Profiles {
    Profiles {
        reseller_check: ResellerCheck { tenant, group },
        apio_object_creation: ObjectCreation {
            reseller: makes_resellers,
            ..ObjectCreation::default()
        },
        ..Profiles::default()
    }
}

fn names(answer: Answer, list: &str, members: &[&str]) -> Vec<String> {
    let body = done(answer, 200);
    let rows = body[list].as_array().unwrap().iter();
    let name = |row: &Value| {
        let named = members.iter().map(|member| row[*member].as_str().unwrap());
        named.collect::<Vec<_>>().join("/")
    };
    let mut names: Vec<String> = rows.map(name).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn whoever_is_bound_to_a_reseller_sees_what_the_settings_confine_them_to() {
    for worlds in each().await {
        for (tenant, group) in [(true, true), (true, false), (false, true), (false, false)] {
            let world = with(&worlds, settings(tenant, group, false)).await;
            furnish(&world).await;
            let system = caller(&world, "system").await;
            let sees_tenant = |id: &str| !tenant || id == "mine";
            let sees_group = |id: &str| !group || id == "mine";
            let lists_group = |id: &str| !(tenant || group) || id == "mine";
            let about = format!("tenant {tenant}, group {group}");

            let mut seen: Vec<&str> = OWNERS.into_iter().filter(|id| sees_tenant(id)).collect();
            seen.sort_unstable();
            let listed = names(
                system.get("/api/v1/tenants/").await,
                "tenants",
                &["tenantId"],
            );
            assert_eq!(listed, seen, "{about}");
            let mut found = Vec::new();
            for tenant_id in OWNERS {
                for group_id in OWNERS {
                    if sees_tenant(tenant_id) && lists_group(group_id) {
                        found.push(format!("{tenant_id}/{group_id}"));
                    }
                }
            }
            found.sort_unstable();
            let search = system
                .get("/api/v1/search/groups?insensitiveGroupIdContains=e")
                .await;
            let mut searched = names(search, "groups", &["tenantId", "groupId"]);
            assert_eq!(searched, found, "{about}");
            searched.clear();
            for tenant_id in OWNERS {
                let base = format!("/api/v1/tenants/{tenant_id}/");
                let status = if sees_tenant(tenant_id) { 200 } else { 404 };
                for (method, below, body) in [
                    ("GET", "", json!({})),
                    ("PUT", "", json!({})),
                    ("GET", "domains/", json!({})),
                    ("PUT", "domains/", json!({"domains": []})),
                    ("DELETE", "domains/", json!({"domains": []})),
                    ("GET", "groups/", json!({})),
                ] {
                    let answer = system.json(method, &format!("{base}{below}"), &body).await;
                    assert_eq!(answer.status, status, "{about}: {method} {base}{below}");
                }
                // What would be refused if the tenant were there.
                for (method, below) in [("DELETE", ""), ("POST", "groups/")] {
                    let answer = system
                        .json(method, &format!("{base}{below}"), &json!({}))
                        .await;
                    let status = if sees_tenant(tenant_id) { 400 } else { 404 };
                    assert_eq!(answer.status, status, "{about}: {method} {base}{below}");
                }
                if sees_tenant(tenant_id) {
                    let groups = system.get(&format!("{base}groups/")).await;
                    searched.extend(names(groups, "groups", &["tenantId", "groupId"]));
                }
                for group_id in OWNERS {
                    let base = format!("{base}groups/{group_id}/");
                    let is_seen = sees_tenant(tenant_id) && sees_group(group_id);
                    let status = if is_seen { 200 } else { 404 };
                    for (method, below, body) in [
                        ("GET", "", json!({})),
                        ("PUT", "", json!({})),
                        ("GET", "domains/", json!({})),
                        ("PUT", "domains/", json!({"domains": []})),
                        ("DELETE", "domains/", json!({"domains": []})),
                        ("GET", "users/u/properties/applications/", json!({})),
                        (
                            "PUT",
                            "users/u/properties/applications/a/k/",
                            json!({"data": "d"}),
                        ),
                    ] {
                        let answer = system.json(method, &format!("{base}{below}"), &body).await;
                        assert_eq!(answer.status, status, "{about}: {method} {base}{below}");
                    }
                }
            }
            searched.sort_unstable();
            assert_eq!(searched, found, "{about}");
        }
    }
}

#[tokio::test]
async fn what_is_hidden_from_somebody_is_answered_as_if_it_were_not_there() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        furnish(&world).await;
        let system = caller(&world, "system").await;
        for (method, below, expected) in [
            ("GET", "theirs/", "Tenant 'theirs'"),
            ("DELETE", "free/", "Tenant 'free'"),
            ("GET", "theirs/groups/mine/", "Tenant 'theirs'"),
            ("GET", "mine/groups/theirs/", "Group 'theirs'"),
            ("DELETE", "mine/groups/free/", "Group 'free'"),
        ] {
            let answer = system
                .json(method, &format!("/api/v1/tenants/{below}"), &json!({}))
                .await;
            let expected = format!(r#"404 {{"details":"{expected} not found."}}"#);
            assert_eq!(answer.line(), expected, "{method} {below}");
        }
        // Who administers the tenant of another reseller is bound as well.
        for (tenant_id, status) in [("mine", 200), ("theirs", 404), ("free", 404)] {
            let place = bound(standing(TenantAdmin, Some(tenant_id), None));
            appoint(&world, "tenant", &place).await;
            let client = caller(&world, "tenant").await;
            let target = format!("/api/v1/tenants/{tenant_id}/");
            assert_eq!(client.get(&target).await.status, status, "{tenant_id}");
            if status == 200 {
                let groups = client.get(&format!("{target}groups/")).await;
                assert_eq!(names(groups, "groups", &["groupId"]), ["mine"]);
            }
        }
    }
}

#[tokio::test]
async fn whoever_is_bound_to_a_reseller_gives_to_no_other() {
    for worlds in each().await {
        // Neither who is confined nor whether resellers are made plays a part.
        for settings in [settings(true, true, false), settings(false, false, true)] {
            let world = with(&worlds, settings).await;
            let root = furnish(&world).await;
            let template =
                json!({"name": "away", "data": {"attributes": {"resellerId": "theirs"}}});
            for category in ["tenant", "group"] {
                let target = format!("/api/v1/configs/templates/categories/{category}/templates/");
                done(root.post(&target, &template).await, 201);
            }
            let system = caller(&world, "system").await;
            let tenants = "/api/v1/tenants/";
            let own = "/api/v1/tenants/mine/";
            let groups = "/api/v1/tenants/mine/groups/";
            let group = "/api/v1/tenants/mine/groups/mine/";
            let seq = last_seq(&world).await;
            for (method, target, body) in [
                ("PUT", own, json!({"resellerId": "theirs"})),
                ("PUT", own, json!({"resellerId": "new"})),
                ("PUT", own, json!({"resellerId": null})),
                ("PUT", own, json!({"resellerId": "", "name": "N"})),
                ("PUT", own, json!({"resellerId": "Mine"})),
                ("PUT", group, json!({"resellerId": "theirs"})),
                ("PUT", group, json!({"resellerId": null, "groupName": "N"})),
                (
                    "POST",
                    tenants,
                    json!({"tenantId": "x", "type": "Enterprise", "resellerId": "theirs"}),
                ),
                (
                    "POST",
                    tenants,
                    json!({"tenantId": "x", "type": "Enterprise", "resellerId": "new"}),
                ),
                (
                    "POST",
                    tenants,
                    json!({"tenantId": "x", "type": "Enterprise", "templateName": "away"}),
                ),
                (
                    "POST",
                    groups,
                    json!({"groupId": "x", "resellerId": "theirs"}),
                ),
                (
                    "POST",
                    groups,
                    json!({"groupId": "x", "templateName": "away"}),
                ),
            ] {
                let answer = system.json(method, target, &body).await;
                assert_eq!(
                    numbers(&answer),
                    "58 resellerId",
                    "{method} {target} {body}"
                );
            }
            assert_eq!(log_after(&world, seq).await, [""; 0]);
            assert_eq!(
                names(root.get(ALL).await, "resellers", &["name"]),
                ["mine", "theirs"]
            );
            for (method, target, body) in [
                (
                    "PUT",
                    own,
                    json!({"resellerId": "mine", "forceResellerIdToGroups": true}),
                ),
                ("PUT", group, json!({"resellerId": "mine"})),
                (
                    "POST",
                    tenants,
                    json!({"tenantId": "x", "type": "Enterprise"}),
                ),
                (
                    "POST",
                    tenants,
                    json!({"tenantId": "y", "type": "Enterprise", "resellerId": "mine"}),
                ),
                ("POST", groups, json!({"groupId": "x"})),
                (
                    "POST",
                    groups,
                    json!({"groupId": "y", "resellerId": "mine"}),
                ),
            ] {
                let answer = system.json(method, target, &body).await;
                let status = if method == "POST" { 201 } else { 200 };
                assert_eq!(
                    done(answer, status)["resellerId"],
                    "mine",
                    "{method} {target} {body}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_reseller_that_is_named_is_made_or_refused_as_the_settings_say() {
    for worlds in each().await {
        for is_made in [false, true] {
            let world = with(&worlds, settings(true, true, is_made)).await;
            let root = furnish(&world).await;
            let tenants = "/api/v1/tenants/";
            for (number, (method, target, mut body)) in [
                ("PUT", "/api/v1/tenants/free/", json!({"name": "N"})),
                (
                    "POST",
                    tenants,
                    json!({"tenantId": "x", "type": "Enterprise"}),
                ),
                (
                    "PUT",
                    "/api/v1/tenants/free/groups/free/",
                    json!({"groupName": "N"}),
                ),
                (
                    "POST",
                    "/api/v1/tenants/free/groups/",
                    json!({"groupId": "x"}),
                ),
            ]
            .into_iter()
            .enumerate()
            {
                let name = format!("new{number}");
                body["resellerId"] = name.as_str().into();
                let seq = last_seq(&world).await;
                let answer = root.json(method, target, &body).await;
                let found = root.get(&format!("{ALL}{name}/")).await;
                let log = log_after(&world, seq).await;
                if is_made {
                    assert_eq!(
                        answer.json()["resellerId"],
                        name.as_str(),
                        "{}",
                        answer.line()
                    );
                    let bare = json!({"name": name, "externalName": "", "extraData": {}});
                    assert_eq!(done(found, 200), bare);
                    assert_eq!(log[0], format!("profile.reseller.created {name}"));
                    assert_eq!(log.len(), 2, "{log:?}");
                } else {
                    assert_eq!(numbers(&answer), "1005 resellerId", "{method} {target}");
                    assert_eq!(found.status, 404);
                    assert_eq!(log, [""; 0]);
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_name_a_new_reseller_and_a_new_domain_at_once_make_one_of_each() {
    for worlds in each().await {
        let world = with(&worlds, settings(true, true, true)).await;
        let root = caller(&world, "root").await;
        let mut running = JoinSet::new();
        let seq = last_seq(&world).await;
        for number in 0..10 {
            let root = root.clone();
            let body = json!({"tenantId": format!("t{number}"), "type": "Enterprise",
                "resellerId": "new", "defaultDomain": "new.org", "autoCreateDomain": true});
            running.spawn(async move { root.post("/api/v1/tenants/", &body).await });
        }
        for answer in running.join_all().await {
            assert_eq!(done(answer, 201)["resellerId"], "new");
        }
        assert_eq!(names(root.get(ALL).await, "resellers", &["name"]), ["new"]);
        let mut log = log_after(&world, seq).await;
        log.retain(|entry| !entry.starts_with("profile.tenant.created "));
        log.sort_unstable();
        assert_eq!(
            log,
            [
                "profile.domain.created new.org",
                "profile.reseller.created new"
            ]
        );
    }
}

#[tokio::test]
async fn groups_of_others_are_out_of_reach_of_whoever_is_bound_to_a_reseller() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        for name in ["r", "s"] {
            done(root.post(ALL, &json!({"name": name})).await, 201);
        }
        let template = json!({"name": "m", "data": {"actions": [
            {"action": "group_assign_domains", "data": {"domains": [], "groupId": "theirs"}}]}});
        let templates = "/api/v1/configs/templates/categories/tenant/templates/";
        done(root.post(templates, &template).await, 201);
        let body = json!({"tenantId": "t", "type": "Enterprise", "resellerId": "r"});
        done(root.post("/api/v1/tenants/", &body).await, 201);
        let groups = "/api/v1/tenants/t/groups/";
        for (group_id, reseller) in [
            ("own", json!("r")),
            ("theirs", json!("s")),
            ("none", Value::Null),
        ] {
            let body = json!({"groupId": group_id, "resellerId": reseller});
            done(root.post(groups, &body).await, 201);
        }
        let before = done(root.get(groups).await, 200);
        let bound = Standing {
            reseller: Some("r".to_owned()),
            ..standing(SystemAdmin, None, None)
        };
        appoint(&world, "system", &bound).await;
        let system = caller(&world, "system").await;
        let path = "/api/v1/tenants/t/";
        let force = json!({"resellerId": "r", "forceResellerIdToGroups": true});
        done(system.put(path, &force).await, 200);
        let acts = system.put(path, &json!({"templateName": "m"})).await;
        assert_eq!(numbers(&acts), "1009 ");
        let all = system
            .delete(&format!("{path}?deleteEvenIfNonEmpty=true"))
            .await;
        assert_eq!(numbers(&all), "1004 ");
        assert_eq!(done(root.get(groups).await, 200), before);
        for group_id in ["theirs", "none"] {
            done(root.delete(&format!("{groups}{group_id}/")).await, 200);
        }
        let all = system
            .delete(&format!("{path}?deleteEvenIfNonEmpty=true"))
            .await;
        assert_eq!(done(all, 200), json!({"deletedGroupIds": ["own"]}));
    }
}

#[tokio::test]
async fn whoever_sees_a_resellers_groups_alone_makes_none_of_others() {
    for worlds in each().await {
        let profiles = Profiles {
            reseller_check: ResellerCheck {
                tenant: false,
                group: true,
            },
            ..Profiles::default()
        };
        let world = with(&worlds, profiles).await;
        let root = caller(&world, "root").await;
        for name in ["r", "s"] {
            done(root.post(ALL, &json!({"name": name})).await, 201);
        }
        let body = json!({"tenantId": "t", "type": "Enterprise", "resellerId": "s"});
        done(root.post("/api/v1/tenants/", &body).await, 201);
        let bound = Standing {
            reseller: Some("r".to_owned()),
            ..standing(SystemAdmin, None, None)
        };
        appoint(&world, "system", &bound).await;
        let system = caller(&world, "system").await;
        let groups = "/api/v1/tenants/t/groups/";
        let made = done(system.post(groups, &json!({"groupId": "g"})).await, 201);
        assert_eq!(made["resellerId"], "r");
        assert_eq!(done(system.get(&format!("{groups}g/")).await, 200), made);
    }
}
