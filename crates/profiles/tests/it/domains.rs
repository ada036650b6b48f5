//! Domains of the system, of tenants and of groups, and the default ones (specification, sections 4.2.1
//! and 8).

use provost_app::settings::{AutoCreate, Profiles};
use provost_testkit::{Answer, Client, World};
use serde_json::{Value, json};

use super::deletion::{last_seq, log_after, numbers};
use super::world::{caller, done, each, group, plain, tenant, with};

const SYSTEM: &str = "/api/v1/system/domains/";
const TENANT: &str = "/api/v1/tenants/t/domains/";
const GROUP: &str = "/api/v1/tenants/t/groups/g/domains/";

/// A tenant and a group; the system has more domains than they.
async fn furnish(world: &World) -> Client {
    tenant(world, "t").await;
    group(world, "t", "g").await;
    let root = caller(world, "root").await;
    for domain in ["b.org", "Capital.org", "a.org", "u.org"] {
        done(root.post(SYSTEM, &json!({"domain": domain})).await, 201);
    }
    root
}

/// The status with the names, or with the numbers of what is refused and the parameters.
fn said(answer: &Answer) -> String {
    let body = answer.json();
    if answer.status == 400 {
        return numbers(answer);
    }
    let names = body["domains"].as_array().map(|names| {
        let names = names.iter().map(|name| name.as_str().unwrap());
        names.collect::<Vec<_>>().join(" ")
    });
    let default = body["defaultDomain"].as_str().unwrap_or_default();
    match names {
        Some(names) => format!("{}: {names}, by default {default}", answer.status),
        None => answer.line(),
    }
}

async fn ask(client: &Client, method: &str, target: &str, body: &str) -> Answer {
    client
        .send(method, target, Some("application/json"), body.to_owned())
        .await
}

/// Follows a text: a line for each request, `METHOD PATH BODY -> ANSWER`, and where something is then on
/// record, ` -> ENTRY`. A path begins below the base of the API, `@` stands for `own`, and `~` in a body for
/// nothing.
async fn follow(world: &World, client: &Client, own: &str, text: &str) {
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut parts = line.split(" -> ");
        let mut request = parts.next().unwrap().splitn(3, ' ');
        let [method, path, body] = [(); 3].map(|()| request.next().unwrap());
        let target = format!("/api/v1/{}", path.replace('@', own));
        let seq = last_seq(world).await;
        let answer = ask(client, method, &target, body.trim_start_matches('~')).await;
        assert_eq!(said(&answer), parts.next().unwrap(), "{line}");
        assert_eq!(
            log_after(world, seq).await,
            parts.collect::<Vec<_>>(),
            "{line}"
        );
    }
}

const OF_SYSTEM: &str = r#"
    GET @/ ~ -> 200: Capital.org a.org b.org example.com example.org u.org, by default example.com
    POST @/ {"domain": "a.org"} -> 11 domain
    POST @/ {"domain": "A.ORG"} -> 11 domain
    POST @/ {"domain": "capital.org"} -> 11 domain
    POST @/ {} -> 1001 domain
    POST @/ {"domain": ""} -> 1002 domain
    POST @/ {"domain": null} -> 1002 domain
    POST @/ {"domain": "a@b"} -> 1002 domain
    POST @/ {"domain": "a b"} -> 1002 domain
    POST @/ {"domain": ["x.org"]} -> 1002 domain
    DELETE @/ {"domain": "B.org"} -> 200 {} -> profile.domain.deleted b.org
    DELETE @/ {"domain": "b.org"} -> 1006 domain
    DELETE @/ {"domain": "example.com"} -> 1007 domain
    DELETE @/ ~ -> 1001 domain
    DELETE @/ {"domains": ["a.org"]} -> 1002 domain
    GET @ ~ -> 200: Capital.org a.org example.com example.org u.org, by default example.com
    DELETE @/ {"domains": "a.org"} -> 200 {} -> profile.domain.deleted a.org
    DELETE @?domain=u.org ~ -> 200 {} -> profile.domain.deleted u.org
    DELETE @/?domains=capital.org ~ -> 200 {} -> profile.domain.deleted Capital.org
    POST @/ {"domain": "A.org"} -> 201 {} -> profile.domain.created A.org
    GET @/ ~ -> 200: A.org example.com example.org, by default example.com
