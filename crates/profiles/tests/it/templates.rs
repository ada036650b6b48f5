//! Templates: what new tenants and groups are made like (specification, sections 4.2.5 and 9).

use provost_app::settings::{AutoCreate, ObjectCreation, Profiles};
use provost_profiles::Level::TenantAdmin;
use provost_testkit::{Client, World};
use serde_json::{Value, json};

use super::deletion::{last_seq, log_after, numbers};
use super::world::{appoint, caller, done, each, group, plain, standing, tenant, with};

const CATEGORIES: &str = "/api/v1/configs/templates/categories/";
const TENANTS: &str = "/api/v1/tenants/";
const GROUPS: &str = "/api/v1/tenants/t/groups/";

fn of(category: &str) -> String {
    format!("{CATEGORIES}{category}/templates/")
}

async fn template(root: &Client, category: &str, name: &str, data: &Value) {
    let body = json!({"name": name, "data": data});
    done(root.post(&of(category), &body).await, 201);
}

#[tokio::test]
async fn templates_are_made_changed_and_removed() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        let all = json!({"categories": [
            {"name": "group", "description": "Templates of groups"},
            {"name": "tenant", "description": "Templates of tenants"},
        ]});
        assert_eq!(done(root.get(CATEGORIES).await, 200), all);
        let seq = last_seq(&world).await;
        // What nobody here follows is kept all the same.
        let data = json!({"attributes": {"name": "M", "colour": "red"}, "actions": [], "more": {"a": [1]}});
        let full = json!({"name": "zé 1", "description": "D", "data": data});
        assert_eq!(done(root.post(&of("tenant"), &full).await, 201), full);
        let bare = json!({"name": "A", "description": "", "data": {}});
        assert_eq!(
            done(root.post(&of("tenant"), &json!({"name": "A"})).await, 201),
            bare
        );
        // A name is a template's in its category.
        assert_eq!(
            done(root.post(&of("group"), &json!({"name": "A"})).await, 201),
            bare
        );
        let again = root
            .post(&of("tenant"), &json!({"name": "A", "description": "E"}))
            .await;
        assert_eq!(numbers(&again), "11 name");
        let listed = json!({"name": "tenant", "description": "Templates of tenants", "templates": [
            {"name": "A", "description": ""},
            {"name": "zé 1", "description": "D"},
        ]});
        assert_eq!(
            done(root.get(&format!("{CATEGORIES}tenant/")).await, 200),
            listed
        );
        let one = format!("{}z%C3%A9%201/", of("tenant"));
        assert_eq!(done(root.get(&one).await, 200), full);
        for (body, expected) in [
            (json!({}), full.clone()),
            (json!({"name": "zé 1"}), full.clone()),
            (
                json!({"description": "E"}),
                json!({"name": "zé 1", "description": "E", "data": data}),
            ),
            (
                json!({"data": {"x": 1}}),
                json!({"name": "zé 1", "description": "E", "data": {"x": 1}}),
            ),
            (
                json!({"data": {"y": 2}, "description": ""}),
                json!({"name": "zé 1", "description": "", "data": {"y": 2}}),
            ),
        ] {
            assert_eq!(done(root.put(&one, &body).await, 200), expected, "{body}");
            assert_eq!(done(root.get(&one).await, 200), expected, "{body}");
        }
        assert_eq!(root.delete(&one).await.line(), "200 {}");
        assert_eq!(
            log_after(&world, seq).await,
            [
                "profile.template.created template:tenant/zé 1",
                "profile.template.created template:tenant/A",
                "profile.template.created template:group/A",
                "profile.template.changed template:tenant/zé 1",
                "profile.template.changed template:tenant/zé 1",
                "profile.template.changed template:tenant/zé 1",
                "profile.template.deleted template:tenant/zé 1",
            ]
        );
        for method in ["GET", "PUT", "DELETE"] {
            let answer = root.json(method, &one, &json!({})).await;
            assert_eq!(
                answer.line(),
                r#"404 {"details":"Template 'zé 1' not found."}"#,
                "{method}"
            );
        }
        for (method, target) in [
            ("GET", format!("{CATEGORIES}user/")),
            ("GET", format!("{CATEGORIES}Tenant/")),
            ("POST", of("user")),
            ("GET", format!("{}A/", of("user"))),
            ("PUT", format!("{}A/", of("user"))),
            ("DELETE", format!("{}A/", of("user"))),
        ] {
            let answer = root.json(method, &target, &json!({"name": "B"})).await;
            let text = answer.text();
            assert!(
                answer.status == 404 && text.starts_with(r#"{"details":"Category '"#),
                "{method} {target}: {text}"
            );
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_template_is_told_before_anybody_uses_it() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        template(&root, "tenant", "m", &json!({"a": 1})).await;
        let one = format!("{}m/", of("tenant"));
        let seq = last_seq(&world).await;
        let long = "n".repeat(81);
        for (body, expected) in [
            (json!({"data": []}), "1002 data"),
            (json!({"data": "{}"}), "1002 data"),
            (
                json!({"description": 5, "data": 5}),
                "1002 description, 1002 data",
            ),
            (json!({"data": {"attributes": []}}), "1002 data.attributes"),
            (json!({"data": {"actions": {}}}), "1002 data.actions"),
            (
                json!({"data": {"actions": ["tenant_assign_domains"]}}),
                "1002 data.actions",
            ),
            (
                json!({"data": {"actions": [{"data": {}}]}}),
                "1002 data.actions",
            ),
            (
                json!({"data": {"actions": [{"action": 5}]}}),
                "1002 data.actions",
            ),
        ] {
            assert_eq!(numbers(&root.put(&one, &body).await), expected, "{body}");
            let mut body = body;
            body["name"] = "n".into();
            assert_eq!(
                numbers(&root.post(&of("tenant"), &body).await),
                expected,
                "{body}"
            );
        }
        assert_eq!(
            numbers(&root.put(&one, &json!({"name": "n"})).await),
            "1003 name"
        );
        for name in [
            json!(""),
            json!(null),
            json!("a/b"),
            json!(" a"),
            json!(long),
        ] {
            let answer = root.post(&of("tenant"), &json!({"name": name})).await;
            assert_eq!(numbers(&answer), "1002 name", "{name}");
        }
        assert_eq!(
            numbers(&root.post(&of("tenant"), &json!({})).await),
            "1001 name"
        );
        assert_eq!(log_after(&world, seq).await, [""; 0]);
        let left = done(root.get(&format!("{CATEGORIES}tenant/")).await, 200);
        assert_eq!(left["templates"], json!([{"name": "m", "description": ""}]));
    }
}

