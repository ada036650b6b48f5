//! What a new tenant is configured with: every row, in its order.

use provost_tenancy::{Generated, Settings, TenantName, Wanted, generate};
use serde_json::{Map, Value, json};

fn made(settings: &Settings, organizations: &[&str]) -> Generated {
    let name = TenantName::parse("talent1", settings).unwrap();
    let organizations: Vec<_> = organizations.iter().copied().map(str::to_owned).collect();
    let wanted = Wanted {
        name: &name,
        platform_name: "Talent 1 Learning",
        theme_name: "indigo",
        organizations: &organizations,
    };
    generate(settings, &wanted)
}

/// Compares as text, so that the order of members counts.
fn check(made: &Map<String, Value>, expected: &Value) {
    let made = serde_json::to_string_pretty(made).unwrap();
    assert_eq!(made, serde_json::to_string_pretty(expected).unwrap());
}

fn told() -> Value {
    json!({
        "BASE_URL": "talent1.apps.local.openedx.io",
        "CSRF_TOKEN_API_PATH": "/csrf/api/v1/token",
        "CREDENTIALS_BASE_URL": "",
        "DISCOVERY_API_BASE_URL": "",
        "FAVICON_URL": "http://talent1.local.openedx.io:8000/favicon.ico",
        "INFO_EMAIL": "contact@local.openedx.io",
        "LANGUAGE_PREFERENCE_COOKIE_NAME": "openedx-language-preference",
        "LMS_BASE_URL": "http://talent1.local.openedx.io:8000",
        "MARKETING_SITE_BASE_URL": "http://talent1.local.openedx.io:8000",
        "LOGIN_URL": "http://talent1.local.openedx.io:8000/login",
        "LOGOUT_URL": "http://talent1.local.openedx.io:8000/logout",
        "REFRESH_ACCESS_TOKEN_ENDPOINT": "http://talent1.local.openedx.io:8000/login_refresh",
        "LOGO_URL": "http://talent1.local.openedx.io:8000/theming/asset/images/logo.png",
        "LOGO_WHITE_URL": "http://talent1.local.openedx.io:8000/theming/asset/images/logo.png",
        "LOGO_TRADEMARK_URL": "http://talent1.local.openedx.io:8000/theming/asset/images/logo.png",
        "PASSWORD_RESET_SUPPORT_LINK": "mailto:contact@local.openedx.io",
        "SITE_NAME": "Talent 1 Learning",
        "STUDIO_BASE_URL": "http://studio.talent1.local.openedx.io:8001",
        "USER_INFO_COOKIE_NAME": "user-info",
        "ACCESS_TOKEN_COOKIE_NAME": "edx-jwt-cookie-header-payload",
        "DISABLE_ENTERPRISE_LOGIN": true,
        "SCHEDULE_EMAIL_SECTION": true,
        "ENABLE_ASSETS_PAGE": "true",
        "ENABLE_HOME_PAGE_COURSE_API_V2": "true",
        "ENABLE_PROGRESS_GRAPH_SETTINGS": "true",
        "ENABLE_TAGGING_TAXONOMY_PAGES": "true",
        "ENABLE_UNIT_PAGE": "true",
        "MEILISEARCH_ENABLED": "true",
        "ACCOUNT_SETTINGS_URL": "http://talent1.apps.local.openedx.io:1997/account/",
        "ACCOUNT_PROFILE_URL": "http://talent1.apps.local.openedx.io:1995/profile",
        "LEARNING_BASE_URL": "http://talent1.apps.local.openedx.io:2000/learning",
        "DISCUSSIONS_MFE_BASE_URL": "http://talent1.apps.local.openedx.io:2002/discussions",
        "ADMIN_CONSOLE_URL": "http://talent1.apps.local.openedx.io:2025/admin-console",
        "COURSE_AUTHORING_MICROFRONTEND_URL": "http://talent1.apps.local.openedx.io:2001/authoring",
    })
}

/// The hosts that the LMS trusts: Studio, then the front ends.
fn trusted() -> Vec<String> {
    let ports = [
        1999, 1996, 1997, 1995, 2000, 2002, 1994, 1984, 1993, 2025, 2001,
    ];
    let front_ends = ports.map(|port| format!("talent1.apps.local.openedx.io:{port}"));
    let mut hosts = vec!["studio.talent1.local.openedx.io:8001".to_owned()];
    hosts.extend(front_ends);
    hosts
}

