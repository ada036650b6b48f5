//! Who may do what: every operation, for everybody (specification, section 1.3).

use std::collections::BTreeSet;

use provost_profiles::Level::{DepartmentAdmin, EndUser, GroupAdmin, SystemAdmin, TenantAdmin};
use provost_profiles::people::Standing;
use provost_testkit::{Client, World};
use serde_json::{Value, json};

use super::deletion::{last_seq, log_after};
use super::world::{appoint, caller, codes, done, each, group, plain, standing, tenant};

/// Each operation with the statuses of nobody, a stranger, an end user, a department's administrator, the
/// group's, another group's, the tenant's, another tenant's, the system's, a superuser of whom nothing is
/// on record, and the system's who only looks; then the body, if one is sent. No request changes anything
/// that the next one needs: whoever may is answered 400 where more than nothing would be done.
const TABLE: &str = r#"
    POST   login/                                     400 400 400 400 400 400 400 400 400 400 400 {}
    GET    tenants/                                   401 403 403 403 403 403 403 403 200 200 200
    POST   tenants/                                   401 403 403 403 403 403 403 403 400 400 403 {}
    GET    tenants/{tenant}/                          401 403 403 403 403 403 200 403 200 200 200
    PUT    tenants/{tenant}/                          401 403 403 403 403 403 200 403 200 200 403 {}
    DELETE tenants/{tenant}/                          401 403 403 403 403 403 403 403 400 400 403
    GET    tenants/{tenant}/domains/                  401 403 403 403 403 403 200 403 200 200 200
    PUT    tenants/{tenant}/domains/                  401 403 403 403 403 403 200 403 200 200 403 {"domains": []}
    DELETE tenants/{tenant}/domains/                  401 403 403 403 403 403 200 403 200 200 403 {"domains": []}
    GET    tenants/{tenant}/groups/                   401 403 403 403 403 403 200 403 200 200 200
    POST   tenants/{tenant}/groups/                   401 403 403 403 403 403 400 403 400 400 403 {}
    GET    tenants/{tenant}/groups/{group}/           401 403 403 403 200 403 200 403 200 200 200
    PUT    tenants/{tenant}/groups/{group}/           401 403 403 403 200 403 200 403 200 200 403 {}
    DELETE tenants/{tenant}/groups/{group}/           401 403 403 403 403 403 400 403 400 400 403 {"groupId": "x"}
    GET    tenants/{tenant}/groups/{group}/domains/   401 403 403 403 200 403 200 403 200 200 200
    PUT    tenants/{tenant}/groups/{group}/domains/   401 403 403 403 200 403 200 403 200 200 403 {"domains": []}
    DELETE tenants/{tenant}/groups/{group}/domains/   401 403 403 403 200 403 200 403 200 200 403 {"domains": []}
    GET    tenants/{tenant}/groups/{group}/users/{user}/properties/applications/                     401 403 200 403 200 403 200 403 200 200 200
    GET    tenants/{tenant}/groups/{group}/users/{user}/properties/applications/{application}/       401 403 200 403 200 403 200 403 200 200 200
    GET    tenants/{tenant}/groups/{group}/users/{user}/properties/applications/{application}/{key}/ 401 403 200 403 200 403 200 403 200 200 200
    PUT    tenants/{tenant}/groups/{group}/users/{user}/properties/applications/{application}/{key}/ 401 403 200 403 200 403 200 403 200 200 403 {"data": "d"}
    DELETE tenants/{tenant}/groups/{group}/users/{user}/properties/applications/{application}/{key}/ 401 403 200 403 200 403 200 403 200 200 403
    GET    search/groups                              401 403 403 403 403 403 403 403 200 200 200 {"sensitiveGroupIdEquals": "g"}
    GET    system/domains/                            401 403 200 200 200 200 200 200 200 200 200
    POST   system/domains/                            401 403 403 403 403 403 403 403 400 400 403 {}
    DELETE system/domains/                            401 403 403 403 403 403 403 403 400 400 403 {"domain": "x"}
    GET    local/resellers/                           401 403 403 403 403 403 200 200 200 200 200
    POST   local/resellers/                           401 403 403 403 403 403 403 403 400 400 403 {}
    GET    local/resellers/{name}/                    401 403 403 403 403 403 200 200 200 200 200
    PUT    local/resellers/{name}/                    401 403 403 403 403 403 403 403 200 200 403 {}
    DELETE local/resellers/{name}/                    401 403 403 403 403 403 403 403 400 400 403
    GET    configs/templates/categories/              401 403 403 403 403 403 200 200 200 200 200
    GET    configs/templates/categories/{category}/   401 403 403 403 403 403 200 200 200 200 200
    POST   configs/templates/categories/{category}/templates/        401 403 403 403 403 403 403 403 400 400 403 {}
    GET    configs/templates/categories/{category}/templates/{name}/ 401 403 403 403 403 403 200 200 200 200 200
    PUT    configs/templates/categories/{category}/templates/{name}/ 401 403 403 403 403 403 403 403 200 200 403 {}
    DELETE configs/templates/categories/{category}/templates/{name}/ 401 403 403 403 403 403 403 403 200 200 403
    POST   logout/                                    200 200 200 200 200 200 200 200 200 200 200
