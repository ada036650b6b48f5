//! Signing in and out (specification, section 1.2), and who only looks (section 1.3).

use provost_profiles::people::Standing;
use provost_profiles::{Level, family};
use provost_testkit::{Answer, Client, World};
use serde_json::{Value, json};

use super::world::{appoint, caller, codes, done, each, group, plain, standing, tenant};

/// `letmein`, cheaply.
const LETMEIN: &str = "pbkdf2_sha256$1000$seasalt$R1/GfWtwog1T8Ev9VndgDjzkiRzbFr8JpmJtL9cMmQU=";
const LOGIN: &str = "/api/v1/login/";
const LOGOUT: &str = "/api/v1/logout/";
const WRONG: &str = r#"401 {"details":"Invalid username or password."}"#;
const NOBODY: &str = r#"401 {"details":"Authentication credentials were not provided."}"#;
const DENIED: &str = r#"403 {"details":"You do not have permission to perform this action."}"#;

/// Accounts with that password: name, credentials as Basic has them, level if they have any.
const ACCOUNTS: [(&str, &str, Option<Level>); 8] = [
    ("eve", "ZXZlOmxldG1laW4=", Some(Level::EndUser)),
    ("dora", "ZG9yYTpsZXRtZWlu", Some(Level::DepartmentAdmin)),
    ("greg", "Z3JlZzpsZXRtZWlu", Some(Level::GroupAdmin)),
    ("tess", "dGVzczpsZXRtZWlu", Some(Level::TenantAdmin)),
    ("sam", "c2FtOmxldG1laW4=", Some(Level::SystemAdmin)),
    ("chief", "Y2hpZWY6bGV0bWVpbg==", None),
    ("idle", "aWRsZTpsZXRtZWlu", Some(Level::SystemAdmin)),
    ("none", "bm9uZTpsZXRtZWlu", None),
];

/// A tenant `t` with a group `g`, and the accounts. `chief` is a superuser of whom nothing is on record,
/// and `idle` may not sign in any more.
async fn people(world: &World) {
    tenant(world, "t").await;
    group(world, "t", "g").await;
    let rows = ACCOUNTS.iter().zip(101..).map(|((name, ..), pk)| {
        json!({"model": "auth.user", "pk": pk, "fields": {
            "username": name, "email": format!("{name}@example.org"), "is_active": *name != "idle",
            "is_staff": false, "is_superuser": *name == "chief", "password": LETMEIN,
            "date_joined": "2026-01-02T03:04:05Z"}})
    });
    world.import(&rows.collect::<Value>().to_string()).await;
    for (name, _, level) in ACCOUNTS {
        let Some(level) = level else { continue };
        let tenant = level.has_tenant().then_some("t");
        let group = level.has_group().then_some("g");
        appoint(world, name, &standing(level, tenant, group)).await;
    }
}

async fn sign_in(client: &Client, username: &str) -> Answer {
    client
        .post(LOGIN, &json!({"username": username, "password": "letmein"}))
        .await
}

/// What an answer sets the session's cookie to, with its attributes.
fn cookie(answer: &Answer) -> Option<String> {
    let cookies = answer.headers.get_all("set-cookie").iter();
    let mut cookies = cookies.map(|cookie| cookie.to_str().unwrap().to_owned());
    cookies.find(|cookie| cookie.starts_with("sessionid="))
}

/// The caller that an answer's cookie makes.
fn signed_in(world: &World, answer: &Answer) -> Client {
    let cookie = cookie(answer).unwrap();
    let pair = cookie.split(';').next().unwrap();
    world.nobody().header("cookie", pair)
}

fn basic(world: &World, credentials: &str) -> Client {
    world
        .nobody()
        .header("authorization", &format!("Basic {credentials}"))
}

