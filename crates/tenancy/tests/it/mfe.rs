//! What front ends are told: the body, its layers, and what the platform says itself.

use provost_tenancy::{Directory, Mfe, Platform, Rendered, Settings, effective};
use serde_json::{Value, json};

use crate::object;

const HOST: &str = "t.local.openedx.io";

pub fn platform(platform_settings: &Value) -> Platform {
    let platform_settings = platform_settings.to_string();
    let mfe = Mfe {
        platform_settings,
        ..Mfe::default()
    };
    Platform::new(&Settings::default(), &mfe).unwrap()
}

pub fn read(rendered: &Rendered) -> Value {
    serde_json::from_slice(&rendered.body).unwrap()
}

/// What a tenant with these settings, switched on, is told under the defaults of the platform.
fn told(defaults: &Value, own: &Value, mfe: &str) -> Value {
    let mut own = object(own);
    own.insert("EDNX_USE_SIGNAL".to_owned(), json!(true));
    let mut directory = Directory::new();
    directory.set_config(1, "t", &own);
    directory.set_route(1, HOST, 1);
    read(&directory.mfe_config(&platform(defaults), HOST, mfe))
}

#[test]
fn the_platform_tells_six_settings_and_what_is_generated_for_the_base_domain() {
    let body = read(&Directory::new().mfe_config(&platform(&json!({})), "nobody", ""));
    let lms = "http://local.openedx.io:8000";
    let front_ends = "http://apps.local.openedx.io";
    let expected = json!({
        "ENABLE_COURSE_SORTING_BY_START_DATE": true,
        "HOMEPAGE_PROMO_VIDEO_YOUTUBE_ID": null,
        "HOMEPAGE_COURSE_MAX": null,
        "COURSE_ABOUT_TWITTER_ACCOUNT": "@YourPlatformTwitterAccount",
        "NON_BROWSABLE_COURSES": false,
        "ENABLE_COURSE_DISCOVERY": false,
        "BASE_URL": "apps.local.openedx.io",
        "CSRF_TOKEN_API_PATH": "/csrf/api/v1/token",
        "CREDENTIALS_BASE_URL": "",
        "DISCOVERY_API_BASE_URL": "",
        "FAVICON_URL": format!("{lms}/favicon.ico"),
        "INFO_EMAIL": "contact@local.openedx.io",
        "LANGUAGE_PREFERENCE_COOKIE_NAME": "openedx-language-preference",
        "LMS_BASE_URL": lms,
        "MARKETING_SITE_BASE_URL": lms,
        "LOGIN_URL": format!("{lms}/login"),
        "LOGOUT_URL": format!("{lms}/logout"),
        "REFRESH_ACCESS_TOKEN_ENDPOINT": format!("{lms}/login_refresh"),
        "LOGO_URL": format!("{lms}/theming/asset/images/logo.png"),
        "LOGO_WHITE_URL": format!("{lms}/theming/asset/images/logo.png"),
        "LOGO_TRADEMARK_URL": format!("{lms}/theming/asset/images/logo.png"),
        "PASSWORD_RESET_SUPPORT_LINK": "mailto:contact@local.openedx.io",
        "SITE_NAME": "Your Platform Name Here",
        "STUDIO_BASE_URL": "http://studio.local.openedx.io:8001",
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
        "ACCOUNT_SETTINGS_URL": format!("{front_ends}:1997/account/"),
        "ACCOUNT_PROFILE_URL": format!("{front_ends}:1995/profile"),
        "LEARNING_BASE_URL": format!("{front_ends}:2000/learning"),
        "DISCUSSIONS_MFE_BASE_URL": format!("{front_ends}:2002/discussions"),
        "ADMIN_CONSOLE_URL": format!("{front_ends}:2025/admin-console"),
        "COURSE_AUTHORING_MICROFRONTEND_URL": format!("{front_ends}:2001/authoring"),
    });
    assert_eq!(body.to_string(), expected.to_string());
}

#[test]
fn the_six_settings_come_from_the_settings_in_effect() {
    for (own, member, expected) in [
        (
            json!({"ENABLE_COURSE_SORTING_BY_START_DATE": false}),
            "ENABLE_COURSE_SORTING_BY_START_DATE",
            json!(false),
        ),
        (
            json!({"homepage_promo_video_youtube_id": "abc"}),
            "HOMEPAGE_PROMO_VIDEO_YOUTUBE_ID",
            json!("abc"),
        ),
        (
            json!({"HOMEPAGE_PROMO_VIDEO_YOUTUBE_ID": "abc"}),
            "HOMEPAGE_PROMO_VIDEO_YOUTUBE_ID",
            json!(null),
        ),
        (
            json!({"HOMEPAGE_COURSE_MAX": 9}),
            "HOMEPAGE_COURSE_MAX",
            json!(9),
        ),
        (
            json!({"course_about_twitter_account": "@t", "PLATFORM_TWITTER_ACCOUNT": "@p"}),
            "COURSE_ABOUT_TWITTER_ACCOUNT",
            json!("@t"),
        ),
        (
            json!({"PLATFORM_TWITTER_ACCOUNT": "@p"}),
            "COURSE_ABOUT_TWITTER_ACCOUNT",
            json!("@p"),
        ),
        (
            json!({"COURSES_ARE_BROWSABLE": false}),
            "NON_BROWSABLE_COURSES",
            json!(true),
        ),
        (
            json!({"COURSES_ARE_BROWSABLE": 0}),
            "NON_BROWSABLE_COURSES",
            json!(true),
        ),
        (
            json!({"COURSES_ARE_BROWSABLE": "no"}),
            "NON_BROWSABLE_COURSES",
            json!(false),
        ),
        (
            json!({"ENABLE_COURSE_DISCOVERY": true}),
            "ENABLE_COURSE_DISCOVERY",
            json!(true),
        ),
    ] {
        assert_eq!(
            told(&json!({}), &own, "")[member],
            expected,
            "of the tenant: {own}"
        );
        assert_eq!(
            told(&own, &json!({}), "")[member],
            expected,
            "of the platform: {own}"
        );
    }
}

