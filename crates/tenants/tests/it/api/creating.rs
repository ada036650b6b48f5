//! `create`: what is accepted, what is made, and that it is made once.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use provost_app::Settings;
use provost_tenancy::Settings as Tenants;
use serde_json::{Value, json};

use super::world::{asked, each, each_with, made, now, path, staff};

#[tokio::test]
async fn the_answer_has_exactly_seven_members_and_more_if_asked() {
    each(async |world| {
        let client = staff(world).await;
        let body = json!({
            "tenant_name": "talent1",
            "platform_name": "  Talent 1 Learning ",
            "theme_name": "indigo",
            "org_filter": ["org1"],
            "unknown": {"is": "ignored"},
        });
        let answer = client.post(&path("create"), &body).await;
        let expected = json!({
            "status": "success",
            "tenant_id": 1,
            "tenant_name": "talent1",
            "lms_url": "http://talent1.local.openedx.io:8000",
            "authn_url": "http://talent1.apps.local.openedx.io:1999/authn",
            "learner_dashboard_url": "http://talent1.apps.local.openedx.io:1996/learner-dashboard/",
            "message": "Tenant created successfully. Add DNS entries to your hosts file.",
        });
        assert_eq!((answer.status, answer.json()), (201, expected));
        let answer = client
            .post(&path("create/?verbose=true"), &asked("talent2"))
            .await
            .json();
        assert_eq!(
            answer["studio_url"],
            "http://studio.talent2.local.openedx.io:8001"
        );
        assert_eq!(answer["mfe_urls"].as_object().unwrap().len(), 11);
        assert_eq!(
            answer["mfe_urls"]["profile"],
            "http://talent2.apps.local.openedx.io:1995/profile/u/"
        );
        assert_eq!(
            answer["hosts_entries"],
            json!([
                "127.0.0.1  talent2.local.openedx.io",
                "127.0.0.1  talent2.apps.local.openedx.io",
                "127.0.0.1  studio.talent2.local.openedx.io",
            ])
        );
    })
    .await;
}

