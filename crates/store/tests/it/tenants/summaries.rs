//! Lists of tenants.

use provost_listing::{LimitAsk, Slice};
use provost_store::bulk::{self, Cell, tables};
use provost_store::tenants::configs;
use provost_store::tenants::routes;
use provost_store::tenants::summaries::{self, Listed};
use provost_store::{Db, Tx};
use serde_json::{Value, json};

use super::{bare, object, odd, provisioned};
use crate::support::each_database;

const BASE: &str = "local.openedx.io";

async fn page(db: &Db, search: Option<&str>) -> Slice<Listed> {
    summaries::page(db, BASE, search, &LimitAsk::ALL, None)
        .await
        .unwrap()
}

fn names(page: &Slice<Listed>) -> Vec<&str> {
    let rows = page.rows.iter();
    rows.map(|listed| listed.tenant_name.as_str()).collect()
}

#[test]
fn a_list_shows_what_the_columns_say() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let mut full = bare("talent1.local.openedx.io");
        full.lms_configs = object(
            r#"{"PLATFORM_NAME": "Talent 1", "course_org_filter": "org1", "LMS_BASE_URL": "l",
            "AUTHN_MICROFRONTEND_URL": "a", "LEARNER_HOME_MICROFRONTEND_URL": ["d"]}"#,
        );
        full.theming_configs = object(r#"{"THEME_NAME": "indigo"}"#);
        full.meta =
            object(r#"{"tenant_name": "Talent\u0000", "created_by": "ada", "created_at": 5}"#);
        let made = configs::create_all(&tx, vec![full, bare("x")])
            .await
            .unwrap();
        let domains = [("z", 0), ("y", 1), ("a", 0)].map(|(name, at)| (name.to_owned(), made[at]));
        routes::create_all(&tx, &domains).await.unwrap();
        let page = page(&tx, None).await;
        assert_eq!(page.total, 2);
        let first = &page.rows[0];
        assert_eq!(
            (first.id, first.tenant_name.as_str()),
            (made[0], "Talent\0")
        );
        assert_eq!(first.external_key, "talent1.local.openedx.io");
        assert_eq!(first.domains, ["z", "a"]);
        let expected = json!({
            "platform_name": "Talent 1", "theme_name": "indigo", "org_filter": ["org1"],
            "lms_url": "l", "authn_url": "a", "learner_dashboard_url": ["d"],
            "created_by": "ada", "created_at": 5,
        });
        assert_eq!(serde_json::to_value(&first.summary).unwrap(), expected);
        let second = &page.rows[1];
        assert_eq!(second.summary, provost_tenancy::Summary::default());
        assert_eq!(second.domains, ["y"]);
    });
}

/// Tenants whose names, platforms and hosts are alike.
async fn many(tx: &Tx) {
    provisioned(tx, "talent1", "Örg LEARNING 100%").await;
    provisioned(tx, "other", "under_score").await;
    let mut keyed = [
        "Legacy.local.openedx.io",
        "elsewhere.org",
        ".local.openedx.io",
    ]
    .map(bare);
    keyed[1]
        .lms_configs
        .insert("PLATFORM_NAME".to_owned(), json!(["talent1"]));
    keyed[2].lms_configs = object(r#"{"PLATFORM_NAME": "null\u0000character"}"#);
    let made = configs::create_all(tx, keyed.to_vec()).await.unwrap();
    let host = ("WWW.Back\\slash.io".to_owned(), made[1]);
    routes::create_all(tx, &[host]).await.unwrap();
}

#[test]
fn a_search_finds_text_in_name_platform_and_host() {
    const LEGACY: &str = "Legacy";
    const ELSEWHERE: &str = "elsewhere.org";
    const NAMELESS: &str = ".local.openedx.io";
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        many(&tx).await;
        for (search, expected) in [
            ("", &["talent1", "other", LEGACY, ELSEWHERE, NAMELESS][..]),
            ("TALENT", &["talent1"]),
            ("örg l", &["talent1"]),
            ("%", &["talent1"]),
            ("_", &["other"]),
            ("\\", &[ELSEWHERE]),
            ("back\\SLASH", &[ELSEWHERE]),
            ("t", &["talent1", "other", NAMELESS]),
            ("legacy", &[LEGACY]),
            ("legacy.", &[]),
            // Below the base domain are the hosts of two, and the key that is nothing else.
            ("local.openedx", &["talent1", "other", NAMELESS]),
            ("elsewhere.org", &[ELSEWHERE]),
            ("null\0character", &[NAMELESS]),
            ("\0", &[NAMELESS]),
            ("'", &[]),
            ("talent1x", &[]),
        ] {
            let found = page(&tx, Some(search)).await;
            assert_eq!(names(&found), expected, "{search:?}");
            assert_eq!(found.total, expected.len() as u64, "{search:?}");
        }
        let elsewhere = summaries::page(
            &tx,
            "openedx.io",
            Some("legacy.local"),
            &LimitAsk::ALL,
            None,
        );
        assert_eq!(names(&elsewhere.await.unwrap()), ["Legacy.local"]);
        let nowhere = summaries::page(
            &tx,
            "%",
            Some("legacy.local.openedx.io"),
            &LimitAsk::ALL,
            None,
        );
        assert_eq!(nowhere.await.unwrap().total, 1);
    });
}