"#;

/// One row.
struct Row {
    method: &'static str,
    path: &'static str,
    statuses: Vec<u16>,
    body: Option<Value>,
}

fn rows() -> Vec<Row> {
    let lines = TABLE.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(row).collect()
}

fn row(line: &'static str) -> Row {
    let (cells, body) = line
        .find(" {\"")
        .or(line.find(" {}"))
        .map_or((line, None), |place| {
            let (cells, body) = line.split_at(place);
            (cells, Some(serde_json::from_str(body).unwrap()))
        });
    let cells: Vec<&str> = cells.split_whitespace().collect();
    Row {
        method: cells[0],
        path: cells[1],
        statuses: cells[2..]
            .iter()
            .map(|cell| cell.parse().unwrap())
            .collect(),
        body,
    }
}

/// The columns: an account, and its standing if it has one.
fn columns() -> [(Option<&'static str>, Option<Standing>); 11] {
    let at = |level, group| Some(standing(level, Some("t"), group));
    let system = standing(SystemAdmin, None, None);
    let looker = Standing {
        read_only: true,
        ..system.clone()
    };
    [
        (None, None),
        (Some("stranger"), None),
        (Some("user"), at(EndUser, Some("g"))),
        (Some("department"), at(DepartmentAdmin, Some("g"))),
        (Some("group"), at(GroupAdmin, Some("g"))),
        (Some("other"), at(GroupAdmin, Some("h"))),
        (Some("tenant"), at(TenantAdmin, None)),
        (Some("other"), Some(standing(TenantAdmin, Some("u"), None))),
        (Some("system"), Some(system)),
        (Some("root"), None),
        (Some("looker"), Some(looker)),
    ]
}

async fn furnish(world: &World) {
    let root = caller(world, "root").await;
    let reseller = json!({"name": "r"});
    done(root.post("/api/v1/local/resellers/", &reseller).await, 201);
    for (tenant_id, groups) in [("t", ["g", "h"]), ("u", ["g", "h"])] {
        tenant(world, tenant_id).await;
        for group_id in groups {
            group(world, tenant_id, group_id).await;
        }
    }
    let owner = json!({"resellerId": "r"});
    done(root.put("/api/v1/tenants/t/", &owner).await, 200);
}

fn filled(path: &str) -> String {
    let path = [
        ("{tenant}", "t"),
        ("{group}", "g"),
        ("{user}", "user"),
        ("{application}", "a"),
        ("{key}", "k"),
        ("{category}", "tenant"),
        ("{name}", if path.contains("templates") { "m" } else { "r" }),
    ]
    .iter()
    .fold(path.to_owned(), |path, (name, value)| {
        path.replace(name, value)
    });
    format!("/api/v1/{path}")
}

/// What every caller finds, though the one before may have removed it.
async fn replenish(root: &Client) {
    let key =
        filled("tenants/t/groups/g/users/{user}/properties/applications/{application}/{key}/");
    done(root.put(&key, &json!({"data": "d"})).await, 200);
    let templates = filled("configs/templates/categories/{category}/templates/");
    let made = root.post(&templates, &json!({"name": "m"})).await;
    assert!([201, 400].contains(&made.status), "{}", made.line());
}

#[test]
fn every_operation_is_in_the_table() {
    let known: BTreeSet<String> = rows()
        .iter()
        .map(|row| format!("{} /api/v1/{}", row.method, row.path))
        .collect();
    let family = provost_profiles::family();
    let operations = family.operations().iter();
    let all: BTreeSet<String> = operations
        .map(|operation| format!("{} {}", operation.method, operation.path))
        .collect();
    assert_eq!(known, all);
}

/// What has to be on record after a request that is not refused.
fn expected_log(row: &Row, status: u16) -> &'static [&'static str] {
    match (row.method, status) {
        ("DELETE", 200) if row.path.ends_with("{key}/") => &["profile.data.changed profile:t/g"],
        ("DELETE", 200) if row.path.ends_with("{name}/") => {
            &["profile.template.deleted template:tenant/m"]
        }
        _ => &[],
    }
}