fn origins(scheme: &str, hosts: &[String]) -> Vec<String> {
    hosts
        .iter()
        .map(|host| format!("{scheme}://{host}"))
        .collect()
}

#[test]
fn the_lms_of_a_tenant_is_configured_row_by_row() {
    let made = made(&Settings::default(), &["Org1", "Org2"]);
    let expected = json!({
        "AUTHN_MICROFRONTEND_URL": "http://talent1.apps.local.openedx.io:1999/authn",
        "AUTHN_MICROFRONTEND_DOMAIN": "talent1.apps.local.openedx.io/authn",
        "LEARNER_HOME_MICROFRONTEND_URL": "http://talent1.apps.local.openedx.io:1996/learner-dashboard/",
        "ACCOUNT_MICROFRONTEND_URL": "http://talent1.apps.local.openedx.io:1997/account/",
        "PROFILE_MICROFRONTEND_URL": "http://talent1.apps.local.openedx.io:1995/profile/u/",
        "LEARNING_MICROFRONTEND_URL": "http://talent1.apps.local.openedx.io:2000/learning",
        "DISCUSSIONS_MICROFRONTEND_URL": "http://talent1.apps.local.openedx.io:2002/discussions",
        "WRITABLE_GRADEBOOK_URL": "http://talent1.apps.local.openedx.io:1994/gradebook",
        "COMMUNICATIONS_MICROFRONTEND_URL": "http://talent1.apps.local.openedx.io:1984/communications",
        "ORA_GRADING_MICROFRONTEND_URL": "http://talent1.apps.local.openedx.io:1993/ora-grading",
        "ADMIN_CONSOLE_MICROFRONTEND_URL": "http://talent1.apps.local.openedx.io:2025/admin-console",
        "COURSE_AUTHORING_MICROFRONTEND_URL": "http://talent1.apps.local.openedx.io:2001/authoring",
        "LMS_BASE": "talent1.local.openedx.io:8000",
        "SITE_NAME": "talent1.local.openedx.io",
        "PLATFORM_NAME": "Talent 1 Learning",
        "THEME_NAME": "indigo",
        "BASE_URL": "http://talent1.apps.local.openedx.io",
        "LMS_BASE_URL": "http://talent1.local.openedx.io:8000",
        "LMS_ROOT_URL": "http://talent1.local.openedx.io:8000",
        "CMS_BASE": "studio.talent1.local.openedx.io:8001",
        "STUDIO_BASE_URL": "http://studio.talent1.local.openedx.io:8001",
        "EDNX_USE_SIGNAL": true,
        "course_org_filter": ["Org1", "Org2"],
        "MFE_CONFIG": told(),
        "CORS_ORIGIN_WHITELIST": origins("http", &trusted()),
        "CSRF_TRUSTED_ORIGINS": origins("http", &trusted()),
        "LOGIN_REDIRECT_WHITELIST": trusted(),
    });
    check(&made.lms_configs, &expected);
    assert_eq!(made.external_key, "talent1.local.openedx.io");
    assert_eq!(made.domains, ["talent1.local.openedx.io"]);
    check(&made.studio_configs, &json!({}));
    check(&made.theming_configs, &json!({"THEME_NAME": "indigo"}));
}

#[test]
fn a_cookie_is_never_shared_between_tenants() {
    let made = made(&Settings::default(), &[]);
    assert!(!made.lms_configs.contains_key("SESSION_COOKIE_DOMAIN"));
}

#[test]
fn a_tenant_that_does_not_choose_has_no_filter() {
    let settings = Settings {
        provision_extra_routes: true,
        ..Settings::default()
    };
    let made = made(&settings, &[]);
    assert!(!made.lms_configs.contains_key("course_org_filter"));
    assert!(!made.studio_configs.contains_key("course_org_filter"));
    assert!(made.lms_configs.contains_key("MFE_CONFIG"));
}

