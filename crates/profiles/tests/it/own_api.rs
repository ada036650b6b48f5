//! What is beyond the old API: both views of a tenant, people, backends and the default domain.

use provost_profiles::Level::SystemAdmin;
use provost_testkit::{Answer, Client, World};
use serde_json::{Value, json};

use super::deletion::{last_seq, log_after};
use super::world::{appoint, caller, done, each, group, plain, standing, tenant};

const PEOPLE: &str = "/api/provost/v1/profiles/people/";
const BACKENDS: &str = "/api/provost/v1/profiles/backends/";
const DEFAULT: &str = "/api/provost/v1/profiles/default-domain";

/// The status, and the names of the members that something is wrong with, or the sentence that says what is.
fn problem(answer: &Answer) -> String {
    let media = answer.header("content-type").unwrap_or_default();
    assert_eq!(media, "application/problem+json", "{}", answer.line());
    let body = answer.json();
    assert_eq!(body["status"], answer.status, "{}", answer.line());
    let said = match body["errors"].as_object() {
        Some(errors) => {
            let mut names: Vec<&str> = errors.keys().map(String::as_str).collect();
            names.sort_unstable();
            names.join(" ")
        }
        None => body["detail"].as_str().unwrap().to_owned(),
    };
    format!("{} {said}", answer.status)
}

async fn furnish(world: &World) -> Client {
    tenant(world, "t").await;
    tenant(world, "u").await;
    group(world, "t", "g").await;
    let root = caller(world, "root").await;
    done(
        root.post("/api/v1/local/resellers/", &json!({"name": "r"}))
            .await,
        201,
    );
    for name in ["b1", "b2"] {
        done(
            root.put(&format!("{BACKENDS}{name}/"), &json!({})).await,
            200,
        );
    }
    root
}

#[tokio::test]
async fn staff_alone_may() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = furnish(&world).await;
        // Whoever administers all profiles administers no more than profiles.
        appoint(&world, "system", &standing(SystemAdmin, None, None)).await;
        let (system, nobody) = (caller(&world, "system").await, world.nobody());
        let family = provost_profiles::administration();
        assert_eq!(family.operations().len(), 10);
        for operation in family.operations() {
            let method = operation.method.as_str();
            let target = ["{tenant_id}", "{username}", "{name}"]
                .iter()
                .fold(operation.path.clone(), |path, name| {
                    path.replace(name, "none")
                });
            let about = format!("{method} {target}");
            let answer = nobody.json(method, &target, &json!({})).await;
            assert_eq!(answer.status, 401, "{about}: {}", answer.text());
            let seq = last_seq(&world).await;
            let answer = system.json(method, &target, &json!({})).await;
            let denied = "403 You do not have permission to perform this action.";
            assert_eq!(problem(&answer), denied, "{about}");
            let recorded = (method != "GET").then(|| format!("request.denied {target}"));
            assert_eq!(log_after(&world, seq).await, Vec::from_iter(recorded));
            let answer = root.json(method, &target, &json!({})).await;
            assert!(
                [200, 204, 400, 404].contains(&answer.status),
                "{about}: {}",
                answer.text()
            );
        }
        assert_eq!(system.get(&format!("{BACKENDS}x/")).await.status, 403);
    }
}

fn person(username: &str, level: &str, rest: &Value) -> Value {
    let mut person = json!({"username": username, "level": level, "tenant_id": null,
        "group_id": null, "reseller_id": null, "read_only": false, "multi_as": false, "backends": []});
    for (name, value) in rest.as_object().unwrap() {
        person[name] = value.clone();
    }
    person
}