"#;

#[tokio::test]
async fn the_system_has_domains_whose_names_are_unique_whatever_their_case() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = furnish(&world).await;
        follow(&world, &root, "system/domains", OF_SYSTEM).await;
        let long = "a".repeat(80);
        done(root.post(SYSTEM, &json!({"domain": long})).await, 201);
        let answer = root
            .post(SYSTEM, &json!({"domain": format!("{long}a")}))
            .await;
        assert_eq!(said(&answer), "1002 domain");
    }
}

/// `SUBJECT` is the tenant, or the group.
const OF_OWNER: &str = r#"
    GET @/ ~ -> 200: example.com, by default example.com
    PUT @/ {"domains": ["a.org", "x.org", "b.org", "y.org"]} -> 1006 domains, 1006 domains
    PUT @/ {} -> 1001 domains
    PUT @/ {"domains": "a.org"} -> 1002 domains
    PUT @/ {"domains": [5]} -> 1002 domains
    PUT @/ {"domains": null} -> 1002 domains
    GET @/ ~ -> 200: example.com, by default example.com
    PUT @/ {"domains": []} -> 200: example.com, by default example.com
    PUT @/ {"domains": ["EXAMPLE.com"]} -> 200: example.com, by default example.com
    PUT @/ {"domains": ["CAPITAL.org", "capital.org"]} -> 200: Capital.org example.com, by default example.com -> profile.domains.changed SUBJECT
    PUT @/ {"domains": ["b.org", "capital.org", "a.org"]} -> 200: Capital.org a.org b.org example.com, by default example.com -> profile.domains.changed SUBJECT
    PUT @ {"domains": ["b.org", "a.org"]} -> 200: Capital.org a.org b.org example.com, by default example.com
    DELETE @/ {"domains": ["a.org", "u.org"]} -> 1006 domains
    DELETE @/ {"domains": ["a.org", "Example.com"]} -> 1007 domains
    DELETE @/ ~ -> 1001 domains
    DELETE @/ {"domains": "a.org"} -> 1002 domains
    GET @/ ~ -> 200: Capital.org a.org b.org example.com, by default example.com
    DELETE @/ {"domains": []} -> 200 {}
    DELETE @/ {"domains": ["B.ORG"]} -> 200 {} -> profile.domains.changed SUBJECT
    DELETE @/ {"domains": ["b.org"]} -> 1006 domains
    DELETE @?domains=A.org,capital.org ~ -> 200 {} -> profile.domains.changed SUBJECT
    GET @/ ~ -> 200: example.com, by default example.com
    PUT @/ {"domains": ["b.org", "a.org"]} -> 200: a.org b.org example.com, by default example.com -> profile.domains.changed SUBJECT
    DELETE @/?domains=a.org&domains=b.org ~ -> 200 {} -> profile.domains.changed SUBJECT
    GET @ ~ -> 200: example.com, by default example.com
"#;

/// What holds of a tenant below the system holds of a group below its tenant.
#[tokio::test]
async fn domains_are_given_and_taken_and_those_that_are_not_above_are_not_given() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = furnish(&world).await;
        let text = OF_OWNER.replace("SUBJECT", "profile:t");
        follow(&world, &root, "tenants/t/domains", &text).await;
        let above = json!({"domains": ["a.org", "b.org", "capital.org"]});
        done(root.put(TENANT, &above).await, 200);
        let text = OF_OWNER.replace("SUBJECT", "profile:t/g");
        follow(&world, &root, "tenants/t/groups/g/domains", &text).await;
        // The system has it, but the tenant does not.
        let answer = root.put(GROUP, &json!({"domains": ["u.org"]})).await;
        assert_eq!(said(&answer), "1006 domains");
    }
}

