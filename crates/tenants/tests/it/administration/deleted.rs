//! Tenants that were deleted: listed, brought back, purged.

use provost_testkit::{Client, World};
use serde_json::{Value, json};

use super::world::{
    applied, each, exported, kinds, last_seq, listed, log_after, own, problem, staff,
};

fn file() -> Value {
    json!({"tenants": [
        {"name": "talent1", "platform_name": "One", "theme_name": "indigo", "org_filter": ["Org1"],
         "domains": ["talent1.local.openedx.io", "www.talent1.org"],
         "organizations": ["Org1", "Org2"], "meta": {"note": "kept"}},
        {"external_key": "legacy", "domains": [], "lms_configs": {"B": 1, "A": null}},
    ]})
}

async fn delete(client: &Client, name: &str) {
    let answer = client
        .delete(&format!("/api/tenant/v1/delete/{name}"))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// The rows of the platform that tenants consist of.
async fn rows(world: &World) -> String {
    world.export(&["eox_tenant.", "organizations."]).await
}

#[tokio::test]
async fn a_tenant_that_comes_back_is_what_it_was() {
    each(async |world| {
        let staff = staff(world).await;
        applied(&staff, &file()).await;
        let before = (rows(world).await, exported(&staff).await);
        let seq = last_seq(world).await;
        delete(&staff, "talent1").await;
        assert_eq!(listed(&staff).await, ["2 legacy: "]);
        assert_eq!(world.app.tenants().config_of("www.talent1.org"), None);
        let answer = staff
            .post(&own("deleted-tenants/1/restore/"), &json!({}))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let shown = answer.json();
        assert_eq!(
            (
                &shown["tenant_id"],
                &shown["tenant_name"],
                &shown["domains"],
                &shown["organizations"]
            ),
            (
                &json!(1),
                &json!("talent1"),
                &json!(["talent1.local.openedx.io", "www.talent1.org"]),
                &json!([1, 2])
            ),
        );
        assert_eq!((rows(world).await, exported(&staff).await), before);
        assert_eq!(world.app.tenants().config_of("www.talent1.org"), Some(1));
        let expected = [
            "tenant.route.deleted route:1",
            "tenant.route.deleted route:2",
            "tenant.config.deleted tenant:1",
            "tenant.config.created tenant:1",
            "tenant.route.created route:1",
            "tenant.route.created route:2",
        ];
        let log = log_after(world, seq).await;
        assert_eq!(kinds(&log), expected);
        assert_eq!(log[2].before, log[3].after, "the log has the same facts");
        let again = staff
            .post(&own("deleted-tenants/1/restore/"), &json!({}))
            .await;
        assert_eq!(again.status, 404);
        let later =
            json!({"tenants": [{"external_key": "later", "domains": [], "lms_configs": {}}]});
        let made = applied(&staff, &later).await;
        assert_eq!(made["created"][0]["id"], json!(3), "numbers rise");
    })
    .await;
}

#[tokio::test]
async fn a_name_is_free_at_once_and_whoever_has_it_keeps_it() {
    each(async |world| {
        let staff = staff(world).await;
        applied(&staff, &file()).await;
        delete(&staff, "talent1").await;
        let other = json!({"tenants": [
            {"name": "talent1", "platform_name": "Another"},
            {"external_key": "w", "domains": ["www.talent1.org"], "lms_configs": {}},
        ]});
        applied(&staff, &other).await;
        let before = rows(world).await;
        let seq = last_seq(world).await;
        let answer = staff.post(&own("deleted-tenants/1/restore/"), &json!({})).await;
        let text = "Another tenant has the key `talent1.local.openedx.io` (tenant 3), \
                    the domain `talent1.local.openedx.io` (tenant 3), the domain `www.talent1.org` (tenant 4) now.";
        assert_eq!(problem(&answer), (409, json!(text)));
        assert_eq!((rows(world).await, log_after(world, seq).await), (before, vec![]));
        delete(&staff, "talent1").await;
        delete(&staff, "w").await;
        let answer = staff.post(&own("deleted-tenants/1/restore/"), &json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let lines = ["1 talent1: talent1.local.openedx.io www.talent1.org", "2 legacy: "];
        assert_eq!(listed(&staff).await, lines);
    })
    .await;
}

#[tokio::test]
async fn deleted_tenants_are_listed_newest_first_and_shown_with_their_document() {
    each(async |world| {
        let staff = staff(world).await;
        applied(&staff, &file()).await;
        delete(&staff, "talent1").await;
        delete(&staff, "legacy").await;
        let first = staff.get(&own("deleted-tenants/?limit=1")).await.json();
        let legacy = json!({
            "id": 2, "tenant_id": 2, "tenant_name": "legacy", "external_key": "legacy",
            "deleted_at": "2026-04-10T01:20:57Z", "deleted_by": "stan",
            "expires_at": "2026-05-10T01:20:57Z",
        });
        assert_eq!(first["results"], json!([legacy]));
        let second = staff.get(first["next"].as_str().unwrap()).await.json();
        assert_eq!(second["results"][0]["id"], json!(1));
        assert_eq!(second["next"], Value::Null);
        let bad = staff.get(&own("deleted-tenants/?cursor=zz")).await;
        assert_eq!(problem(&bad).0, 400);
        let one = staff.get(&own("deleted-tenants/2/")).await.json();
        let fields = json!({
            "external_key": "legacy", "lms_configs": {"B": 1, "A": null}, "studio_configs": {},
            "theming_configs": {}, "meta": {}, "organizations": [],
        });
        let document = json!([{"model": "eox_tenant.tenantconfig", "pk": 2, "fields": fields}]);
        assert_eq!(
            one["document"].to_string(),
            document.to_string(),
            "members keep their order"
        );
        assert_eq!(one["tenant_name"], json!("legacy"));
    })
    .await;
}

#[tokio::test]
async fn what_is_purged_is_given_out_once_more_and_can_be_imported() {
    each(async |world| {
        let staff = staff(world).await;
        applied(&staff, &file()).await;
        let before = rows(world).await;
        delete(&staff, "talent1").await;
        let seq = last_seq(world).await;
        let shown = staff.get(&own("deleted-tenants/1/")).await.json();
        let answer = staff.delete(&own("deleted-tenants/1/")).await;
        assert_eq!((answer.status, answer.json()), (200, shown.clone()));
        let log = log_after(world, seq).await;
        assert_eq!(kinds(&log), ["tenant.purged tenant:1"]);
        let facts = json!({
            "id": 1, "tenant_name": "talent1", "external_key": "talent1.local.openedx.io",
            "deleted_at": "2026-04-10T01:20:57Z", "deleted_by": "stan",
        });
        assert_eq!((&log[0].before, &log[0].after), (&Some(facts), &None));
        for (method, below) in [
            ("GET", "deleted-tenants/1/"),
            ("DELETE", "deleted-tenants/1/"),
            ("POST", "deleted-tenants/1/restore/"),
        ] {
            let answer = staff.json(method, &own(below), &json!({})).await;
            assert_eq!(answer.status, 404, "{method} {below}");
        }
        world.import(&shown["document"].to_string()).await;
        assert_eq!(rows(world).await, before);
    })
    .await;
}

#[tokio::test]
async fn tenants_that_had_one_key_together_have_it_again() {
    // Who goes, one request each; then which of what is kept comes back, and the status.
    for (gone, back) in [
        (&[&[1][..]][..], &[(1, 200)][..]),
        (&[&[1], &[2]], &[(1, 200), (2, 200)]),
        (&[&[1], &[2]], &[(2, 200), (1, 200)]),
        (&[&[1, 2]], &[(1, 200), (2, 200)]),
        (&[&[1, 2, 3]], &[(3, 200), (1, 200), (2, 200)]),
        (&[&[3], &[1], &[2]], &[(1, 200), (2, 200), (3, 200)]),
    ] {
        each(async |world| {
            world.import(SHARING).await;
            let staff = staff(world).await;
            let before = rows(world).await;
            for ids in gone {
                let there = listed(&staff).await;
                let stays =
                    |line: &String| ids.iter().all(|id| !line.starts_with(&format!("{id} ")));
                let mut file = exported(&staff).await;
                let tenants = file["tenants"].as_array_mut().unwrap();
                let mut stay = there.iter().map(stays);
                tenants.retain(|_| stay.next().unwrap());
                file["prune"] = json!(true);
                applied(&staff, &file).await;
            }
            for (row, status) in back {
                let target = own(&format!("deleted-tenants/{row}/restore/"));
                let answer = staff.post(&target, &json!({})).await;
                assert_eq!(answer.status, *status, "{gone:?} {row}: {}", answer.text());
            }
            assert_eq!(rows(world).await, before, "{gone:?}");
        })
        .await;
    }
}

const SHARING: &str = r#"[
  {"model": "eox_tenant.tenantconfig", "pk": 1, "fields": {"external_key": "shared"}},
  {"model": "eox_tenant.tenantconfig", "pk": 2, "fields": {"external_key": "shared"}},
  {"model": "eox_tenant.tenantconfig", "pk": 3, "fields": {"external_key": "shared"}}
]"#;

#[tokio::test]
async fn a_key_that_somebody_came_to_meanwhile_stays_theirs() {
    each(async |world| {
        world.import(SHARING).await;
        let staff = staff(world).await;
        // The second gives the key up before the others go, and takes it again when they are gone.
        let row = |key: &str| {
            let fields = json!({"external_key": key});
            json!([{"model": "eox_tenant.tenantconfig", "pk": 2, "fields": fields}]).to_string()
        };
        world.import(&row("other")).await;
        let mut file =
            json!({"tenants": [{"external_key": "other", "domains": [], "lms_configs": {}}]});
        file["prune"] = json!(true);
        applied(&staff, &file).await;
        world.import(&row("shared")).await;
        let answer = staff
            .post(&own("deleted-tenants/1/restore/"), &json!({}))
            .await;
        let text = "Another tenant has the key `shared` (tenant 2) now.";
        assert_eq!(problem(&answer), (409, json!(text)));
    })
    .await;
}