#[tokio::test]
async fn what_somebody_can_do_is_put_on_record_and_forgotten() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = furnish(&world).await;
        assert_eq!(done(root.get(PEOPLE).await, 200), json!({"people": []}));
        let other = format!("{PEOPLE}other/");
        let seq = last_seq(&world).await;
        for (asked, level, rest) in [
            (json!({"level": "system_admin"}), "system_admin", json!({})),
            (
                json!({"level": "system_admin", "backends": ["b2", "b1", "b2"], "reseller_id": "r"}),
                "system_admin",
                json!({"multi_as": true, "backends": ["b2", "b1"], "reseller_id": "r"}),
            ),
            (
                json!({"level": "system_admin", "backends": []}),
                "system_admin",
                json!({"multi_as": true}),
            ),
            (
                json!({"level": "tenant_admin", "tenant_id": "t", "read_only": true}),
                "tenant_admin",
                json!({"tenant_id": "t", "read_only": true}),
            ),
            (
                json!({"level": "group_admin", "tenant_id": "t", "group_id": "g"}),
                "group_admin",
                json!({"tenant_id": "t", "group_id": "g"}),
            ),
            (
                json!({"level": "department_admin", "tenant_id": "t", "group_id": "g"}),
                "department_admin",
                json!({"tenant_id": "t", "group_id": "g"}),
            ),
            (
                json!({"level": "end_user", "tenant_id": "t", "group_id": "g", "reseller_id": null, "backends": null}),
                "end_user",
                json!({"tenant_id": "t", "group_id": "g"}),
            ),
        ] {
            // Twice, of which the second time changes nothing.
            for _ in 0..2 {
                let put = done(root.put(&other, &asked).await, 200);
                let expected = person("other", level, &rest);
                assert_eq!(put, expected, "{asked}");
                assert_eq!(done(root.get(&other).await, 200), expected, "{asked}");
                assert_eq!(
                    done(root.get(PEOPLE).await, 200),
                    json!({"people": [expected]})
                );
            }
        }
        assert_eq!(
            log_after(&world, seq).await,
            ["profile.person.changed user:other"; 7]
        );
        let user = done(root.get("/api/v1/tenants/t/groups/g/").await, 200);
        assert_eq!(user["userCount"], 1);
        let seq = last_seq(&world).await;
        assert_eq!(root.delete(&other).await.line(), "204 ");
        assert_eq!(
            log_after(&world, seq).await,
            ["profile.person.changed user:other"]
        );
        let found = [root.get(&other).await, root.delete(&other).await];
        assert_eq!(found.map(|answer| answer.status), [404, 404]);
        for method in ["GET", "PUT", "DELETE"] {
            let body = json!({"level": "system_admin"});
            let answer = root.json(method, &format!("{PEOPLE}none/"), &body).await;
            assert!(
                problem(&answer).starts_with("404 "),
                "{method}: {}",
                answer.line()
            );
        }
    }
}