#[tokio::test]
async fn everybody_may_what_their_level_says_and_no_more() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        furnish(&world).await;
        let root = caller(&world, "root").await;
        for (place, (name, standing)) in columns().into_iter().enumerate() {
            replenish(&root).await;
            if let (Some(name), Some(standing)) = (name, &standing) {
                appoint(&world, name, standing).await;
            }
            let client = match name {
                Some(name) => caller(&world, name).await,
                None => world.nobody(),
            };
            for row in rows() {
                let seq = last_seq(&world).await;
                let target = filled(row.path);
                let answer = match &row.body {
                    Some(body) => client.json(row.method, &target, body).await,
                    None => client.send(row.method, &target, None, "").await,
                };
                let status = row.statuses[place];
                let about = format!(
                    "{name:?} ({place}): {} {target}: {}",
                    row.method,
                    answer.text()
                );
                assert_eq!(answer.status, status, "{about}");
                assert_eq!(
                    refused_because(status),
                    refusal(&answer.json(), status),
                    "{about}"
                );
                if status != 403 {
                    let expected = expected_log(&row, status);
                    assert_eq!(log_after(&world, seq).await, expected, "{about}");
                }
            }
        }
    }
}

/// What somebody is told who may not.
fn refused_because(status: u16) -> Option<&'static str> {
    match status {
        401 => Some("Authentication credentials were not provided."),
        403 => Some("You do not have permission to perform this action."),
        _ => None,
    }
}

fn refusal(body: &Value, status: u16) -> Option<&str> {
    let is_refused = [401, 403].contains(&status);
    body["details"].as_str().filter(|_| is_refused)
}

#[tokio::test]
async fn whoever_has_a_place_learns_nothing_of_others() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        furnish(&world).await;
        appoint(&world, "tenant", &standing(TenantAdmin, Some("t"), None)).await;
        appoint(&world, "group", &standing(GroupAdmin, Some("t"), Some("g"))).await;
        let admins = [
            caller(&world, "tenant").await,
            caller(&world, "group").await,
        ];
        for (method, below) in [
            ("GET", ""),
            ("PUT", ""),
            ("DELETE", ""),
            ("GET", "domains/"),
            ("GET", "groups/"),
            ("POST", "groups/"),
            ("GET", "groups/g/"),
            ("GET", "groups/no/"),
            ("PUT", "groups/g/domains/"),
            ("GET", "groups/g/users/user/properties/applications/"),
        ] {
            for tenant_id in ["u", "no", "T", "%00"] {
                for client in &admins {
                    let target = format!("/api/v1/tenants/{tenant_id}/{below}");
                    // Nobody looks at what is sent before it is known who sends it.
                    let answer = client
                        .send(method, &target, Some("application/json"), "{")
                        .await;
                    assert_eq!(answer.status, 403, "{method} {target}: {}", answer.text());
                }
            }
        }
        let [_, of_group] = &admins;
        for group_id in ["h", "no", "G"] {
            let target = format!("/api/v1/tenants/t/groups/{group_id}/");
            assert_eq!(of_group.get(&target).await.status, 403, "{target}");
        }
    }
}

