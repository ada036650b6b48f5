//! Files that are planned and applied.

use serde_json::{Value, json};

use super::world::{
    applied, assert_settled, counts, each, exported, kinds, last_seq, listed, log_after, own,
    planned, problem, staff,
};

fn file() -> Value {
    json!({"tenants": [
        {"name": "talent1", "platform_name": "One", "org_filter": ["Org1", "Org2"]},
        {"external_key": "legacy", "domains": ["legacy.example.org"], "lms_configs": {"SITE_NAME": "old"},
         "meta": {"note": "as it was"}},
    ]})
}

#[tokio::test]
async fn tenants_are_made_with_all_that_belongs_to_them() {
    each(async |world| {
        let staff = staff(world).await;
        let seq = last_seq(world).await;
        let plan = planned(&staff, &file()).await;
        assert_eq!(counts(&plan), [2, 0, 0, 0, 0]);
        assert_eq!(log_after(world, seq).await, [], "a plan does nothing");
        let done = applied(&staff, &file()).await;
        let made = json!([{"id": 1, "label": "talent1"}, {"id": 2, "label": "legacy"}]);
        assert_eq!(
            (&done["created"], &done["digest"]),
            (&made, &plan["digest"])
        );
        let log = log_after(world, seq).await;
        let expected = [
            "organization.created organization:1",
            "organization.created organization:2",
            "tenant.config.created tenant:1",
            "tenant.config.created tenant:2",
            "tenant.route.created route:1",
            "tenant.route.created route:2",
        ];
        assert_eq!(kinds(&log), expected);
        assert!(log.iter().all(|entry| entry.actor == "stan"));
        let config = log[2].after.as_ref().unwrap();
        let meta = json!({
            "created_by": "stan", "tenant_name": "talent1", "created_at": "2026-04-10T01:20:57Z",
        });
        assert_eq!(
            (&config["meta"], &config["organizations"]),
            (&meta, &json!([1, 2]))
        );
        let old = log[3].after.as_ref().unwrap();
        assert_eq!(old["meta"], json!({"note": "as it was"}));
        let lines = [
            "1 talent1: talent1.local.openedx.io",
            "2 legacy: legacy.example.org",
        ];
        assert_eq!(listed(&staff).await, lines);
        assert_settled(&staff, &file(), "the same file again").await;
    })
    .await;
}

#[tokio::test]
async fn a_tenant_from_a_file_is_one_that_was_provisioned() {
    each(async |world| {
        let staff = staff(world).await;
        applied(
            &staff,
            &json!({"tenants": [{"name": "filed", "platform_name": "P"}]}),
        )
        .await;
        let ask = json!({"tenant_name": "asked", "platform_name": "P"});
        let answer = staff.post("/api/tenant/v1/create", &ask).await;
        assert_eq!(answer.status, 201);
        let detail = async |name: &str| {
            let answer = staff.get(&format!("/api/tenant/v1/detail/{name}")).await;
            let mut tenant = answer.json()["tenant"].clone();
            tenant["tenant_id"] = json!(0);
            tenant.to_string().replace(name, "x")
        };
        assert_eq!(detail("filed").await, detail("asked").await);
        let both = json!({"tenants": [
            {"name": "filed", "platform_name": "P", "theme_name": "indigo"},
            {"name": "asked", "platform_name": "P", "theme_name": "indigo"},
        ]});
        assert_eq!(exported(&staff).await, both);
    })
    .await;
}

#[tokio::test]
async fn what_differs_is_changed_and_nothing_else() {
    each(async |world| {
        let staff = staff(world).await;
        applied(&staff, &file()).await;
        let seq = last_seq(world).await;
        let mut file = file();
        file["tenants"][0]["platform_name"] = json!("Uno");
        file["tenants"][0]["org_filter"] = json!(["Org2", "Org3"]);
        let done = applied(&staff, &file).await;
        assert_eq!(counts(&done), [0, 1, 0, 0, 1]);
        let expected = [
            "organization.created organization:3",
            "tenant.config.changed tenant:1",
        ];
        let log = log_after(world, seq).await;
        assert_eq!(kinds(&log), expected);
        let entry = log.last().unwrap();
        let (before, after) = (
            entry.before.as_ref().unwrap(),
            entry.after.as_ref().unwrap(),
        );
        let shown = |facts: &Value| {
            (
                facts["lms_configs"]["PLATFORM_NAME"].clone(),
                facts["organizations"].clone(),
            )
        };
        assert_eq!(shown(before), (json!("One"), json!([1, 2])));
        assert_eq!(shown(after), (json!("Uno"), json!([2, 3])));
        assert_eq!(before["meta"], after["meta"], "the record stays");
        assert_settled(&staff, &file, "changed").await;
    })
    .await;
}