#[tokio::test]
async fn all_that_is_wrong_with_a_standing_is_told_by_member() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = furnish(&world).await;
        let other = format!("{PEOPLE}other/");
        appoint(&world, "other", &standing(SystemAdmin, None, None)).await;
        let before = root.get(&other).await.line();
        let seq = last_seq(&world).await;
        for (body, expected) in [
            (json!({}), "400 level"),
            (json!({"level": "boss"}), "400 level"),
            (json!({"level": 16}), "400 level"),
            (json!({"level": "tenant_admin"}), "400 tenant_id"),
            (
                json!({"level": "tenant_admin", "tenant_id": "no"}),
                "400 tenant_id",
            ),
            (
                json!({"level": "tenant_admin", "tenant_id": "T"}),
                "400 tenant_id",
            ),
            (
                json!({"level": "tenant_admin", "tenant_id": "t", "group_id": "g"}),
                "400 group_id",
            ),
            (json!({"level": "group_admin"}), "400 group_id tenant_id"),
            (
                json!({"level": "group_admin", "tenant_id": "t"}),
                "400 group_id",
            ),
            (
                json!({"level": "group_admin", "tenant_id": "u", "group_id": "g"}),
                "400 group_id",
            ),
            (
                json!({"level": "end_user", "tenant_id": "no", "group_id": "g"}),
                "400 tenant_id",
            ),
            (
                json!({"level": "system_admin", "tenant_id": "t"}),
                "400 tenant_id",
            ),
            (
                json!({"level": "system_admin", "tenant_id": "t", "group_id": "g"}),
                "400 group_id tenant_id",
            ),
            (
                json!({"level": "system_admin", "reseller_id": "no"}),
                "400 reseller_id",
            ),
            (
                json!({"level": "tenant_admin", "tenant_id": "\0"}),
                "400 tenant_id",
            ),
            (
                json!({"level": "system_admin", "reseller_id": "\0"}),
                "400 reseller_id",
            ),
            (
                json!({"level": "system_admin", "backends": ["\0"]}),
                "400 backends",
            ),
            (
                json!({"level": "system_admin", "backends": ["b1", "no"]}),
                "400 backends",
            ),
            (
                json!({"level": "tenant_admin", "tenant_id": "t", "backends": ["b1"]}),
                "400 backends",
            ),
            (
                json!({"level": "tenant_admin", "tenant_id": "no", "reseller_id": "no", "backends": []}),
                "400 backends reseller_id tenant_id",
            ),
            (
                json!({"level": "system_admin", "read_only": "perhaps"}),
                "400 read_only",
            ),
            // A misspelt name must not make somebody mightier than meant.
            (
                json!({"level": "system_admin", "readOnly": true}),
                "400 readOnly",
            ),
        ] {
            let answer = root.put(&other, &body).await;
            assert_eq!(problem(&answer), expected, "{body}: {}", answer.line());
        }
        assert_eq!(root.get(&other).await.line(), before);
        assert_eq!(log_after(&world, seq).await, [""; 0]);
    }
}

