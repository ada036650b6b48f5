//! `/api/mfe_config/v1`: what front ends are told, at which host.

use provost_app::Settings;
use provost_tenancy::Mfe;
use serde_json::{Value, json};

use super::world::{asked, each, each_with, path, staff};

const TARGET: &str = "/api/mfe_config/v1";

#[tokio::test]
async fn each_host_is_told_what_its_tenant_has() {
    each(async |world| {
        let client = staff(world).await;
        client.post(&path("create"), &asked("talent1")).await;
        for (host, expected) in [
            ("talent1.local.openedx.io", "A platform"),
            ("talent1.local.openedx.io:8000", "A platform"),
            ("talent1.apps.local.openedx.io", "A platform"),
            ("talent1.apps.local.openedx.io:1999", "A platform"),
            ("Talent1.local.openedx.io", "Your Platform Name Here"),
            ("talent2.local.openedx.io", "Your Platform Name Here"),
            ("local.openedx.io", "Your Platform Name Here"),
            ("[::1]:8000", "Your Platform Name Here"),
        ] {
            for target in [
                TARGET,
                "/api/mfe_config/v1/",
                "/api/mfe_config/v1?mfe=learning",
            ] {
                let answer = world.nobody().header("host", host).get(target).await;
                assert_eq!(answer.status, 200, "{host}");
                assert_eq!(answer.json()["SITE_NAME"], expected, "{host}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_change_is_told_at_once_and_an_unchanged_answer_need_not_be_sent_again() {
    each(async |world| {
        let client = staff(world).await;
        client.post(&path("create"), &asked("talent1")).await;
        let front = world
            .nobody()
            .header("host", "talent1.apps.local.openedx.io");
        let answer = front.get(TARGET).await;
        assert_eq!(answer.header("cache-control").as_deref(), Some("max-age=1"));
        assert_eq!(
            answer.header("content-type").as_deref(),
            Some("application/json")
        );
        assert_eq!(
            answer.header("access-control-allow-origin").as_deref(),
            Some("*")
        );
        let tag = answer.header("etag").unwrap();
        let seen = front.clone().header("if-none-match", &tag);
        let again = seen.get(TARGET).await;
        assert_eq!(
            (again.line().as_str(), again.header("etag")),
            ("304 ", Some(tag))
        );
        client.delete(&path("delete/talent1")).await;
        let changed = seen.get(TARGET).await;
        assert_eq!(changed.status, 200);
        assert_eq!(changed.json()["SITE_NAME"], "Your Platform Name Here");
    })
    .await;
}

#[tokio::test]
async fn what_one_front_end_is_told_comes_on_top() {
    const ROWS: &str = r#"[
      {"model": "eox_tenant.tenantconfig", "pk": 1, "fields": {"external_key": "t", "lms_configs": {
          "EDNX_USE_SIGNAL": true, "HOMEPAGE_COURSE_MAX": 3,
          "MFE_CONFIG": {"LOGO_URL": "own", "EXTRA": 1},
          "MFE_CONFIG_OVERRIDES": {"learning": {"EXTRA": 2}}
        }, "studio_configs": {}, "theming_configs": {}, "meta": {}, "organizations": []}},
      {"model": "eox_tenant.route", "pk": 1, "fields": {"domain": "t.org", "config": 1}}
    ]"#;
    each(async |world| {
        world.import(ROWS).await;
        let front = world.nobody().header("host", "t.org");
        let told = async |mfe: &str| front.get(&format!("{TARGET}?mfe={mfe}")).await.json();
        let member = |told: &Value, name: &str| told[name].clone();
        for (mfe, extra) in [("", 1), ("learning", 2), ("authn", 1), ("%00", 1)] {
            let told = told(mfe).await;
            assert_eq!(member(&told, "EXTRA"), extra, "{mfe}");
            assert_eq!(member(&told, "LOGO_URL"), "own");
            assert_eq!(member(&told, "HOMEPAGE_COURSE_MAX"), 3);
            // What the tenant does not say, the platform does.
            assert_eq!(member(&told, "BASE_URL"), "apps.local.openedx.io");
        }
    })
    .await;
}

#[tokio::test]
async fn other_methods_are_refused_and_a_platform_may_not_tell_at_all() {
    each(async |world| {
        let answer = world.nobody().post(TARGET, &json!({})).await;
        assert_eq!(
            answer.line(),
            r#"405 {"detail":"Method \"POST\" not allowed."}"#
        );
    })
    .await;
    let settings = Settings {
        mfe: Mfe {
            enabled: false,
            ..Mfe::default()
        },
        ..Settings::default()
    };
    each_with(settings, async |world| {
        assert_eq!(world.nobody().get(TARGET).await.line(), "404 ");
    })
    .await;
}