#[tokio::test]
async fn what_is_above_a_tenant_or_a_group_its_administrators_may_not_say() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        furnish(&world).await;
        appoint(&world, "tenant", &standing(TenantAdmin, Some("t"), None)).await;
        appoint(&world, "group", &standing(GroupAdmin, Some("t"), Some("g"))).await;
        let (of_tenant, of_group) = (
            caller(&world, "tenant").await,
            caller(&world, "group").await,
        );
        let seq = last_seq(&world).await;
        for (body, parameters) in [
            (json!({"resellerId": "r"}), vec!["resellerId"]),
            (json!({"resellerId": null}), vec!["resellerId"]),
            (
                json!({"noResellerIdToGroups": false}),
                vec!["noResellerIdToGroups"],
            ),
            (
                json!({"forceResellerIdToGroups": true}),
                vec!["forceResellerIdToGroups"],
            ),
            (json!({"autoCreateDomain": true}), vec!["autoCreateDomain"]),
            // Who may not use a parameter is not told what is wrong with others.
            (
                json!({"autoCreateDomain": "x", "name": 5}),
                vec!["autoCreateDomain"],
            ),
            (
                json!({"autoCreateDomain": true, "forceResellerIdToGroups": true,
                    "noResellerIdToGroups": true, "resellerId": "r", "name": "N"}),
                vec![
                    "resellerId",
                    "noResellerIdToGroups",
                    "forceResellerIdToGroups",
                    "autoCreateDomain",
                ],
            ),
        ] {
            let answer = of_tenant.put("/api/v1/tenants/t/", &body).await;
            let expected: Vec<_> = parameters
                .iter()
                .map(|name| (58, (*name).to_owned()))
                .collect();
            assert_eq!(codes(&answer), expected, "{body}");
            assert_eq!(answer.status, 400, "{body}");
        }
        for sent in [json!("r"), json!(null), json!("")] {
            let body = json!({"resellerId": sent, "groupName": "N"});
            let answer = of_group.put("/api/v1/tenants/t/groups/g/", &body).await;
            assert_eq!(codes(&answer), [(58, "resellerId".to_owned())], "{body}");
        }
        assert_eq!(log_after(&world, seq).await, [""; 0]);
        // What is theirs to say, they may.
        let named = of_tenant
            .put("/api/v1/tenants/t/", &json!({"name": "N"}))
            .await;
        assert_eq!(done(named, 200)["name"], "N");
        let given = json!({"resellerId": "r"});
        done(
            of_tenant.put("/api/v1/tenants/t/groups/g/", &given).await,
            200,
        );
    }
}

#[tokio::test]
async fn whose_tenant_or_group_went_may_nothing_though_one_of_its_id_came() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        furnish(&world).await;
        let root = caller(&world, "root").await;
        let people = [
            (
                "user",
                standing(EndUser, Some("t"), Some("g")),
                "groups/g/users/user/properties/applications/",
            ),
            (
                "group",
                standing(GroupAdmin, Some("t"), Some("g")),
                "groups/g/",
            ),
            ("tenant", standing(TenantAdmin, Some("t"), None), ""),
        ];
        let ask = async |name: &str, below: &str| {
            let client = caller(&world, name).await;
            let own = client.get(&format!("/api/v1/tenants/t/{below}")).await;
            let domains = client.get("/api/v1/system/domains/").await;
            (own.status, domains.status)
        };
        for (name, standing, below) in &people {
            appoint(&world, name, standing).await;
            assert_eq!(ask(name, below).await, (200, 200), "{name}");
        }
        done(root.delete("/api/v1/tenants/t/groups/g/").await, 200);
        for anew in [false, true] {
            if anew {
                group(&world, "t", "g").await;
            }
            for (name, _, below) in &people {
                let expected = if *name == "tenant" {
                    (200, 200)
                } else {
                    (403, 403)
                };
                assert_eq!(ask(name, below).await, expected, "{name} {anew}");
            }
        }
        done(
            root.delete("/api/v1/tenants/t?deleteEvenIfNonEmpty=true")
                .await,
            200,
        );
        for step in ["gone", "anew", "swept"] {
            match step {
                "anew" => {
                    tenant(&world, "t").await;
                    group(&world, "t", "g").await;
                }
                "swept" => drop(provost_profiles::sweep(&world.app).await.unwrap()),
                _ => {}
            }
            for (name, _, below) in &people {
                assert_eq!(ask(name, below).await, (403, 403), "{name} {step}");
            }
        }
        for (name, standing, below) in &people {
            appoint(&world, name, standing).await;
            assert_eq!(ask(name, below).await, (200, 200), "{name} appointed anew");
        }
    }
}