#[tokio::test]
async fn tenants_that_are_not_in_the_file_go_only_if_that_is_asked_for() {
    each(async |world| {
        let staff = staff(world).await;
        applied(&staff, &file()).await;
        let seq = last_seq(world).await;
        let none = json!({"tenants": []});
        let done = applied(&staff, &none).await;
        assert_eq!(counts(&done), [0, 0, 0, 2, 0]);
        assert_eq!(done["kept"], json!(["talent1", "legacy"]));
        assert_eq!(log_after(world, seq).await, [], "there was nothing to do");
        let one = json!({"tenants": [file()["tenants"][0]], "prune": true});
        let done = applied(&staff, &one).await;
        assert_eq!(counts(&done), [0, 0, 1, 0, 1]);
        let expected = [
            "tenant.route.deleted route:2",
            "tenant.config.deleted tenant:2",
        ];
        assert_eq!(kinds(&log_after(world, seq).await), expected);
        assert_eq!(
            listed(&staff).await,
            ["1 talent1: talent1.local.openedx.io"]
        );
        let kept = staff.get(&own("deleted-tenants/")).await.json();
        assert_eq!(kept["results"][0]["tenant_name"], json!("legacy"));
    })
    .await;
}

#[tokio::test]
async fn a_plan_that_was_seen_is_done_or_nothing_is() {
    each(async |world| {
        let staff = staff(world).await;
        let digest = planned(&staff, &file()).await["digest"].clone();
        let mut ask = file();
        ask["digest"] = digest.clone();
        let other = json!({"tenants": [{"name": "talent2", "platform_name": "Two"}]});
        applied(&staff, &other).await;
        let seq = last_seq(world).await;
        ask["prune"] = json!(true);
        let answer = staff.post(&own("tenants:apply"), &ask).await;
        let text = "What would be done now is another plan: nothing was done.";
        assert_eq!(problem(&answer), (412, json!(text)));
        assert_eq!(log_after(world, seq).await, []);
        ask["prune"] = json!(false);
        let done = applied(&staff, &ask).await;
        assert_eq!((counts(&done), &done["digest"]), ([2, 0, 0, 1, 0], &digest));
        let answer = staff.post(&own("tenants:apply"), &ask).await;
        assert_eq!(answer.status, 412, "it is done already");
    })
    .await;
}

#[tokio::test]
async fn organizations_are_those_of_the_filter_unless_others_are_listed() {
    each(async |world| {
        let staff = staff(world).await;
        let tenant = |more: Value| {
            let mut tenant =
                json!({"name": "talent1", "platform_name": "One", "org_filter": ["A"]});
            for (member, value) in more.as_object().unwrap() {
                tenant[member] = value.clone();
            }
            json!({"tenants": [tenant]})
        };
        for (file, expected) in [
            (
                tenant(json!({"organizations": ["B", "C"]})),
                json!(["B", "C"]),
            ),
            (
                tenant(json!({"organizations": ["B", "C"], "platform_name": "Uno"})),
                json!(["B", "C"]),
            ),
            (tenant(json!({})), Value::Null),
            (tenant(json!({"organizations": []})), json!([])),
        ] {
            applied(&staff, &file).await;
            assert_settled(&staff, &file, "applied").await;
            let export = exported(&staff).await;
            assert_eq!(export["tenants"][0]["organizations"], expected, "{file}");
            assert_settled(&staff, &export, "exported").await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_applied_several_times_at_once_is_followed_once() {
    each(async |world| {
        let staff = staff(world).await;
        let file = file();
        let (a, b, c) = tokio::join!(
            applied(&staff, &file),
            applied(&staff, &file),
            applied(&staff, &file),
        );
        let mut made: Vec<usize> = [a, b, c]
            .iter()
            .map(|done| done["created"].as_array().unwrap().len())
            .collect();
        made.sort_unstable();
        assert_eq!(made, [0, 0, 2]);
        assert_settled(&staff, &file, "once").await;
    })
    .await;
}