#[tokio::test]
async fn people_are_listed_while_their_tenant_and_group_are_there() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = furnish(&world).await;
        for (name, body) in [
            ("other", json!({"level": "tenant_admin", "tenant_id": "u"})),
            (
                "user",
                json!({"level": "end_user", "tenant_id": "t", "group_id": "g"}),
            ),
            ("system", json!({"level": "system_admin"})),
        ] {
            done(root.put(&format!("{PEOPLE}{name}/"), &body).await, 200);
        }
        let listed = async || {
            let people = done(root.get(PEOPLE).await, 200)["people"].clone();
            let people = people.as_array().unwrap().iter();
            let names = people.map(|person| person["username"].as_str().unwrap().to_owned());
            names.collect::<Vec<_>>()
        };
        assert_eq!(listed().await, ["system", "user", "other"]);
        done(root.delete("/api/v1/tenants/t/groups/g/").await, 200);
        assert_eq!(listed().await, ["system", "other"]);
        done(root.delete("/api/v1/tenants/u/").await, 200);
        assert_eq!(listed().await, ["system"]);
        for name in ["user", "other"] {
            assert_eq!(
                root.get(&format!("{PEOPLE}{name}/")).await.status,
                404,
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn backends_are_made_changed_and_removed_and_one_is_the_default() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        assert_eq!(done(root.get(BACKENDS).await, 200), json!({"backends": []}));
        // What is put, what the log says of it, and what is then there.
        for (name, body, entry, expected) in [
            ("b", json!({}), "created", "b:"),
            ("b", json!({}), "", "b:"),
            ("b", json!({"external_name": "East"}), "changed", "b:East"),
            ("b", json!({"external_name": "East"}), "", "b:East"),
            (
                "a",
                json!({"external_name": "East", "default": true}),
                "created",
                "a:East* b:East",
            ),
            (
                "b",
                json!({"external_name": "West", "default": true}),
                "changed a, changed",
                "a:East b:West*",
            ),
            ("b", json!({}), "", "a:East b:West*"),
            (
                "B",
                json!({"default": false}),
                "created",
                "B: a:East b:West*",
            ),
            (
                "b",
                json!({"default": false}),
                "changed",
                "B: a:East b:West",
            ),
        ] {
            let seq = last_seq(&world).await;
            let put = done(root.put(&format!("{BACKENDS}{name}/"), &body).await, 200);
            assert_eq!(put["name"], name);
            let entries = entry.split(", ").filter(|entry| !entry.is_empty());
            let entries = entries.map(|what| {
                let whose = if what.contains(' ') { "" } else { name };
                format!("profile.backend.{what} {whose}")
                    .trim_end()
                    .to_owned()
            });
            assert_eq!(
                log_after(&world, seq).await,
                entries.collect::<Vec<_>>(),
                "{name} {body}"
            );
            let all = done(root.get(BACKENDS).await, 200);
            let all = all["backends"].as_array().unwrap().iter().map(|backend| {
                let text = |name: &str| backend[name].as_str().unwrap().to_owned();
                let star = if backend["default"] == json!(true) {
                    "*"
                } else {
                    ""
                };
                format!("{}:{}{star}", text("name"), text("external_name"))
            });
            assert_eq!(all.collect::<Vec<_>>().join(" "), expected, "{name} {body}");
        }
        let seq = last_seq(&world).await;
        let (most, more) = ("n".repeat(80), "n".repeat(81));
        let wrong = root.put(&format!("{BACKENDS}{more}/"), &json!({})).await;
        assert!(problem(&wrong).starts_with("400 "), "{}", wrong.line());
        for (body, expected) in [
            (json!({"external_name": more}), "400 external_name"),
            (
                json!({"external_name": [], "default": "perhaps"}),
                "400 default external_name",
            ),
        ] {
            let answer = root.put(&format!("{BACKENDS}b/"), &body).await;
            assert_eq!(problem(&answer), expected, "{body}");
        }
        assert_eq!(log_after(&world, seq).await, [""; 0]);
        done(
            root.put(
                &format!("{BACKENDS}{most}/"),
                &json!({"external_name": most}),
            )
            .await,
            200,
        );
        let seq = last_seq(&world).await;
        assert_eq!(root.delete(&format!("{BACKENDS}B/")).await.line(), "204 ");
        assert_eq!(log_after(&world, seq).await, ["profile.backend.deleted B"]);
        let again = root.delete(&format!("{BACKENDS}B/")).await;
        assert!(problem(&again).starts_with("404 "), "{}", again.line());
    }
}

#[tokio::test]
async fn a_backend_stays_while_a_tenant_is_on_it_or_somebody_may_use_it() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        let backend = format!("{BACKENDS}b/");
        done(root.put(&backend, &json!({"default": true})).await, 200);
        let system = format!("{PEOPLE}system/");
        let stays = async |about: &str| {
            let seq = last_seq(&world).await;
            let answer = root.delete(&backend).await;
            assert!(
                problem(&answer).starts_with("409 "),
                "{about}: {}",
                answer.line()
            );
            assert_eq!(log_after(&world, seq).await, [""; 0], "{about}");
        };
        tenant(&world, "t").await;
        stays("a tenant").await;
        let body = json!({"level": "system_admin", "backends": ["b"]});
        done(root.put(&system, &body).await, 200);
        done(root.delete("/api/v1/tenants/t/").await, 200);
        stays("somebody").await;
        done(
            root.put(&system, &json!({"level": "system_admin"})).await,
            200,
        );
        assert_eq!(root.delete(&backend).await.line(), "204 ");
        // Without a default, a tenant is on none.
        tenant(&world, "t").await;
    }
}