const IN_USE: &str = r#"
    PUT @t/domains/ {"domains": ["a.org", "b.org"]} -> 200: a.org b.org example.com, by default example.com -> profile.domains.changed profile:t
    PUT @t/groups/g/domains/ {"domains": ["a.org"]} -> 200: a.org example.com, by default example.com -> profile.domains.changed profile:t/g
    DELETE @t/domains/ {"domains": ["A.org", "b.org"]} -> 1007 domains
    DELETE system/domains/ {"domain": "A.org"} -> 1007 domain
    DELETE system/domains/ {"domain": "b.org"} -> 1007 domain
    GET @t/domains/ ~ -> 200: a.org b.org example.com, by default example.com
    DELETE @t/groups/g/domains/ {"domains": ["a.org"]} -> 200 {} -> profile.domains.changed profile:t/g
    DELETE @t/domains/ {"domains": ["a.org"]} -> 200 {} -> profile.domains.changed profile:t
    DELETE system/domains/ {"domain": "a.org"} -> 200 {} -> profile.domain.deleted a.org
    GET @t/domains/ ~ -> 200: b.org example.com, by default example.com
    GET @v/groups/g/domains/ ~ -> 200: b.org, by default b.org
    DELETE @v/domains/ {"domains": ["b.org"]} -> 1007 domains
    DELETE @t/domains/ {"domains": ["b.org"]} -> 200 {} -> profile.domains.changed profile:t
    DELETE system/domains/ {"domain": "b.org"} -> 1007 domain
"#;

#[tokio::test]
async fn what_is_used_below_is_not_taken_above() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = furnish(&world).await;
        let other = json!({"tenantId": "v", "type": "Enterprise", "defaultDomain": "b.org"});
        done(root.post("/api/v1/tenants/", &other).await, 201);
        group(&world, "v", "g").await;
        follow(&world, &root, "tenants/", IN_USE).await;
    }
}

/// What the settings and a request say of making domains, and whether one is then made.
const MAKING: [(bool, Option<bool>, bool); 6] = [
    (false, None, false),
    (false, Some(false), false),
    (false, Some(true), true),
    (true, None, true),
    (true, Some(false), false),
    (true, Some(true), true),
];

#[tokio::test]
async fn an_unknown_default_domain_is_made_if_the_request_or_else_the_settings_say_so() {
    for worlds in each().await {
        for by_settings in [false, true] {
            let settings = Profiles {
                auto_create: AutoCreate {
                    tenant_default_domain: by_settings,
                },
                ..Profiles::default()
            };
            let world = with(&worlds, settings).await;
            let root = furnish(&world).await;
            let cases = MAKING
                .into_iter()
                .filter(|(settings, ..)| *settings == by_settings);
            for (number, (_, asked, is_made)) in cases.enumerate() {
                for (method, is_new) in [("PUT", false), ("POST", true)] {
                    let domain = format!("New{number}-{method}.org");
                    let tenant_id = format!("t{number}-{method}");
                    let mut body = json!({"defaultDomain": domain, "name": "N"});
                    if let Some(asked) = asked {
                        body["autoCreateDomain"] = asked.into();
                    }
                    let mut target = "/api/v1/tenants/".to_owned();
                    if is_new {
                        body["tenantId"] = tenant_id.as_str().into();
                        body["type"] = "Enterprise".into();
                    } else {
                        tenant(&world, &tenant_id).await;
                        target = format!("{target}{tenant_id}/");
                    }
                    let seq = last_seq(&world).await;
                    let answer = root.json(method, &target, &body).await;
                    let about = format!("{by_settings} {asked:?} {method}: {}", answer.line());
                    let own = format!("/api/v1/tenants/{tenant_id}/");
                    let of_system = done(root.get(SYSTEM).await, 200)["domains"].clone();
                    let is_there = of_system.as_array().unwrap().contains(&json!(domain));
                    assert_eq!(is_there, is_made, "{about}");
                    if !is_made {
                        assert_eq!(said(&answer), "1006 defaultDomain", "{about}");
                        assert_eq!(log_after(&world, seq).await, [""; 0], "{about}");
                        let found = root.get(&own).await;
                        assert_eq!(found.status, if is_new { 404 } else { 200 }, "{about}");
                        if !is_new {
                            assert_eq!(found.json()["name"], "", "{about}");
                        }
                        continue;
                    }
                    let found = done(root.get(&own).await, 200);
                    assert_eq!(
                        (&found["defaultDomain"], &found["name"]),
                        (&json!(domain), &json!("N"))
                    );
                    assert_eq!(answer.json(), found, "{about}");
                    let domains = said(&root.get(&format!("{own}domains/")).await);
                    let former = if is_new { "" } else { " example.com" };
                    assert_eq!(
                        domains,
                        format!("200: {domain}{former}, by default {domain}")
                    );
                    let did = if is_new { "created" } else { "changed" };
                    let entries = [
                        format!("profile.domain.created {domain}"),
                        format!("profile.tenant.{did} profile:{tenant_id}"),
                    ];
                    assert_eq!(log_after(&world, seq).await, entries, "{about}");
                }
            }
            // Where no domain is named, none is made.
            let answer = root
                .put("/api/v1/tenants/t/", &json!({"autoCreateDomain": true}))
                .await;
            assert_eq!(done(answer, 200)["defaultDomain"], "example.com");
        }
    }
}