#[tokio::test]
async fn a_tenant_comes_with_its_route_its_facts_and_its_organizations() {
    each(async |world| {
        let client = staff(world).await;
        let mut body = asked("talent1");
        body["org_filter"] = json!(["org1", "org2", "org1"]);
        assert_eq!(client.post(&path("create"), &body).await.status, 201);
        let rows: Vec<Value> =
            serde_json::from_str(&world.export(&["eox_tenant.", "organizations."]).await).unwrap();
        let of = |model: &str| rows.iter().filter(|row| row["model"] == model).collect::<Vec<_>>();
        let config = &of("eox_tenant.tenantconfig")[0]["fields"];
        assert_eq!(config["external_key"], "talent1.local.openedx.io");
        assert_eq!(config["studio_configs"], json!({}));
        assert_eq!(config["theming_configs"], json!({"THEME_NAME": "indigo"}));
        assert_eq!(
            config["meta"],
            json!({"created_by": "stan", "tenant_name": "talent1", "created_at": "2026-04-10T01:20:57Z"})
        );
        assert_eq!(config["lms_configs"]["course_org_filter"], json!(["org1", "org2"]));
        assert_eq!(config["lms_configs"]["EDNX_USE_SIGNAL"], json!(true));
        let routes = of("eox_tenant.route");
        assert_eq!(routes[0]["fields"], json!({"domain": "talent1.local.openedx.io", "config": 1}));
        assert_eq!(routes.len(), 1);
        let names = |model: &str, field: &str| {
            let rows = of(model).into_iter();
            rows.map(|row| row["fields"][field].clone()).collect::<Vec<_>>()
        };
        assert_eq!(names("eox_tenant.tenantorganization", "name"), ["org1", "org2"]);
        assert_eq!(names("organizations.organization", "short_name"), ["org1", "org2"]);
        assert_eq!(config["organizations"], json!([1, 2]));
        assert!(world.app.course_access().organization_named("org2").is_some());
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_accepted_is_told_field_by_field() {
    const NAME: &str = "Enter a valid tenant name: lowercase letters, digits and hyphens, starting and ending with a letter or digit, at most 63 characters.";
    each(async |world| {
        let client = staff(world).await;
        let long = "a".repeat(47);
        let longest = "Ensure this field has no more than 46 characters.";
        let name = |value: Value, text: &str| {
            let mut body = asked("x");
            body["tenant_name"] = value;
            (body, json!({"tenant_name": [text]}))
        };
        let with = |field: &str, value: Value, errors: Value| {
            let mut body = asked("x");
            body[field] = value;
            (body, json!({field: errors}))
        };
        let many: Vec<String> = (0..101).map(|number| format!("org{number}")).collect();
        for (body, errors) in [
            name(json!("Talent1"), NAME),
            name(json!("-a"), NAME),
            name(json!("a-"), NAME),
            name(json!("a_b"), NAME),
            name(json!("a.b"), NAME),
            name(json!("xn--abc"), NAME),
            name(json!(" a"), NAME),
            name(json!("a\u{0}b"), NAME),
            name(json!("ä"), NAME),
            name(json!("a".repeat(64)), NAME),
            name(json!(long), longest),
            name(json!("apps"), "'apps' is a reserved name."),
            name(json!("studio"), "'studio' is a reserved name."),
            name(json!(null), "This field may not be null."),
            name(json!(""), "This field may not be blank."),
            name(json!(5), "Not a valid string."),
            name(json!(true), "Not a valid string."),
            name(json!(["a"]), "Not a valid string."),
            with("platform_name", json!("  "), json!(["This field may not be blank."])),
            with("platform_name", json!(null), json!(["This field may not be null."])),
            with("platform_name", json!(7), json!(["Not a valid string."])),
            with("platform_name", json!("x".repeat(256)), json!(["Ensure this field has no more than 255 characters."])),
            with("platform_name", json!("x\u{0}"), json!(["Null characters are not allowed."])),
            with("theme_name", json!(null), json!(["This field may not be null."])),
            with("theme_name", json!("a".repeat(101)), json!(["Ensure this field has no more than 100 characters."])),
            with("theme_name", json!(".hidden"), json!(["Enter a valid theme name: ASCII letters, digits, \"_\", \"-\" and \".\", not starting with a dot."])),
            with("org_filter", json!({"a": 1}), json!(["Expected a list of items but got type \"dict\"."])),
            with("org_filter", json!(7), json!(["Expected a list of items but got type \"int\"."])),
            with("org_filter", json!(many), json!(["Ensure this field has no more than 100 elements."])),
            with("org_filter", json!(["ok", 1]), json!({"1": ["Not a valid string."]})),
            with("org_filter", json!([null, "a b"]), json!({
                "0": ["This field may not be null."],
                "1": ["Enter a valid organization short name: ASCII letters, digits, \".\", \"_\" and \"-\"."],
            })),
            (json!([]), json!({"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]})),
            (json!({}), json!({
                "tenant_name": ["This field is required."],
                "platform_name": ["This field is required."],
            })),
        ] {
            let answer = client.post(&path("create"), &body).await;
            let expected = json!({
                "status": "error",
                "code": "invalid_request",
                "message": "Invalid request.",
                "errors": errors,
            });
            assert_eq!((answer.status, answer.json()), (400, expected), "{body}");
        }
        let health = world.nobody().get(&path("health")).await;
        assert_eq!(health.json()["tenant_count"], 0);
    })
    .await;
}

#[tokio::test]
async fn names_that_look_odd_but_are_labels_are_accepted() {
    each(async |world| {
        let client = staff(world).await;
        for name in ["1", "123", "a-b", "a--b", &"a".repeat(46)] {
            made(&client, name).await;
        }
    })
    .await;
}

#[tokio::test]
async fn organizations_come_as_one_text_as_many_or_not_at_all() {
    each(async |world| {
        let client = staff(world).await;
        for (number, (sent, expected)) in [
            (json!("org1"), json!(["org1"])),
            (json!(["b", "a", "b"]), json!(["b", "a"])),
            (json!([]), json!([])),
            (json!(null), json!([])),
        ]
        .into_iter()
        .enumerate()
        {
            let name = format!("t{number}");
            let mut body = asked(&name);
            body["org_filter"] = sent;
            assert_eq!(client.post(&path("create"), &body).await.status, 201);
            let detail = client.get(&path(&format!("detail/{name}"))).await.json();
            assert_eq!(detail["tenant"]["org_filter"], expected);
            let stored = &detail["tenant"]["lms_configs"];
            assert_eq!(
                stored.get("course_org_filter").is_some(),
                expected != json!([])
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_form_is_read_as_well() {
    each(async |world| {
        let client = staff(world).await;
        let form = "tenant_name=formed&platform_name=From+a+form&org_filter=a&org_filter=b";
        let kind = Some("application/x-www-form-urlencoded");
        let answer = client.send("POST", &path("create"), kind, form).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let detail = client.get(&path("detail/formed")).await.json();
        assert_eq!(detail["tenant"]["org_filter"], json!(["a", "b"]));
        assert_eq!(detail["tenant"]["theme_name"], "indigo");
        for (kind, body, expected) in [
            (
                "text/plain",
                "x",
                r#"415 {"detail":"Unsupported media type \"text/plain\" in request."}"#,
            ),
            (
                "application/json",
                "{",
                "400 {\"detail\":\"JSON parse error - ",
            ),
        ] {
            let answer = client.send("POST", &path("create"), Some(kind), body).await;
            assert!(answer.line().starts_with(expected), "{}", answer.line());
        }
    })
    .await;
}

#[tokio::test]
async fn a_name_that_is_taken_is_refused_and_nothing_is_changed() {
    each(async |world| {
        let client = staff(world).await;
        let id = made(&client, "talent1").await;
        let answer = client.post(&path("create"), &asked("talent1")).await;
        let expected = r#"409 {"status":"error","code":"tenant_exists","message":"Tenant 'talent1' already exists."}"#;
        assert_eq!(answer.line(), expected);
        let health = world.nobody().get(&path("health")).await;
        assert_eq!(health.json()["tenant_count"], 1);
        let deleted = client.delete(&path("delete/talent1")).await;
        assert_eq!(deleted.status, 200);
        assert!(made(&client, "talent1").await > id);
    })
    .await;
}

#[tokio::test]
async fn the_status_of_a_taken_name_is_a_setting() {
    let settings = Settings {
        tenants: Tenants {
            duplicate_status: 400,
            https: true,
            base_domain: "example.com".to_owned(),
            ..Tenants::default()
        },
        ..Settings::default()
    };
    each_with(settings, async |world| {
        let client = staff(world).await;
        let answer = client.post(&path("create"), &asked("talent1")).await.json();
        assert_eq!(answer["lms_url"], "https://talent1.example.com");
        assert_eq!(
            answer["authn_url"],
            "https://talent1.apps.example.com/authn"
        );
        let again = client.post(&path("create"), &asked("talent1")).await;
        assert_eq!(again.status, 400);
        assert_eq!(again.json()["code"], "tenant_exists");
    })
    .await;
}

#[tokio::test]
async fn two_hundred_requests_for_a_hundred_names_make_a_hundred_tenants() {
    each(async |world| {
        let client = staff(world).await;
        let requests = (0..200).map(|number| {
            let client = client.clone();
            tokio::spawn(async move {
                let name = format!("t{}", number % 100);
                client.post(&path("create"), &asked(&name)).await
            })
        });
        let mut answers: BTreeMap<(u16, String), usize> = BTreeMap::new();
        for request in requests.collect::<Vec<_>>() {
            let answer = request.await.unwrap();
            let code = answer.json()["code"].as_str().unwrap_or("made").to_owned();
            *answers.entry((answer.status, code)).or_default() += 1;
        }
        let expected = [((201, "made"), 100), ((409, "tenant_exists"), 100)];
        let expected = expected.map(|((status, code), times)| ((status, code.to_owned()), times));
        assert_eq!(answers, BTreeMap::from(expected));
        let listed = client.get(&path("list")).await.json();
        assert_eq!(listed["count"], 100);
        let logged = client.get(&path("logs?limit=1")).await.json();
        assert_eq!(logged["count"], 200);
    })
    .await;
}

#[tokio::test]
async fn a_request_with_a_key_is_answered_once_however_often_it_comes() {
    each(async |world| {
        let keyed = staff(world).await.header("idempotency-key", "k1");
        let first = keyed.post(&path("create"), &asked("talent1")).await;
        let again = keyed.post(&path("create"), &asked("talent1")).await;
        assert_eq!((first.status, first.text()), (again.status, again.text()));
        assert_eq!(first.status, 201);
        let marks = [&first, &again].map(|answer| answer.header("idempotency-replayed"));
        assert_eq!(marks, [None, Some("true".to_owned())]);
        let log = keyed.get(&path("logs")).await.json();
        let said = "Answered as an earlier request with the same Idempotency-Key.";
        assert_eq!(log["results"][0]["error_message"], said);
        // It is the same request, in whatever order its members come.
        let turned = r#"{"theme_name": "indigo", "platform_name": "A platform", "tenant_name": "talent1"}"#;
        let turned = keyed
            .send("POST", &path("create"), Some("application/json"), turned)
            .await;
        assert_eq!(turned.text(), first.text());
        let other = keyed.post(&path("create"), &asked("talent2")).await;
        assert_eq!(
            other.line(),
            r#"422 {"status":"error","code":"idempotency_key_reused","message":"This Idempotency-Key was used with another body."}"#
        );
        // The key is this caller's own.
        let root = world.session_of(1).await.header("idempotency-key", "k1");
        assert_eq!(root.post(&path("create"), &asked("talent1")).await.status, 409);
        let many = (0..20).map(|_| {
            let keyed = keyed.clone().header("idempotency-key", "k2");
            tokio::spawn(async move { keyed.post(&path("create"), &asked("talent3")).await.line() })
        });
        let mut lines = Vec::new();
        for request in many.collect::<Vec<_>>() {
            lines.push(request.await.unwrap());
        }
        lines.dedup();
        assert_eq!(lines.len(), 1, "{lines:?}");
        // A day later the key means nothing any more.
        let key = keyed.clone().header("idempotency-key", "k3");
        world.clock.set(now() + TimeDelta::days(1) + TimeDelta::seconds(1));
        assert_eq!(key.post(&path("create"), &asked("talent5")).await.status, 201);
        let late = keyed.post(&path("create"), &asked("talent1")).await;
        assert_eq!(late.json()["code"], "tenant_exists");
        let formed = keyed.clone().header("idempotency-key", "k4");
        let kind = Some("application/x-www-form-urlencoded");
        for (organizations, status) in [("org_filter=a&org_filter=b", 201), ("org_filter=b", 422)] {
            let form = format!("tenant_name=formed&platform_name=x&{organizations}");
            let answer = formed.send("POST", &path("create"), kind, form).await;
            assert_eq!(answer.status, status, "{}", answer.text());
        }
        let bad = keyed.header("idempotency-key", &"k".repeat(256));
        let answer = bad.post(&path("create"), &asked("talent4")).await;
        assert_eq!(answer.json()["code"], "invalid_request");
    })
    .await;
}
