//! Hosts and URLs.

use provost_tenancy::{APPS, Settings, Site};

fn mfe_urls(site: &Site<'_>) -> Vec<(&'static str, String)> {
    APPS.iter()
        .map(|app| (app.name, site.mfe_url(app)))
        .collect()
}

#[test]
fn a_tenant_has_three_hosts() {
    let settings = Settings::default();
    let site = Site::of(&settings, "talent1");
    assert_eq!(site.lms_domain(), "talent1.local.openedx.io");
    assert_eq!(site.mfe_domain(), "talent1.apps.local.openedx.io");
    assert_eq!(site.studio_domain(), "studio.talent1.local.openedx.io");
    assert_eq!(site.lms_url(), "http://talent1.local.openedx.io:8000");
    assert_eq!(
        site.studio_url(),
        "http://studio.talent1.local.openedx.io:8001"
    );
    assert_eq!(
        site.hosts_entries(),
        [
            "127.0.0.1  talent1.local.openedx.io",
            "127.0.0.1  talent1.apps.local.openedx.io",
            "127.0.0.1  studio.talent1.local.openedx.io",
        ]
    );
}

#[test]
fn the_platform_is_at_the_base_domain_itself() {
    let settings = Settings::default();
    let site = Site::platform(&settings);
    assert_eq!(site.lms_url(), "http://local.openedx.io:8000");
    assert_eq!(site.mfe_domain(), "apps.local.openedx.io");
    assert_eq!(site.studio_url(), "http://studio.local.openedx.io:8001");
    assert_eq!(
        site.mfe_url(&APPS[0]),
        "http://apps.local.openedx.io:1999/authn"
    );
}

#[test]
fn every_front_end_has_its_port_and_its_path() {
    let settings = Settings::default();
    let urls = mfe_urls(&Site::of(&settings, "talent1"));
    let expected = [
        ("authn", ":1999/authn"),
        ("learner-dashboard", ":1996/learner-dashboard/"),
        ("account", ":1997/account/"),
        ("profile", ":1995/profile/u/"),
        ("learning", ":2000/learning"),
        ("discussions", ":2002/discussions"),
        ("gradebook", ":1994/gradebook"),
        ("communications", ":1984/communications"),
        ("ora-grading", ":1993/ora-grading"),
        ("admin-console", ":2025/admin-console"),
        ("authoring", ":2001/authoring"),
    ];
    let expected =
        expected.map(|(name, rest)| (name, format!("http://talent1.apps.local.openedx.io{rest}")));
    assert_eq!(urls, expected);
}

#[test]
fn front_ends_without_ports_keep_their_slashes() {
    let settings = Settings {
        https: true,
        base_domain: "example.com".to_owned(),
        ..Settings::default()
    };
    let urls = mfe_urls(&Site::of(&settings, "talent1"));
    let paths = [
        "/authn",
        "/learner-dashboard/",
        "/account/",
        "/profile/u/",
        "/learning",
        "/discussions",
        "/gradebook",
        "/communications",
        "/ora-grading",
        "/admin-console",
        "/authoring",
    ];
    for ((_, url), path) in urls.iter().zip(paths) {
        assert_eq!(*url, format!("https://talent1.apps.example.com{path}"));
    }
}

#[test]
fn ports_are_left_out_where_there_is_none_or_the_scheme_implies_it() {
    let check = |https, port, mfe_ports, lms: &str, studio: &str, authn: &str| {
        let settings = Settings {
            https,
            lms_port: port,
            cms_port: port,
            mfe_ports,
            base_domain: "x.io".to_owned(),
            ..Settings::default()
        };
        let site = Site::of(&settings, "t");
        assert_eq!(site.lms_url(), lms);
        assert_eq!(site.studio_url(), studio);
        assert_eq!(site.mfe_url(&APPS[0]), authn);
        assert!(lms.ends_with(&site.lms_base()));
        assert!(studio.ends_with(&site.studio_base()));
    };
    let plain = "http://t.apps.x.io/authn";
    let ported = "http://t.apps.x.io:1999/authn";
    let secure = "https://t.apps.x.io/authn";
    check(
        false,
        None,
        None,
        "http://t.x.io:8000",
        "http://studio.t.x.io:8001",
        ported,
    );
    check(
        false,
        Some(80),
        Some(false),
        "http://t.x.io",
        "http://studio.t.x.io",
        plain,
    );
    check(
        false,
        Some(443),
        None,
        "http://t.x.io:443",
        "http://studio.t.x.io:443",
        ported,
    );
    check(
        true,
        None,
        None,
        "https://t.x.io",
        "https://studio.t.x.io",
        secure,
    );
    check(
        true,
        Some(443),
        Some(false),
        "https://t.x.io",
        "https://studio.t.x.io",
        secure,
    );
    check(
        true,
        Some(80),
        None,
        "https://t.x.io:80",
        "https://studio.t.x.io:80",
        secure,
    );
    let both = "https://t.apps.x.io:1999/authn";
    check(
        true,
        Some(8443),
        Some(true),
        "https://t.x.io:8443",
        "https://studio.t.x.io:8443",
        both,
    );
}

#[test]
fn labels_and_the_address_of_hosts_can_be_set() {
    let settings = Settings {
        mfe_label: "mfe".to_owned(),
        studio_label: "cms".to_owned(),
        hosts_ip: "::1".to_owned(),
        base_domain: "x.io".to_owned(),
        ..Settings::default()
    };
    assert_eq!(
        Site::of(&settings, "t").hosts_entries(),
        ["::1  t.x.io", "::1  t.mfe.x.io", "::1  cms.t.x.io"]
    );
    assert_eq!(
        Site::platform(&settings).hosts_entries(),
        ["::1  x.io", "::1  mfe.x.io", "::1  cms.x.io"]
    );
}