#[test]
fn every_url_follows_the_scheme_and_the_ports() {
    let settings = Settings {
        https: true,
        base_domain: "example.com".to_owned(),
        contact_email: "help@example.com".to_owned(),
        ..Settings::default()
    };
    let made = made(&settings, &[]);
    let text = Value::from(made.lms_configs.clone()).to_string();
    assert!(!text.contains("http://"), "{text}");
    let after_a_host = text.split("example.com").skip(1);
    assert!(after_a_host.clone().count() > 40);
    for rest in after_a_host {
        assert!(rest.starts_with(['"', '/']), "{rest}");
    }
    for (pointer, expected) in [
        (
            "/AUTHN_MICROFRONTEND_URL",
            "https://talent1.apps.example.com/authn",
        ),
        (
            "/AUTHN_MICROFRONTEND_DOMAIN",
            "talent1.apps.example.com/authn",
        ),
        (
            "/PROFILE_MICROFRONTEND_URL",
            "https://talent1.apps.example.com/profile/u/",
        ),
        ("/LMS_BASE", "talent1.example.com"),
        ("/BASE_URL", "https://talent1.apps.example.com"),
        ("/CMS_BASE", "studio.talent1.example.com"),
        (
            "/MFE_CONFIG/ACCOUNT_PROFILE_URL",
            "https://talent1.apps.example.com/profile",
        ),
        ("/MFE_CONFIG/BASE_URL", "talent1.apps.example.com"),
        ("/MFE_CONFIG/INFO_EMAIL", "help@example.com"),
        (
            "/MFE_CONFIG/PASSWORD_RESET_SUPPORT_LINK",
            "mailto:help@example.com",
        ),
    ] {
        let configs = Value::from(made.lms_configs.clone());
        assert_eq!(
            configs.pointer(pointer),
            Some(&json!(expected)),
            "{pointer}"
        );
    }
}

#[test]
fn front_ends_without_ports_are_one_origin() {
    let settings = Settings {
        mfe_ports: Some(false),
        ..Settings::default()
    };
    let made = made(&settings, &[]);
    let hosts = [
        "studio.talent1.local.openedx.io:8001",
        "talent1.apps.local.openedx.io",
    ];
    let hosts = hosts.map(str::to_owned);
    for (member, expected) in [
        ("CORS_ORIGIN_WHITELIST", origins("http", &hosts)),
        ("CSRF_TRUSTED_ORIGINS", origins("http", &hosts)),
        ("LOGIN_REDIRECT_WHITELIST", hosts.to_vec()),
    ] {
        assert_eq!(made.lms_configs[member], json!(expected), "{member}");
    }
}

#[test]
fn front_ends_may_have_ports_under_https() {
    let settings = Settings {
        mfe_ports: Some(true),
        https: true,
        ..Settings::default()
    };
    let made = made(&settings, &[]);
    let mut hosts = trusted();
    hosts[0] = "studio.talent1.local.openedx.io".to_owned();
    assert_eq!(
        made.lms_configs["CORS_ORIGIN_WHITELIST"],
        json!(origins("https", &hosts))
    );
    // The base URL has no port even so.
    assert_eq!(
        made.lms_configs["BASE_URL"],
        "https://talent1.apps.local.openedx.io"
    );
}

#[test]
fn lists_of_origins_can_be_left_to_the_platform() {
    let settings = Settings {
        include_cors_lists: false,
        ..Settings::default()
    };
    let made = made(&settings, &[]);
    let last = made.lms_configs.keys().next_back().map(String::as_str);
    assert_eq!(last, Some("MFE_CONFIG"));
}

#[test]
fn a_tenant_may_get_routes_and_settings_for_its_studio() {
    let settings = Settings {
        provision_extra_routes: true,
        ..Settings::default()
    };
    let made = made(&settings, &["Org1"]);
    assert_eq!(
        made.domains,
        [
            "talent1.local.openedx.io",
            "talent1.apps.local.openedx.io",
            "studio.talent1.local.openedx.io",
        ]
    );
    let expected = json!({
        "EDNX_USE_SIGNAL": true,
        "PLATFORM_NAME": "Talent 1 Learning",
        "SITE_NAME": "studio.talent1.local.openedx.io",
        "LMS_BASE": "talent1.local.openedx.io:8000",
        "LMS_ROOT_URL": "http://talent1.local.openedx.io:8000",
        "CMS_BASE": "studio.talent1.local.openedx.io:8001",
        "COURSE_AUTHORING_MICROFRONTEND_URL": "http://talent1.apps.local.openedx.io:2001/authoring",
        "course_org_filter": ["Org1"],
    });
    check(&made.studio_configs, &expected);
}
