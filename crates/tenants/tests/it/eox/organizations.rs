//! Which organizations come with a row, and what the log says of writes.

use provost_store::changes;
use provost_testkit::World;
use serde_json::{Value, json};

use super::world::{caller, each, line, names, path, refused};

const HERE: &str = "eox_tenant.tenantorganization";
const PLATFORM: &str = "organizations.organization";

/// Changes the first configuration and the first microsite; the names of the organizations that each
/// is associated with then.
async fn associated(world: &World, settings: &Value, chosen: Option<&Value>) -> [Value; 2] {
    let client = caller(world, "session stan").await;
    let mut found = [Value::Null, Value::Null];
    let targets = [("configs/1/", "lms_configs"), ("microsites/1/", "values")];
    for (associated, (target, column)) in found.iter_mut().zip(targets) {
        let mut body = json!({ column: settings });
        if let Some(chosen) = chosen {
            body["organizations"] = chosen.clone();
        }
        let answer = client.json("PATCH", &path(target), &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()[column], *settings);
        let ids = answer.json()["organizations"].clone();
        let all = names(world, HERE).await;
        let named = ids.as_array().unwrap().iter().map(|id| {
            let place = usize::try_from(id.as_u64().unwrap()).unwrap() - 1;
            all[place].clone()
        });
        *associated = named.collect();
    }
    found
}

#[tokio::test]
async fn a_filter_names_organizations_that_are_made_and_associated() {
    each(async |world| {
        for (settings, expected) in [
            (
                json!({"course_org_filter": ["red", "blue"]}),
                json!(["red", "blue"]),
            ),
            (json!({"course_org_filter": "green"}), json!(["green"])),
            (
                json!({"course_org_filter": ["green", "Red", "green"]}),
                json!(["green", "Red"]),
            ),
            (json!({"course_org_filter": []}), json!([])),
            (json!({"course_org_filter": ["an org"]}), json!(["an org"])),
            (json!({"course_org_filter": null}), json!([])),
            (json!({"other": ["yellow"]}), json!([])),
        ] {
            let found = associated(world, &settings, None).await;
            assert_eq!(found, [expected.clone(), expected], "{settings}");
        }
        // None of them goes again, and each is one of the platform's as well.
        assert_eq!(
            names(world, HERE).await,
            ["red", "blue", "green", "Red", "an org"]
        );
        let platform = names(world, PLATFORM).await;
        assert_eq!(platform, ["blue", "red", "green", "Red", "an org"]);
    })
    .await;
}

#[tokio::test]
async fn organizations_that_somebody_chose_win_and_those_of_the_filter_are_made_all_the_same() {
    each(async |world| {
        let settings = json!({"course_org_filter": ["green"]});
        let found = associated(world, &settings, Some(&json!([2]))).await;
        assert_eq!(found, [json!(["blue"]), json!(["blue"])]);
        assert_eq!(names(world, HERE).await, ["red", "blue", "green"]);
        assert_eq!(names(world, PLATFORM).await, ["green"]);
        let found = associated(world, &settings, Some(&json!([]))).await;
        assert_eq!(found, [json!([]), json!([])]);
        // The choice is of this request: the next one follows the filter.
        let found = associated(world, &settings, None).await;
        assert_eq!(found, [json!(["green"]), json!(["green"])]);
    })
    .await;
}