/// A template of tenants that says something of everything.
fn full() -> Value {
    json!({"attributes": {
        "type": "ServiceProvider", "name": "From the template", "supportEmail": "t@example.com",
        "defaultDomain": "example.org", "useCustomRoutingProfile": true, "useTenantLanguages": true,
        "resellerId": "r", "externalId2": "two",
        "contact": {"name": "Tem", "phoneNumber": "1"},
        "addressInformation": {"city": "Plate"},
        "colour": "red",
    }})
}

#[tokio::test]
async fn a_template_says_of_a_new_tenant_what_the_request_does_not() {
    for worlds in each().await {
        let settings = Profiles {
            apio_object_creation: ObjectCreation {
                tenant_data: true,
                ..ObjectCreation::default()
            },
            ..Profiles::default()
        };
        let world = with(&worlds, settings).await;
        let root = caller(&world, "root").await;
        for name in ["r", "s"] {
            done(
                root.post("/api/v1/local/resellers/", &json!({"name": name}))
                    .await,
                201,
            );
        }
        template(&root, "tenant", "m", &full()).await;
        let whole = json!({"tenantId": "t1", "type": "ServiceProvider", "name": "From the template",
            "defaultDomain": "example.org", "supportEmail": "t@example.com",
            "useCustomRoutingProfile": true, "useTenantLanguages": true,
            "externalId1": "", "externalId2": "two", "externalId3": "", "externalId4": "",
            "resellerId": "r", "contactInformation": {"name": "Tem", "phoneNumber": "1"},
            "addressInformation": {"city": "Plate"}});
        let mut own = json!({"type": "Enterprise", "name": "Own", "defaultDomain": "example.com",
            "supportEmail": "o@example.com", "useCustomRoutingProfile": false,
            "useTenantLanguages": false, "externalId1": "one", "externalId2": "2",
            "resellerId": "s", "contactInformation": {"name": "Con"}, "address": {"city": "Addr"}});
        for (tenant_id, asked) in [("t1", json!({})), ("t2", own.clone())] {
            let mut body = asked;
            body["tenantId"] = tenant_id.into();
            body["templateName"] = "m".into();
            let made = done(root.post(TENANTS, &body).await, 201);
            let found = done(root.get(&format!("{TENANTS}{tenant_id}/")).await, 200);
            assert_eq!(made, found);
            if tenant_id == "t1" {
                assert_eq!(found, whole);
                continue;
            }
            own["addressInformation"] = own["address"].take();
            for (name, value) in own.as_object().unwrap() {
                if name != "address" {
                    assert_eq!(&found[name], value, "{name}");
                }
            }
        }
        // What a template says is held against the same rules.
        template(
            &root,
            "tenant",
            "wrong",
            &json!({"attributes": {"name": 5, "type": "x"}}),
        )
        .await;
        let body = json!({"tenantId": "t3", "templateName": "wrong"});
        assert_eq!(
            numbers(&root.post(TENANTS, &body).await),
            "1002 type, 1002 name"
        );
        let body =
            json!({"tenantId": "t3", "templateName": "wrong", "type": "Enterprise", "name": "N"});
        done(root.post(TENANTS, &body).await, 201);
        template(&root, "group", "g", &json!({})).await;
        for name in ["nothing", "M", "g"] {
            let body = json!({"tenantId": "t4", "type": "Enterprise", "templateName": name});
            assert_eq!(
                numbers(&root.post(TENANTS, &body).await),
                "1008 templateName",
                "{name}"
            );
            let body = json!({"templateName": name, "name": "Other"});
            let answer = root.put(&format!("{TENANTS}t1/"), &body).await;
            assert_eq!(numbers(&answer), "1008 templateName", "{name}");
        }
        // A tenant that is there keeps what it has.
        let before = root.get(&format!("{TENANTS}t2/")).await.line();
        let seq = last_seq(&world).await;
        let answer = root
            .put(&format!("{TENANTS}t2/"), &json!({"templateName": "m"}))
            .await;
        assert_eq!(answer.line(), before);
        assert_eq!(log_after(&world, seq).await, [""; 0]);
    }
}