#[tokio::test]
async fn a_write_that_is_refused_to_somebody_is_on_record() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        furnish(&world).await;
        let place = standing(TenantAdmin, Some("u"), None);
        appoint(&world, "other", &place).await;
        for (name, method, below, is_recorded) in [
            (Some("stranger"), "POST", "tenants/", true),
            (Some("other"), "PUT", "tenants/t/", true),
            (
                Some("other"),
                "DELETE",
                "tenants/t/groups/g/?_excludedAppIds=a",
                true,
            ),
            (Some("other"), "GET", "tenants/t/", false),
            (None, "PUT", "tenants/t/", false),
        ] {
            let client = match name {
                Some(name) => caller(&world, name).await,
                None => world.nobody(),
            };
            let seq = last_seq(&world).await;
            let target = format!("/api/v1/{below}");
            client.json(method, &target, &json!({})).await;
            let path = target.split('?').next().unwrap();
            let entry = is_recorded.then(|| format!("request.denied {path}"));
            let expected: Vec<String> = entry.into_iter().collect();
            assert_eq!(
                log_after(&world, seq).await,
                expected,
                "{name:?}: {method} {below}"
            );
        }
    }
}

#[tokio::test]
async fn what_is_on_record_counts_before_what_the_platform_says_of_somebody() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        furnish(&world).await;
        let place = standing(TenantAdmin, Some("t"), None);
        appoint(&world, "root", &place).await;
        let root = caller(&world, "root").await;
        for (below, status) in [("tenants/t/", 200), ("tenants/u/", 403), ("tenants/", 403)] {
            let answer = root.get(&format!("/api/v1/{below}")).await;
            assert_eq!(answer.status, status, "{below}");
        }
        let own = "/api/provost/v1/profiles/people/root/";
        assert_eq!(root.delete(own).await.status, 204);
        done(root.get("/api/v1/tenants/u/").await, 200);
    }
}

#[tokio::test]
async fn whoever_was_confined_to_what_is_gone_may_nothing_even_if_staff() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        for id in ["t", "u"] {
            tenant(&world, id).await;
            group(&world, id, "g").await;
        }
        appoint(&world, "system", &standing(SystemAdmin, None, None)).await;
        let system = caller(&world, "system").await;
        let root = caller(&world, "root").await;
        for (confined, path) in [
            (
                standing(GroupAdmin, Some("t"), Some("g")),
                "/api/v1/tenants/t/groups/g/",
            ),
            (standing(TenantAdmin, Some("t"), None), "/api/v1/tenants/t/"),
        ] {
            appoint(&world, "root", &confined).await;
            done(root.get(path).await, 200);
            done(system.delete(path).await, 200);
            for _ in 0..2 {
                for path in [path, "/api/v1/tenants/", "/api/v1/system/domains/"] {
                    assert_eq!(root.get(path).await.status, 403, "{path}");
                }
                provost_profiles::sweep(&world.app).await.unwrap();
            }
        }
        // Whoever has nothing on record is what the platform says.
        let people = "/api/provost/v1/profiles/people/root/";
        assert_eq!(root.delete(people).await.status, 204);
        done(root.get("/api/v1/tenants/").await, 200);
    }
}