#[tokio::test]
async fn a_filter_is_a_text_or_a_list_of_texts() {
    let mut cases = Vec::new();
    for filter in ["5", "true", "1.5", "{}", "[1]", "[\"a\",null]", "[[\"a\"]]"] {
        for (target, column) in [("configs/1/", "lms_configs"), ("microsites/1/", "values")] {
            cases.push((
                format!(r#"PATCH {target} {{"{column}":{{"course_org_filter":{filter}}}}}"#),
                format!(
                    r#"400 {{"{column}":["course_org_filter must be a string or a list of strings."]}}"#
                ),
            ));
        }
    }
    // The stored one, which another program wrote.
    cases.push((
        r#"PATCH configs/5/ {"meta":{"a":1}}"#.to_owned(),
        r#"400 {"lms_configs":["course_org_filter must be a string or a list of strings."]}"#
            .to_owned(),
    ));
    let cases: Vec<(&str, &str)> = cases.iter().map(|(a, b)| (&**a, &**b)).collect();
    refused(&cases).await;
    each(async |world| {
        for filter in [
            format!("\"{}\"", "x".repeat(101)),
            r#""a\u0000""#.to_owned(),
        ] {
            let asked =
                format!(r#"PATCH configs/1/ {{"lms_configs":{{"course_org_filter":{filter}}}}}"#);
            let answer = line(world, &asked).await;
            assert!(
                answer.starts_with(r#"400 {"lms_configs":["course_org_filter "#),
                "{answer}"
            );
        }
    })
    .await;
}

/// What the log says since `seq`.
async fn said(world: &World, seq: i64) -> Vec<changes::Change> {
    changes::since(world.app.store().read(), seq).await.unwrap()
}

#[tokio::test]
async fn each_write_has_its_entry_in_the_log() {
    each(async |world| {
        let client = caller(world, "session stan")
            .await
            .header("x-request-id", "r1");
        let seq = changes::last_seq(world.app.store().read()).await.unwrap();
        let settings = json!({"course_org_filter": ["green"]});
        let config = json!({
            "lms_configs": settings, "studio_configs": {}, "theming_configs": {}, "meta": {},
            "external_key": "k",
        });
        let microsite = json!({"values": settings, "key": "k", "subdomain": "s"});
        let route = json!({"domain": "d", "config": 6});
        let change = json!({"external_key": "l", "key": "l", "domain": "e"});
        for (collection, id, body) in [
            ("configs", 6, &config),
            ("routes", 4, &route),
            ("microsites", 4, &microsite),
        ] {
            let made = client.post(&path(&format!("{collection}/")), body).await;
            assert_eq!(made.status, 201, "{}", made.text());
            let one = path(&format!("{collection}/{id}/"));
            assert_eq!(client.json("PATCH", &one, &change).await.status, 200);
        }
        for one in ["microsites/4/", "configs/6/", "routes/3/"] {
            assert_eq!(client.delete(&path(one)).await.status, 204, "{one}");
        }
        let said = said(world, seq).await;
        let kinds: Vec<String> = said
            .iter()
            .map(|change| format!("{} {}", change.kind, change.subject))
            .collect();
        assert_eq!(
            kinds,
            [
                "organization.created organization:1",
                "tenant.config.created tenant:6",
                "tenant.config.changed tenant:6",
                "tenant.route.created route:4",
                "tenant.route.changed route:4",
                "tenant.microsite.created microsite:4",
                "tenant.microsite.changed microsite:4",
                "tenant.microsite.deleted microsite:4",
                "tenant.route.deleted route:4",
                "tenant.config.deleted tenant:6",
                "tenant.route.deleted route:3",
            ]
        );
        for entry in &said {
            assert_eq!((entry.actor_id, &*entry.actor), (Some(2), "stan"));
            assert_eq!(entry.request_id.as_deref(), Some("r1"));
        }
        let facts = |place: usize| (&said[place].before, &said[place].after);
        let mut before = config.clone();
        before["id"] = json!(6);
        before["organizations"] = json!([3]);
        let mut after = before.clone();
        after["external_key"] = json!("l");
        assert_eq!(facts(1), (&None, &Some(before.clone())));
        assert_eq!(facts(2), (&Some(before), &Some(after.clone())));
        assert_eq!(facts(9), (&Some(after), &None));
        let route = |domain: &str| Some(json!({"id": 4, "domain": domain, "config": 6}));
        assert_eq!(facts(4), (&route("d"), &route("e")));
        let microsite = |key: &str| {
            Some(json!({
                "id": 4, "values": settings, "key": key, "subdomain": "s", "organizations": [3],
            }))
        };
        assert_eq!(facts(6), (&microsite("k"), &microsite("l")));
    })
    .await;
}