#[tokio::test]
async fn the_default_domain_is_one_of_the_system() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        let default = |name: &str| json!({"domain": name});
        assert_eq!(done(root.get(DEFAULT).await, 200), default("example.com"));
        for (asked, expected, is_change) in [
            ("example.com", "example.com", false),
            ("EXAMPLE.org", "example.org", true),
            ("example.org", "example.org", false),
        ] {
            let seq = last_seq(&world).await;
            let put = root.put(DEFAULT, &default(asked)).await;
            assert_eq!(done(put, 200), default(expected), "{asked}");
            assert_eq!(
                done(root.get(DEFAULT).await, 200),
                default(expected),
                "{asked}"
            );
            let entry = is_change.then(|| format!("profile.domain.default {expected}"));
            assert_eq!(
                log_after(&world, seq).await,
                entry.into_iter().collect::<Vec<_>>(),
                "{asked}"
            );
        }
        for body in [
            json!({}),
            default("no.org"),
            default(""),
            default("\0"),
            json!({"domain": null}),
            json!({"domain": 5}),
        ] {
            let answer = root.put(DEFAULT, &body).await;
            assert_eq!(problem(&answer), "400 domain", "{body}");
        }
        let domains = done(root.get("/api/v1/system/domains/").await, 200);
        assert_eq!(domains["defaultDomain"], "example.org");
        tenant(&world, "t").await;
        let made = done(root.get("/api/v1/tenants/t/").await, 200);
        assert_eq!(made["defaultDomain"], "example.org");
        // The former one may go, the new one may not.
        for (domain, status) in [("example.org", 400), ("example.com", 200)] {
            let answer = root
                .json("DELETE", "/api/v1/system/domains/", &default(domain))
                .await;
            assert_eq!(answer.status, status, "{domain}");
        }
    }
}

#[tokio::test]
async fn both_views_are_of_what_is_there() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = furnish(&world).await;
        let views = |id: &str| format!("/api/provost/v1/tenants/{id}/views");
        for id in ["none", "%00", "t%2Fu"] {
            let answer = root.get(&views(id)).await;
            let said = problem(&answer);
            assert!(
                said.starts_with("404 There is neither a profile nor a site"),
                "{id}: {said}"
            );
        }
        let profile = done(root.get("/api/v1/tenants/t/").await, 200);
        for id in ["t", "T"] {
            assert_eq!(
                done(root.get(&views(id)).await, 200),
                json!({"tenant_id": "t", "profile": profile, "sites": []})
            );
        }
    }
}

#[tokio::test]
async fn no_name_in_a_path_is_too_odd_to_be_answered() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = furnish(&world).await;
        let families = [
            provost_profiles::family(),
            provost_profiles::administration(),
        ];
        let operations = families.iter().flat_map(provost_drf::Family::operations);
        let named: Vec<_> = operations
            .filter(|operation| operation.path.contains('{'))
            .collect();
        let long = "n".repeat(5000);
        for odd in [
            "%00",
            "a%00b",
            "%FF",
            "%2F",
            "..%2F..",
            "%20",
            "%F0%9F%98%80",
            "%27%22%25",
            &long,
        ] {
            for operation in &named {
                // Each name in turn is the odd one; the others are as they might be.
                for place in 0..operation.path.matches('{').count() {
                    let target = with_odd(&operation.path, place, odd);
                    let method = operation.method.as_str();
                    let answer = root.json(method, &target, &json!({"data": "d"})).await;
                    assert!(answer.status < 500, "{method} {target}: {}", answer.line());
                }
            }
        }
    }
}

/// A path whose name at a place is odd. The names before it are of what is there.
fn with_odd(path: &str, odd_place: usize, odd: &str) -> String {
    let mut place = 0;
    let segments = path.split('/').map(|segment| {
        let Some(name) = segment.strip_prefix('{') else {
            return segment;
        };
        place += 1;
        match name {
            _ if place == odd_place + 1 => odd,
            "tenant}" | "tenant_id}" | "category}" => {
                if path.contains("templates") {
                    "tenant"
                } else {
                    "t"
                }
            }
            "group}" => "g",
            _ => "x",
        }
    });
    segments.collect::<Vec<_>>().join("/")
}