#[tokio::test]
async fn a_template_says_of_a_new_group_what_the_request_does_not() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        done(
            root.post("/api/v1/local/resellers/", &json!({"name": "r"}))
                .await,
            201,
        );
        tenant(&world, "t").await;
        let domains = json!({"domains": ["example.org"]});
        done(root.put("/api/v1/tenants/t/domains/", &domains).await, 200);
        let data = json!({"attributes": {"groupName": "G", "userLimit": 7, "cliName": "C",
            "timeZone": "Europe/Brussels", "defaultDomain": "example.org", "resellerId": "r",
            "contact": {"name": "Tem"}, "address": {"city": "Plate"}}});
        template(&root, "group", "m", &data).await;
        let whole = json!({"tenantId": "t", "groupId": "a", "groupName": "G", "userLimit": 7,
            "userCount": 0, "defaultDomain": "example.org", "cliName": "C", "cliPhoneNumber": "",
            "locationDialingCode": "", "timeZone": "Europe/Brussels",
            "contactInformation": {"name": "Tem"}, "addressInformation": {"city": "Plate"},
            "resellerId": "r"});
        let body = json!({"groupId": "a", "templateName": "m"});
        assert_eq!(done(root.post(GROUPS, &body).await, 201), whole);
        assert_eq!(done(root.get(&format!("{GROUPS}a/")).await, 200), whole);
        let own = json!({"groupId": "b", "templateName": "m", "groupName": "Own", "userLimit": 0,
            "contactInformation": {"name": "Con"}});
        let made = done(root.post(GROUPS, &own).await, 201);
        for (name, value) in [
            ("groupName", json!("Own")),
            ("userLimit", json!(0)),
            ("cliName", json!("C")),
            ("contactInformation", json!({"name": "Con"})),
        ] {
            assert_eq!(made[name], value, "{name}");
        }
        template(&root, "tenant", "of tenants", &json!({})).await;
        for name in ["nothing", "of tenants"] {
            let body = json!({"groupId": "c", "templateName": name});
            assert_eq!(
                numbers(&root.post(GROUPS, &body).await),
                "1008 templateName",
                "{name}"
            );
            let answer = root.put(&format!("{GROUPS}a/"), &body).await;
            assert!(numbers(&answer).starts_with("1003 groupId"), "{name}");
            let body = json!({"templateName": name, "groupName": "Other"});
            let answer = root.put(&format!("{GROUPS}a/"), &body).await;
            assert_eq!(numbers(&answer), "1008 templateName", "{name}");
        }
        let answer = root
            .put(&format!("{GROUPS}b/"), &json!({"templateName": "m"}))
            .await;
        assert_eq!(done(answer, 200), made);
    }
}