#[tokio::test]
async fn a_known_domain_becomes_the_default_of_a_tenant_and_the_former_one_stays_its_own() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = furnish(&world).await;
        let target = "/api/v1/tenants/t/";
        let default = async |domain: &str| {
            let seq = last_seq(&world).await;
            let answer = root.put(target, &json!({"defaultDomain": domain})).await;
            let is_on_record = !log_after(&world, seq).await.is_empty();
            (done(answer, 200)["defaultDomain"].clone(), is_on_record)
        };
        for (asked, stored, is_change) in [
            ("example.com", "example.com", false),
            ("EXAMPLE.COM", "example.com", false),
            ("capital.ORG", "Capital.org", true),
            ("Capital.org", "Capital.org", false),
            ("a.org", "a.org", true),
            // One that it has already.
            ("example.com", "example.com", true),
        ] {
            assert_eq!(default(asked).await, (json!(stored), is_change), "{asked}");
        }
        let own = "200: Capital.org a.org example.com, by default example.com";
        assert_eq!(said(&root.get(TENANT).await), own);
    }
}

#[tokio::test]
async fn the_default_domain_of_a_group_is_one_of_its_tenants() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = furnish(&world).await;
        let domains = json!({"domains": ["Capital.org", "b.org"]});
        done(root.put(TENANT, &domains).await, 200);
        done(
            root.put("/api/v1/tenants/t/", &json!({"defaultDomain": "b.org"}))
                .await,
            200,
        );
        let groups = "/api/v1/tenants/t/groups/";
        for (group_id, asked, expected) in [
            ("h", json!({}), "200: b.org, by default b.org"),
            (
                "i",
                json!({"defaultDomain": "CAPITAL.org"}),
                "200: Capital.org, by default Capital.org",
            ),
            ("j", json!({"defaultDomain": "a.org"}), "1006 defaultDomain"),
            ("k", json!({"defaultDomain": "x.org"}), "1006 defaultDomain"),
            // The group that was there before keeps its own.
            ("g", json!({}), "200: example.com, by default example.com"),
        ] {
            let mut body: Value = asked.clone();
            body["groupId"] = group_id.into();
            let made = root.post(groups, &body).await;
            let found = root.get(&format!("{groups}{group_id}/domains/")).await;
            if expected.starts_with("1006") {
                assert_eq!(said(&made), expected, "{asked}");
                assert_eq!(found.status, 404, "{asked}");
            } else {
                assert_eq!(said(&found), expected, "{asked}");
            }
        }
        for (asked, expected, own) in [
            ("a.org", None, "example.com, by default example.com"),
            (
                "B.org",
                Some("b.org"),
                "b.org example.com, by default b.org",
            ),
            (
                "example.COM",
                Some("example.com"),
                "b.org example.com, by default example.com",
            ),
        ] {
            let answer = root
                .put(&format!("{groups}g/"), &json!({"defaultDomain": asked}))
                .await;
            match expected {
                Some(domain) => assert_eq!(done(answer, 200)["defaultDomain"], domain),
                None => assert_eq!(said(&answer), "1006 defaultDomain"),
            }
            assert_eq!(
                said(&root.get(GROUP).await),
                format!("200: {own}"),
                "{asked}"
            );
        }
    }
}
