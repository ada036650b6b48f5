//! What a list shows of a tenant.

use provost_tenancy::{Settings, Summary, TenantName, Wanted, generate, tenant_name};
use serde_json::{Value, json};

use crate::object;

fn shown(lms: &Value, theming: &Value, meta: &Value) -> Value {
    let summary = Summary::of(&object(lms), &object(theming), &object(meta));
    let shown = serde_json::to_value(&summary).unwrap();
    assert_eq!(
        serde_json::from_value::<Summary>(shown.clone()).unwrap(),
        summary
    );
    shown
}

#[test]
fn a_list_shows_what_was_provisioned() {
    let settings = Settings::default();
    let name = TenantName::parse("talent1", &settings).unwrap();
    let wanted = Wanted {
        name: &name,
        platform_name: "Talent 1 Learning",
        theme_name: "indigo",
        organizations: &["org1".to_owned()],
    };
    let made = generate(&settings, &wanted);
    let meta = json!({"created_by": "admin", "tenant_name": "talent1", "created_at": "2026-04-10T01:20:57Z"});
    let shown = shown(
        &made.lms_configs.into(),
        &made.theming_configs.into(),
        &meta,
    );
    let expected = json!({
        "platform_name": "Talent 1 Learning",
        "theme_name": "indigo",
        "org_filter": ["org1"],
        "lms_url": "http://talent1.local.openedx.io:8000",
        "authn_url": "http://talent1.apps.local.openedx.io:1999/authn",
        "learner_dashboard_url": "http://talent1.apps.local.openedx.io:1996/learner-dashboard/",
        "created_by": "admin",
        "created_at": "2026-04-10T01:20:57Z",
    });
    assert_eq!(shown.to_string(), expected.to_string());
}

#[test]
fn what_is_not_there_is_null_and_what_is_there_is_shown_as_it_is() {
    let empty = json!({});
    let nothing = json!({
        "platform_name": null, "theme_name": null, "org_filter": [], "lms_url": null, "authn_url": null,
        "learner_dashboard_url": null, "created_by": null, "created_at": null,
    });
    assert_eq!(shown(&empty, &empty, &empty), nothing);
    let odd = json!({
        "PLATFORM_NAME": 5, "THEME_NAME": null, "LMS_BASE_URL": ["x"], "AUTHN_MICROFRONTEND_URL": {"a": 1},
        "LEARNER_HOME_MICROFRONTEND_URL": false,
    });
    let facts = json!({"created_by": {}, "created_at": 1.5});
    let expected = json!({
        "platform_name": 5, "theme_name": null, "org_filter": [], "lms_url": ["x"], "authn_url": {"a": 1},
        "learner_dashboard_url": false, "created_by": {}, "created_at": 1.5,
    });
    assert_eq!(
        shown(&odd, &json!({"THEME_NAME": "indigo"}), &facts),
        expected
    );
}

#[test]
fn the_theme_of_the_lms_comes_before_that_of_theming() {
    let theme =
        |lms: Value, theming: Value| shown(&lms, &theming, &json!({}))["theme_name"].clone();
    assert_eq!(
        theme(json!({"THEME_NAME": "a"}), json!({"THEME_NAME": "b"})),
        "a"
    );
    assert_eq!(theme(json!({}), json!({"THEME_NAME": "b"})), "b");
}

#[test]
fn a_filter_is_shown_as_a_list() {
    for (filter, expected) in [
        (json!(["a", "b"]), json!(["a", "b"])),
        (json!("a"), json!(["a"])),
        (json!([]), json!([])),
        (json!(["a", 5, null]), json!(["a", 5, null])),
        (json!(null), json!([])),
        (json!(5), json!([])),
        (json!({"a": 1}), json!([])),
    ] {
        let lms = json!({"course_org_filter": filter});
        assert_eq!(
            shown(&lms, &json!({}), &json!({}))["org_filter"],
            expected,
            "{filter}"
        );
    }
}

#[test]
fn a_tenant_is_called_as_it_was_provisioned_or_else_by_its_key() {
    let base = "local.openedx.io";
    for (meta, key, expected) in [
        (
            json!({"tenant_name": "talent1"}),
            "other.local.openedx.io",
            "talent1",
        ),
        (json!({}), "talent1.local.openedx.io", "talent1"),
        (
            json!({"tenant_name": 5}),
            "talent1.local.openedx.io",
            "talent1",
        ),
        (json!({"tenant_name": null}), "legacy", "legacy"),
        (json!({}), "a.b.local.openedx.io", "a.b"),
        (json!({}), "local.openedx.io", "local.openedx.io"),
        (json!({}), ".local.openedx.io", ".local.openedx.io"),
        (json!({}), "xlocal.openedx.io", "xlocal.openedx.io"),
        (
            json!({}),
            "Talent1.LOCAL.openedx.io",
            "Talent1.LOCAL.openedx.io",
        ),
        (json!({}), "ключ.local.openedx.io", "ключ"),
        (json!({}), "", ""),
    ] {
        assert_eq!(tenant_name(&object(&meta), key, base), expected, "{key}");
    }
}