/// A tenant `t` with groups `g` and `h`, in a system with domains `a.org` to `d.org`.
async fn furnish(world: &World) -> Client {
    let root = caller(world, "root").await;
    for domain in ["a.org", "b.org", "c.org", "d.org"] {
        let body = json!({"domain": domain});
        done(root.post("/api/v1/system/domains/", &body).await, 201);
    }
    tenant(world, "t").await;
    for group_id in ["g", "h"] {
        group(world, "t", group_id).await;
    }
    root
}

async fn domains(root: &Client, below: &str) -> Value {
    done(root.get(&format!("{TENANTS}{below}domains/")).await, 200)["domains"].clone()
}

fn action(name: &str, data: &Value) -> Value {
    json!({"action": name, "data": data})
}

#[tokio::test]
async fn actions_are_carried_out_in_their_order_and_unknown_ones_are_passed_over() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = furnish(&world).await;
        let [of_tenant, of_group] = ["tenant_assign_domains", "group_assign_domains"];
        let data = json!({"actions": [
            action(of_tenant, &json!({"domains": ["B.org", "a.org"]})),
            action("make_coffee", &json!({"cups": 2})),
            {"action": "wait"},
            // What the first action gave the tenant, this one gives a group.
            action(of_group, &json!({"groupId": "h", "domains": ["b.org"]})),
            action(of_tenant, &json!({"domains": ["c.org"]})),
        ]});
        template(&root, "tenant", "m", &data).await;
        let group_data = json!({"actions": [
            action("make_coffee", &json!(null)),
            action(of_tenant, &json!({"domains": ["d.org"]})),
            action(of_group, &json!({"domains": ["a.org", "C.org"]})),
        ]});
        template(&root, "group", "m", &group_data).await;
        let used = json!({"templateName": "m", "name": "N"});
        let seq = last_seq(&world).await;
        done(root.put("/api/v1/tenants/t/", &used).await, 200);
        assert_eq!(
            log_after(&world, seq).await,
            [
                "profile.tenant.changed profile:t",
                "profile.domains.changed profile:t",
                "profile.domains.changed profile:t/h",
                "profile.domains.changed profile:t",
            ]
        );
        let four = json!(["a.org", "b.org", "c.org", "example.com"]);
        assert_eq!(domains(&root, "t/").await, four);
        assert_eq!(
            domains(&root, "t/groups/h/").await,
            json!(["b.org", "example.com"])
        );
        assert_eq!(domains(&root, "t/groups/g/").await, json!(["example.com"]));
        // Again, and there is nothing to be done.
        let seq = last_seq(&world).await;
        done(root.put("/api/v1/tenants/t/", &used).await, 200);
        assert_eq!(log_after(&world, seq).await, [""; 0]);
        // Of groups, only what is of groups is followed.
        let three = json!(["a.org", "c.org", "example.com"]);
        let body = json!({"templateName": "m"});
        done(root.put(&format!("{GROUPS}g/"), &body).await, 200);
        assert_eq!(domains(&root, "t/groups/g/").await, three);
        let body = json!({"templateName": "m", "groupId": "i"});
        done(root.post(GROUPS, &body).await, 201);
        assert_eq!(domains(&root, "t/groups/i/").await, three);
        assert_eq!(domains(&root, "t/").await, four);
        // Whoever administers the tenant may use them too.
        appoint(&world, "tenant", &standing(TenantAdmin, Some("t"), None)).await;
        let admin = caller(&world, "tenant").await;
        let more =
            json!({"data": {"actions": [action(of_tenant, &json!({"domains": ["d.org"]}))]}});
        done(root.put(&format!("{}m/", of("tenant")), &more).await, 200);
        done(
            admin
                .put("/api/v1/tenants/t/", &json!({"templateName": "m"}))
                .await,
            200,
        );
        let five = json!(["a.org", "b.org", "c.org", "d.org", "example.com"]);
        assert_eq!(domains(&root, "t/").await, five);
        let fresh = json!({"actions": [action(of_tenant, &json!({"domains": ["a.org"]}))]});
        template(&root, "tenant", "fresh", &fresh).await;
        let body = json!({"tenantId": "u", "type": "Enterprise", "templateName": "fresh"});
        done(root.post(TENANTS, &body).await, 201);
        assert_eq!(domains(&root, "u/").await, json!(["a.org", "example.com"]));
    }
}