#[tokio::test]
async fn each_level_is_told_what_it_is_and_where_and_once_that_it_is_new() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        people(&world).await;
        for (name, user_level, mut ids) in [
            ("eve", 0, json!({"tenant_id": "t", "group_id": "g"})),
            ("dora", 4, json!({"tenant_id": "t", "group_id": "g"})),
            ("greg", 8, json!({"tenant_id": "t", "group_id": "g"})),
            ("tess", 12, json!({"tenant_id": "t"})),
            ("sam", 16, json!({})),
            ("chief", 16, json!({})),
        ] {
            ids["user_id"] = name.into();
            let mut expected =
                json!({"ids": ids, "profile": {"user_level": user_level, "is_first_login": true}});
            let first = sign_in(&world.nobody(), name).await;
            let attributes = cookie(&first).unwrap();
            assert!(attributes.contains("; HttpOnly"), "{attributes}");
            let client = signed_in(&world, &first);
            assert_eq!(done(first, 200), expected);
            let shown = client.get("/api/v1/system/domains/").await;
            assert_eq!(done(shown, 200)["defaultDomain"], "example.com");
            let profile = expected["profile"].as_object_mut().unwrap();
            profile.remove("is_first_login");
            let again =
                json!({"username": name, "password": "letmein", "provide_basic_profile": 5});
            for path in [LOGIN, LOGIN.trim_end_matches('/')] {
                let again = world.nobody().post(path, &again).await;
                assert_eq!(again.header("cache-control").as_deref(), Some("no-store"));
                assert_eq!(done(again, 200), expected);
            }
        }
    }
}

#[tokio::test]
async fn who_cannot_sign_in_is_told_no_more_than_that() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        people(&world).await;
        for body in [
            json!({"username": "sam", "password": "wrong"}),
            json!({"username": "sam", "password": "letmein\0"}),
            json!({"username": "SAM\0", "password": "letmein"}),
            json!({"username": "nobody", "password": "letmein"}),
            // No password, nothing that he may do, no account any more.
            json!({"username": "system", "password": "!"}),
            json!({"username": "none", "password": "letmein"}),
            json!({"username": "idle", "password": "letmein"}),
        ] {
            let answer = world.nobody().post(LOGIN, &body).await;
            let nul = body.to_string().contains("\\u0000");
            assert!(
                answer.line() == WRONG || nul && answer.status == 400,
                "{body}: {}",
                answer.line()
            );
            assert_eq!(cookie(&answer), None);
        }
        for (body, expected) in [
            (json!({}), vec![(1001, "username"), (1001, "password")]),
            (json!({"username": "sam"}), vec![(1001, "password")]),
            (json!({"password": "letmein"}), vec![(1001, "username")]),
            (
                json!({"username": 5, "password": true}),
                vec![(1002, "username"), (1002, "password")],
            ),
            (
                json!({"username": null, "password": ["letmein"]}),
                vec![(1002, "username"), (1002, "password")],
            ),
        ] {
            let answer = world.nobody().post(LOGIN, &body).await;
            assert_eq!(answer.status, 400, "{body}");
            let expected = expected
                .into_iter()
                .map(|(code, name)| (code, name.to_owned()));
            assert_eq!(codes(&answer), expected.collect::<Vec<_>>(), "{body}");
        }
        for body in ["", "x", "[]", "username=sam&password=letmein"] {
            let answer = world.nobody().send("POST", LOGIN, None, body).await;
            assert_eq!(answer.status, 416, "{body}: {}", answer.text());
        }
        // Nobody was signed in by any of these.
        let first = done(sign_in(&world.nobody(), "sam").await, 200);
        assert_eq!(first["profile"]["is_first_login"], true);
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_and_harms_nobody_without_one() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        people(&world).await;
        let path = "/api/v1/tenants/t/";
        for logout in [LOGOUT, LOGOUT.trim_end_matches('/')] {
            let client = signed_in(&world, &sign_in(&world.nobody(), "tess").await);
            let other = signed_in(&world, &sign_in(&world.nobody(), "tess").await);
            done(client.get(path).await, 200);
            let gone = client.send("POST", logout, None, "").await;
            assert_eq!(gone.line(), "200 {}");
            let cookie = cookie(&gone).unwrap();
            assert!(
                cookie.starts_with("sessionid=;") && cookie.contains("Max-Age=0"),
                "{cookie}"
            );
            assert_eq!(client.get(path).await.line(), NOBODY);
            done(other.get(path).await, 200);
            for client in [
                client,
                world.nobody(),
                world.nobody().header("cookie", "sessionid=x"),
            ] {
                assert_eq!(client.send("POST", logout, None, "").await.line(), "200 {}");
                assert_eq!(client.post(logout, &json!({})).await.line(), "200 {}");
            }
            // Whoever signs in again leaves the former session.
            let later = signed_in(&world, &sign_in(&other, "greg").await);
            assert_eq!(other.get(path).await.line(), NOBODY);
            assert_eq!(later.get(path).await.line(), DENIED);
        }
    }
}