#[test]
fn later_layers_win_and_members_keep_their_places() {
    let effective = json!({
        "MFE_CONFIG": {"A": 1, "HOMEPAGE_COURSE_MAX": 2, "B": 3},
        "MFE_CONFIG_OVERRIDES": {"authn": {"C": 4, "A": null, "ENABLE_COURSE_DISCOVERY": "x"}},
    });
    let plain = json!({
        "ENABLE_COURSE_SORTING_BY_START_DATE": true, "HOMEPAGE_PROMO_VIDEO_YOUTUBE_ID": null, "HOMEPAGE_COURSE_MAX": 2,
        "COURSE_ABOUT_TWITTER_ACCOUNT": "@YourPlatformTwitterAccount", "NON_BROWSABLE_COURSES": false,
        "ENABLE_COURSE_DISCOVERY": false, "A": 1, "B": 3,
    });
    let authn = json!({
        "ENABLE_COURSE_SORTING_BY_START_DATE": true, "HOMEPAGE_PROMO_VIDEO_YOUTUBE_ID": null, "HOMEPAGE_COURSE_MAX": 2,
        "COURSE_ABOUT_TWITTER_ACCOUNT": "@YourPlatformTwitterAccount", "NON_BROWSABLE_COURSES": false,
        "ENABLE_COURSE_DISCOVERY": "x", "A": null, "B": 3, "C": 4,
    });
    for (mfe, expected) in [
        ("", &plain),
        ("learning", &plain),
        ("Authn", &plain),
        ("authn", &authn),
    ] {
        let body = effective::mfe_body(&object(&effective), mfe);
        assert_eq!(Value::from(body).to_string(), expected.to_string(), "{mfe}");
    }
}

#[test]
fn a_tenant_inherits_what_it_does_not_say() {
    let defaults = json!({
        "MFE_CONFIG": {"LOGO_URL": "platform", "NEW": 1},
        "MFE_CONFIG_OVERRIDES": {"authn": {"P": 1, "Q": 2}, "learning": {"R": 3}},
    });
    let own = json!({
        "MFE_CONFIG": {"SITE_NAME": "tenant"},
        "MFE_CONFIG_OVERRIDES": {"authn": {"P": 9}},
    });
    let body = |mfe| told(&defaults, &own, mfe);
    assert_eq!(body("")["SITE_NAME"], "tenant");
    assert_eq!(body("")["LOGO_URL"], "platform");
    assert_eq!(body("")["NEW"], 1);
    assert_eq!(body("")["USER_INFO_COOKIE_NAME"], "user-info");
    assert_eq!(body("")["P"], Value::Null);
    // The entry of a front end replaces the platform's as a whole.
    assert_eq!(body("authn")["P"], 9);
    assert_eq!(body("authn").get("Q"), None);
    assert_eq!(body("learning")["R"], 3);
    assert_eq!(body("nobody"), body(""));
}

#[test]
fn what_is_no_object_adds_nothing() {
    let six = 6;
    for odd in [
        json!(null),
        json!([]),
        json!(["A"]),
        json!("A"),
        json!(5),
        json!(true),
    ] {
        let body = told(&json!({}), &json!({"MFE_CONFIG": odd}), "authn");
        assert_eq!(body.as_object().unwrap().len(), six, "{odd}");
        let ordinary = told(&json!({}), &json!({}), "");
        for own in [
            json!({"MFE_CONFIG_OVERRIDES": odd}),
            json!({"MFE_CONFIG_OVERRIDES": {"authn": odd}}),
        ] {
            assert_eq!(told(&json!({}), &own, "authn"), ordinary, "{own}");
        }
    }
}

#[test]
fn bad_settings_of_the_platform_are_told() {
    let mfe = Mfe {
        platform_settings: "[]".to_owned(),
        ..Mfe::default()
    };
    let error = Platform::new(&Settings::default(), &mfe)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("`platform_settings` must be the text of a JSON object: "),
        "{error}"
    );
}

#[test]
fn the_tag_of_an_answer_is_strong_and_says_what_is_in_it() {
    let directory = Directory::new();
    let tag = |platform: &Platform| directory.mfe_config(platform, "", "").etag.clone();
    let one = tag(&platform(&json!({})));
    assert_eq!(one, tag(&platform(&json!({}))));
    assert_ne!(one, tag(&platform(&json!({"HOMEPAGE_COURSE_MAX": 1}))));
    let digits = one
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap();
    assert_eq!(digits.len(), 64);
    assert!(digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
}