/// Actions that fail, each with how many reasons.
fn failing() -> Vec<(&'static str, &'static str, Value, usize)> {
    let [of_tenant, of_group] = ["tenant_assign_domains", "group_assign_domains"];
    vec![
        ("tenant", of_tenant, json!({"domains": ["x.org"]}), 1),
        (
            "tenant",
            of_tenant,
            json!({"domains": ["a.org", "x.org", "y.org"]}),
            2,
        ),
        ("tenant", of_tenant, json!({}), 1),
        ("tenant", of_tenant, json!(null), 1),
        ("tenant", of_tenant, json!({"domains": "a.org"}), 1),
        ("tenant", of_tenant, json!({"domains": [5]}), 1),
        ("tenant", of_group, json!({"domains": ["example.com"]}), 1),
        (
            "tenant",
            of_group,
            json!({"domains": ["example.com"], "groupId": "x"}),
            1,
        ),
        (
            "tenant",
            of_group,
            json!({"domains": ["b.org"], "groupId": "g"}),
            1,
        ),
        ("group", of_group, json!({"domains": ["b.org"]}), 1),
        ("group", of_group, json!({"domains": ["x.org"]}), 1),
        ("group", of_group, json!({}), 1),
    ]
}

#[tokio::test]
async fn an_action_that_fails_undoes_everything() {
    for worlds in each().await {
        let settings = Profiles {
            apio_object_creation: ObjectCreation {
                reseller: true,
                ..ObjectCreation::default()
            },
            auto_create: AutoCreate {
                tenant_default_domain: true,
            },
            ..Profiles::default()
        };
        let world = with(&worlds, settings).await;
        let root = furnish(&world).await;
        let sights = [
            "/api/v1/tenants/t/",
            "/api/v1/tenants/t/domains/",
            "/api/v1/tenants/t/groups/",
            "/api/v1/tenants/t/groups/g/",
            "/api/v1/tenants/t/groups/g/domains/",
            "/api/v1/tenants/",
            "/api/v1/system/domains/",
            "/api/v1/local/resellers/",
        ];
        let seen = async || {
            let mut seen = Vec::new();
            for sight in sights {
                seen.push(root.get(sight).await.line());
            }
            seen
        };
        for (number, (category, name, data, reasons)) in failing().into_iter().enumerate() {
            let good = action("tenant_assign_domains", &json!({"domains": ["a.org"]}));
            let last = action("tenant_assign_domains", &json!({"domains": ["c.org"]}));
            let actions = json!({"actions": [good, action(name, &data), last]});
            let used = format!("m{number}");
            template(&root, category, &used, &actions).await;
            let (before, seq) = (seen().await, last_seq(&world).await);
            let requests = match category {
                "tenant" => [
                    (
                        "PUT",
                        "/api/v1/tenants/t/",
                        json!({"templateName": used, "name": "N",
                        "defaultDomain": "new.org", "resellerId": "new",
                        "forceResellerIdToGroups": true}),
                    ),
                    (
                        "POST",
                        TENANTS,
                        json!({"templateName": used, "tenantId": "u",
                        "type": "Enterprise", "defaultDomain": "new.org", "resellerId": "new"}),
                    ),
                ],
                _ => [
                    (
                        "PUT",
                        "/api/v1/tenants/t/groups/g/",
                        json!({"templateName": used,
                        "groupName": "N", "resellerId": "new"}),
                    ),
                    (
                        "POST",
                        GROUPS,
                        json!({"templateName": used, "groupId": "i", "resellerId": "new"}),
                    ),
                ],
            };
            for (method, target, body) in requests {
                let answer = root.json(method, target, &body).await;
                let about = format!("{method} {target} {name} {data}: {}", answer.line());
                assert_eq!(numbers(&answer), "1009 ", "{about}");
                let inner = answer.json()["errors"][0]["details"]["errors"].clone();
                let inner = inner.as_array().unwrap();
                assert_eq!(inner.len(), reasons, "{about}");
                for error in inner {
                    assert!(!error["summary"].as_str().unwrap().is_empty(), "{about}");
                }
                assert_eq!(seen().await, before, "{about}");
                assert_eq!(log_after(&world, seq).await, [""; 0], "{about}");
            }
        }
    }
}