#[test]
fn pages_are_cut_in_the_order_of_keys() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let new = ["e", "d", "c", "b", "a"].map(bare).to_vec();
        configs::create_all(&tx, new).await.unwrap();
        for (limit, offset, expected) in [
            (u64::MAX, 0, &["e", "d", "c", "b", "a"][..]),
            (u64::MAX, 3, &["b", "a"]),
            (2, 1, &["d", "c"]),
            (9, 4, &["a"]),
            (2, 5, &[]),
            (u64::MAX, u64::MAX, &[]),
            (u64::MAX, 4, &["a"]),
        ] {
            for total in [None, Some(5)] {
                let ask = LimitAsk { limit, offset };
                let page = summaries::page(&tx, BASE, None, &ask, total).await;
                let page = page.unwrap();
                assert_eq!(names(&page), expected, "{limit} {offset}");
                assert_eq!(page.total, 5, "{limit} {offset}");
            }
        }
    });
}

#[test]
fn a_list_follows_what_is_written_however_it_is_written() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let id = provisioned(&tx, "talent1", "Talent 1").await;
        let mut config = configs::find(&tx, id).await.unwrap().unwrap();
        config.external_key = "CHANGED".to_owned();
        config.lms_configs = object(r#"{"PLATFORM_NAME": "Ünlike"}"#);
        config.meta = object(r#"{"tenant_name": 5}"#);
        configs::change_all(&tx, &[config]).await.unwrap();
        assert_eq!(names(&page(&tx, Some("üNLIKE")).await), ["CHANGED"]);
        assert_eq!(names(&page(&tx, Some("changed")).await), ["CHANGED"]);
        assert_eq!(page(&tx, Some("talent 1")).await.total, 0);
        let mut route = routes::all(&tx).await.unwrap().remove(0);
        route.domain = "MOVED.org".to_owned();
        routes::change(&tx, &route).await.unwrap();
        assert_eq!(
            page(&tx, Some("moved")).await.rows[0].domains,
            ["MOVED.org"]
        );

        let imported = vec![
            Cell::Int(id),
            Cell::Text("Imported.local.openedx.io".to_owned()),
            Cell::Json(json!({"PLATFORM_NAME": "Fïxture"})),
            Cell::Json(odd()),
            Cell::Json(json!({"THEME_NAME": "indigo"})),
            Cell::Json(json!({"tenant_name": "Näme\u{0}"})),
            Cell::Keys(Vec::new()),
        ];
        bulk::upsert(&tx, &tables::TENANT_CONFIGS, vec![imported])
            .await
            .unwrap();
        let route = vec![
            Cell::Int(route.id),
            Cell::Text("HÖST".to_owned()),
            Cell::Int(id),
        ];
        bulk::upsert(&tx, &tables::TENANT_ROUTES, vec![route])
            .await
            .unwrap();
        for search in ["näme\0", "FÏX", "höst"] {
            let found = page(&tx, Some(search)).await;
            assert_eq!(names(&found), ["Näme\0"], "{search:?}");
            assert_eq!(found.rows[0].summary.theme_name, "indigo");
        }
        assert_eq!(page(&tx, Some("imported")).await.total, 0);
        assert_eq!(page(&tx, Some("changed")).await.total, 0);
    });
}

#[test]
fn thousands_of_tenants_are_listed_and_searched() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let new = (0..3_000).map(|number| {
            let mut new = bare(&format!("t{number}.local.openedx.io"));
            let name = Value::from(format!("Talent {number}"));
            new.lms_configs.insert("PLATFORM_NAME".to_owned(), name);
            new
        });
        let made = configs::create_all(&tx, new.collect()).await.unwrap();
        let hosts = made.iter().map(|id| (format!("t{id}.org"), *id));
        let hosts: Vec<(String, i64)> = hosts.collect();
        routes::create_all(&tx, &hosts).await.unwrap();
        let all = page(&tx, None).await;
        let ids: Vec<i64> = all.rows.iter().map(|listed| listed.id).collect();
        assert_eq!(ids, made);
        assert!(all.rows.iter().all(|listed| listed.domains.len() == 1));
        let found = page(&tx, Some("TALENT 2999")).await;
        assert_eq!(names(&found), ["t2999"]);
    });
}