#[tokio::test]
async fn basic_credentials_are_as_good_as_a_session() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        people(&world).await;
        let inactive = r#"401 {"details":"User inactive or deleted."}"#;
        let wrong = r#"401 {"details":"Invalid username/password."}"#;
        for (name, credentials, level) in ACCOUNTS {
            let client = basic(&world, credentials);
            let read = client.get("/api/v1/tenants/t/").await;
            let written = client
                .put("/api/v1/tenants/t/", &json!({"name": name}))
                .await;
            match (name, level) {
                ("idle", _) => assert_eq!([read.line(), written.line()], [inactive, inactive]),
                ("chief", _) | (_, Some(Level::TenantAdmin | Level::SystemAdmin)) => {
                    assert_eq!(done(read, 200)["tenantId"], "t");
                    assert_eq!(done(written, 200)["name"], name);
                }
                _ => assert_eq!([read.line(), written.line()], [DENIED, DENIED], "{name}"),
            }
        }
        // A wrong password, and what is no credential at all.
        for (credentials, line) in [("c2FtOndyb25n", wrong), ("bm9ib2R5OmxldG1laW4=", wrong)] {
            assert_eq!(
                basic(&world, credentials)
                    .get("/api/v1/tenants/t/")
                    .await
                    .line(),
                line
            );
        }
        let strange = world.nobody().header("authorization", "Digest abc");
        assert_eq!(strange.get("/api/v1/tenants/t/").await.line(), NOBODY);
    }
}

#[tokio::test]
async fn an_account_that_comes_to_its_end_is_let_in_no_more() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        people(&world).await;
        let client = signed_in(&world, &sign_in(&world.nobody(), "sam").await);
        done(client.get("/api/v1/tenants/").await, 200);
        let root = caller(&world, "root").await;
        // What sam may do is forgotten, and then said anew.
        let person = "/api/provost/v1/profiles/people/sam/";
        assert_eq!(root.delete(person).await.status, 204);
        assert_eq!(client.get("/api/v1/tenants/").await.line(), DENIED);
        assert_eq!(sign_in(&world.nobody(), "sam").await.line(), WRONG);
        let standing = json!({"level": "tenant_admin", "tenant_id": "t"});
        done(root.put(person, &standing).await, 200);
        assert_eq!(client.get("/api/v1/tenants/").await.line(), DENIED);
        done(client.get("/api/v1/tenants/t/").await, 200);
        let answer = done(sign_in(&world.nobody(), "sam").await, 200);
        assert_eq!(answer["ids"], json!({"tenant_id": "t", "user_id": "sam"}));
        assert_eq!(answer["profile"], json!({"user_level": 12}));
    }
}

#[tokio::test]
async fn who_only_looks_changes_nothing() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        people(&world).await;
        for level in [
            Level::SystemAdmin,
            Level::TenantAdmin,
            Level::GroupAdmin,
            Level::EndUser,
        ] {
            let tenant = level.has_tenant().then_some("t");
            let group = level.has_group().then_some("g");
            let looks = Standing {
                read_only: true,
                ..standing(level, tenant, group)
            };
            appoint(&world, "sam", &looks).await;
            let client = signed_in(&world, &sign_in(&world.nobody(), "sam").await);
            done(client.get("/api/v1/system/domains/").await, 200);
            for operation in family().operations() {
                let path = operation
                    .path
                    .replace("{tenant}", "t")
                    .replace("{group}", "g");
                let path = path.replace(['{', '}'], "");
                let is_signing = path == LOGIN || path == LOGOUT;
                if operation.method == "GET" || is_signing {
                    continue;
                }
                for body in [json!({"name": "x"}).to_string(), String::new()] {
                    let kind = Some("application/json");
                    let answer = client
                        .send(operation.method.as_str(), &path, kind, body)
                        .await;
                    assert_eq!(answer.line(), DENIED, "{level} {} {path}", operation.method);
                }
            }
            assert_eq!(client.post(LOGOUT, &json!({})).await.line(), "200 {}");
        }
    }
}
