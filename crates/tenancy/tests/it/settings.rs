//! Settings: their defaults, and what is wrong with them.

use provost_tenancy::{Mfe, Settings};
use serde_json::json;

#[test]
fn defaults_are_those_of_a_platform_on_one_machine() {
    let settings = serde_json::to_value(Settings::default()).unwrap();
    let expected = json!({
        "base_domain": "local.openedx.io",
        "https": false,
        "lms_port": null,
        "cms_port": null,
        "mfe_ports": null,
        "mfe_label": "apps",
        "studio_label": "studio",
        "hosts_ip": "127.0.0.1",
        "default_theme": "indigo",
        "contact_email": "contact@local.openedx.io",
        "reserved_names": [
            "apps", "studio", "preview", "lms", "cms", "mfe", "www", "api", "admin", "static", "media", "assets", "cdn",
            "local", "localhost", "mail", "smtp", "imap", "pop", "ftp", "ns", "ns1", "ns2", "discovery", "ecommerce",
            "credentials", "notes", "forum", "meilisearch", "minio", "files", "superset", "status", "support",
            "autoconfig", "autodiscover",
        ],
        "duplicate_status": 409,
        "provision_extra_routes": false,
        "include_cors_lists": true,
        "platform_name": "Your Platform Name Here",
        "restore_days": 30,
        "export_directory": "",
    });
    assert_eq!(settings, expected);
    let mfe = serde_json::to_value(Mfe::default()).unwrap();
    assert_eq!(
        mfe,
        json!({"enabled": true, "cache_seconds": 1, "platform_settings": "{}"})
    );
    assert_eq!(Settings::default().validate(), []);
    assert_eq!(Mfe::default().validate(), []);
}

#[test]
fn a_setting_that_nobody_knows_is_refused() {
    assert!(serde_json::from_value::<Settings>(json!({"base_domian": "x"})).is_err());
    assert!(serde_json::from_value::<Mfe>(json!({"enable": true})).is_err());
}

/// The keys that are complained of, and whether each complaint can follow the key in a sentence.
fn check(change: impl FnOnce(&mut Settings), expected: &[&str]) {
    let mut settings = Settings::default();
    change(&mut settings);
    let wrong = settings.validate();
    let keys: Vec<_> = wrong.iter().map(|(key, _)| *key).collect();
    assert_eq!(keys, expected, "{wrong:?}");
    assert!(wrong.iter().all(|(_, why)| why.starts_with("must ")));
}

#[test]
fn a_base_domain_is_a_domain_with_room_for_a_name() {
    let with = |domain: &str, expected: &[&str]| {
        check(
            |settings| domain.clone_into(&mut settings.base_domain),
            expected,
        );
    };
    with("localhost", &[]);
    with("xn--bcher-kva.example", &[]);
    with(&format!("{}.ab", "a".repeat(58)), &[]);
    with(&format!("{}.abc", "a".repeat(58)), &["base_domain"]);
    for domain in [
        "",
        ".",
        "a..b",
        ".a",
        "a.",
        "A.example",
        "a_b",
        "a b",
        "ä.example",
        "a:8000",
        "-a",
        "a-",
        "https://a",
    ] {
        with(domain, &["base_domain"]);
    }
}

#[test]
fn labels_are_labels_that_leave_room_and_differ() {
    let with = |mfe: &str, studio: &str, expected: &[&str]| {
        check(
            |settings| {
                mfe.clone_into(&mut settings.mfe_label);
                studio.clone_into(&mut settings.studio_label);
            },
            expected,
        );
    };
    with("mfe", "cms", &[]);
    with(&"m".repeat(36), &"s".repeat(36), &[]);
    with(&"m".repeat(37), "s", &["mfe_label"]);
    with("m", &"s".repeat(37), &["studio_label"]);
    with("", "Studio", &["mfe_label", "studio_label"]);
    with("a.b", "s", &["mfe_label"]);
    with("same", "same", &["studio_label"]);
}

#[test]
fn other_settings_are_what_they_are_used_as() {
    check(|settings| settings.lms_port = Some(0), &["lms_port"]);
    check(|settings| settings.cms_port = Some(0), &["cms_port"]);
    check(|settings| settings.lms_port = Some(80), &[]);
    check(|settings| settings.hosts_ip = "::1".to_owned(), &[]);
    check(
        |settings| settings.hosts_ip = "localhost".to_owned(),
        &["hosts_ip"],
    );
    check(
        |settings| settings.default_theme = ".git".to_owned(),
        &["default_theme"],
    );
    check(
        |settings| settings.contact_email = "nobody".to_owned(),
        &["contact_email"],
    );
    check(
        |settings| settings.contact_email = "a @b".to_owned(),
        &["contact_email"],
    );
    check(
        |settings| settings.contact_email = "@b".to_owned(),
        &["contact_email"],
    );
    check(|settings| settings.duplicate_status = 400, &[]);
    check(
        |settings| settings.duplicate_status = 200,
        &["duplicate_status"],
    );
    check(
        |settings| settings.platform_name = String::new(),
        &["platform_name"],
    );
    check(
        |settings| settings.platform_name = " x".to_owned(),
        &["platform_name"],
    );
    check(
        |settings| {
            settings.restore_days = 0;
            settings.reserved_names.clear();
        },
        &[],
    );
}

#[test]
fn the_settings_of_the_platform_are_a_json_object() {
    let wrong = |text: &str| {
        let platform_settings = text.to_owned();
        let mfe = Mfe {
            platform_settings,
            ..Mfe::default()
        };
        mfe.validate()
    };
    assert_eq!(wrong(r#"{"MFE_CONFIG": {"A": 1}}"#), []);
    for text in ["", "[]", "null", "\"x\"", "{", "{} {}", "{'a': 1}"] {
        let wrong = wrong(text);
        assert_eq!(wrong.len(), 1, "{text}");
        assert_eq!(wrong[0].0, "platform_settings");
        let why = &wrong[0].1;
        assert!(
            why.starts_with("must be the text of a JSON object: "),
            "{why}"
        );
    }
}
