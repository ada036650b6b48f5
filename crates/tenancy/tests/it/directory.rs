//! Which host belongs to whom: hosts as they come, changes, and what is kept.

use std::sync::Arc;

use provost_tenancy::{Directory, Platform, Settings};
use serde_json::{Value, json};

use crate::mfe::{platform, read};
use crate::object;

fn config(directory: &mut Directory, id: i64, name: &str) {
    let own = json!({"EDNX_USE_SIGNAL": true, "MFE_CONFIG": {"SITE_NAME": name}});
    directory.set_config(id, name, &object(&own));
}

fn microsite(directory: &mut Directory, id: i64, subdomain: &str, name: &str) {
    let values = json!({"EDNX_USE_SIGNAL": true, "MFE_CONFIG": {"SITE_NAME": name}});
    directory.set_microsite(id, subdomain, &values);
}

/// A tenant `t` at its own host and at `www.t.org`.
fn one_tenant() -> Directory {
    let mut directory = Directory::new();
    config(&mut directory, 7, "t");
    directory.set_route(1, "t.local.openedx.io", 7);
    directory.set_route(2, "www.t.org", 7);
    directory
}

/// Whose answer a host gets: the name that the front ends show.
fn shown(directory: &Directory, host: &str) -> String {
    let body = read(&directory.mfe_config(&platform(&json!({})), host, ""));
    body["SITE_NAME"].as_str().unwrap().to_owned()
}

const PLATFORM: &str = "Your Platform Name Here";

#[test]
fn a_host_is_compared_to_the_letter_without_its_port() {
    let mut directory = one_tenant();
    for (route, domain) in [
        (10, "[::1]"),
        (11, "127.0.0.1"),
        (12, "bücher.example"),
        (13, "::1"),
        (14, "a:b"),
    ] {
        directory.set_route(route, domain, 7);
    }
    for (host, expected) in [
        ("t.local.openedx.io", Some(7)),
        ("t.local.openedx.io:8000", Some(7)),
        ("t.local.openedx.io:", Some(7)),
        ("t.local.openedx.io:99999999999999999999", Some(7)),
        ("www.t.org", Some(7)),
        ("127.0.0.1:8000", Some(7)),
        ("[::1]", Some(7)),
        ("[::1]:8000", Some(7)),
        ("bücher.example:80", Some(7)),
        ("::1", Some(7)),
        ("a:b", Some(7)),
        ("", None),
        (":", None),
        (":8000", None),
        ("[", None),
        ("]", None),
        ("[]", None),
        ("[::1", None),
        ("[::1]x", None),
        ("[::1]:x", None),
        ("[::2]", None),
        ("T.local.openedx.io", None),
        ("t.local.openedx.io.", None),
        ("t.local.openedx.io:80x", None),
        ("t.local.openedx.io:8000:8000", None),
        ("t.local.openedx.io ", None),
        (" t.local.openedx.io", None),
        ("x.t.local.openedx.io", None),
        ("local.openedx.io", None),
        ("t.apps.local.openedx.io", None),
        ("ü:ü", None),
        (&*"a".repeat(1_000_000), None),
        (&*":".repeat(100_000), None),
        (&*"[".repeat(100_000), None),
    ] {
        assert_eq!(directory.config_of(host), expected, "{host:.80}");
    }
}

#[test]
fn front_ends_get_the_answer_of_their_tenant() {
    let directory = one_tenant();
    for (host, expected) in [
        ("t.local.openedx.io", "t"),
        ("t.local.openedx.io:8000", "t"),
        ("t.apps.local.openedx.io", "t"),
        ("t.apps.local.openedx.io:1999", "t"),
        ("www.t.org:443", "t"),
        ("apps.local.openedx.io", PLATFORM),
        (".apps.local.openedx.io", PLATFORM),
        ("local.openedx.io", PLATFORM),
        ("u.apps.local.openedx.io", PLATFORM),
        ("tapps.local.openedx.io", PLATFORM),
        ("t.apps.local.openedx.io.", PLATFORM),
        ("T.apps.local.openedx.io", PLATFORM),
        ("studio.t.local.openedx.io", PLATFORM),
        ("t.apps.www.t.org", PLATFORM),
        ("", PLATFORM),
        ("[::1]:8000", PLATFORM),
        ("ключ.apps.local.openedx.io", PLATFORM),
    ] {
        assert_eq!(shown(&directory, host), expected, "{host}");
    }
}

#[test]
fn a_route_of_the_host_itself_comes_before_that_of_its_lms() {
    let mut directory = one_tenant();
    config(&mut directory, 8, "other");
    directory.set_route(3, "t.apps.local.openedx.io", 8);
    assert_eq!(shown(&directory, "t.apps.local.openedx.io"), "other");
    assert_eq!(shown(&directory, "t.local.openedx.io"), "t");
}

#[test]
fn settings_that_are_not_switched_on_leave_the_platform() {
    let mut directory = one_tenant();
    microsite(&mut directory, 1, "t.local.openedx.io", "microsite");
    for switch in [
        json!(false),
        json!(null),
        json!(0),
        json!(0.0),
        json!(""),
        json!([]),
        json!({}),
    ] {
        let own = json!({"EDNX_USE_SIGNAL": switch, "MFE_CONFIG": {"SITE_NAME": "t"}});
        directory.set_config(7, "t", &object(&own));
        assert_eq!(
            shown(&directory, "t.local.openedx.io"),
            PLATFORM,
            "{switch}"
        );
    }
    let own = json!({"MFE_CONFIG": {"SITE_NAME": "t"}});
    directory.set_config(7, "t", &object(&own));
    assert_eq!(shown(&directory, "t.local.openedx.io"), PLATFORM);
    for switch in [json!(1), json!("false"), json!([0])] {
        let own = json!({"EDNX_USE_SIGNAL": switch, "MFE_CONFIG": {"SITE_NAME": "t"}});
        directory.set_config(7, "t", &object(&own));
        assert_eq!(shown(&directory, "t.local.openedx.io"), "t", "{switch}");
    }
}

#[test]
fn the_first_microsite_of_a_host_counts_where_no_route_leads_to_settings() {
    let mut directory = Directory::new();
    microsite(&mut directory, 5, "m.org", "five");
    microsite(&mut directory, 3, "m.org", "three");
    assert_eq!(shown(&directory, "m.org:8000"), "three");
    // A route with empty settings leaves it so; one with settings does not.
    directory.set_route(1, "m.org", 7);
    assert_eq!(shown(&directory, "m.org"), "three");
    directory.set_config(7, "m", &object(&json!({})));
    assert_eq!(shown(&directory, "m.org"), "three");
    config(&mut directory, 7, "routed");
    assert_eq!(shown(&directory, "m.org"), "routed");
    directory.remove_route(1);
    directory.remove_microsite(3);
    assert_eq!(shown(&directory, "m.org"), "five");
    // The first one counts, though it says nothing.
    for values in [
        json!({}),
        json!({"MFE_CONFIG": {"SITE_NAME": "off"}}),
        json!("text"),
        json!([1]),
        json!(5),
    ] {
        directory.set_microsite(2, "m.org", &values);
        assert_eq!(shown(&directory, "m.org"), PLATFORM, "{values}");
    }
    // It may move to another host.
    directory.set_microsite(2, "n.org", &json!({}));
    assert_eq!(shown(&directory, "m.org"), "five");
    directory.remove_microsite(5);
    assert_eq!(shown(&directory, "m.org"), PLATFORM);
}

#[test]
fn a_host_of_front_ends_stands_for_the_microsite_of_its_lms() {
    let mut directory = Directory::new();
    microsite(&mut directory, 1, "t.local.openedx.io", "lms");
    assert_eq!(shown(&directory, "t.apps.local.openedx.io"), "lms");
    directory.set_config(7, "t", &object(&json!({})));
    directory.set_route(1, "t.local.openedx.io", 7);
    assert_eq!(shown(&directory, "t.apps.local.openedx.io"), "lms");
    microsite(&mut directory, 2, "t.apps.local.openedx.io", "front ends");
    assert_eq!(shown(&directory, "t.apps.local.openedx.io"), "front ends");
}

#[test]
fn our_hosts_are_known() {
    let mut directory = one_tenant();
    directory.set_route(3, "not a domain!", 7);
    let settings = Settings::default();
    for (host, expected) in [
        ("t.local.openedx.io", true),
        ("t.local.openedx.io:443", true),
        ("t.apps.local.openedx.io", true),
        ("studio.t.local.openedx.io", true),
        ("www.t.org", true),
        ("not a domain!", true),
        ("local.openedx.io", true),
        ("apps.local.openedx.io", true),
        ("studio.local.openedx.io:8001", true),
        ("", false),
        ("u.local.openedx.io", false),
        ("u.apps.local.openedx.io", false),
        ("studio.u.local.openedx.io", false),
        ("studio.www.t.org", false),
        ("studio.apps.local.openedx.io", false),
        ("apps.t.local.openedx.io", false),
        ("T.local.openedx.io", false),
        ("LOCAL.openedx.io", false),
        ("openedx.io", false),
        (".local.openedx.io", false),
        ("studio..local.openedx.io", false),
        (&*"x.".repeat(100_000), false),
    ] {
        assert_eq!(directory.knows(&settings, host), expected, "{host:.80}");
    }
    directory.remove_config(7);
    assert!(!directory.knows(&settings, "t.apps.local.openedx.io"));
}

#[test]
fn a_route_moves_and_a_config_takes_its_routes_with_it() {
    let mut directory = one_tenant();
    config(&mut directory, 8, "other");
    directory.set_route(2, "www.other.org", 8);
    assert_eq!(directory.config_of("www.t.org"), None);
    assert_eq!(directory.config_of("www.other.org"), Some(8));
    directory.remove_config(7);
    assert_eq!(directory.config_of("t.local.openedx.io"), None);
    assert_eq!(directory.config_of("www.other.org"), Some(8));
    assert_eq!(directory.external_key(7), None);
    assert_eq!(directory.external_key(8), Some("other"));
    // Gone is gone: nothing happens when it is told twice.
    directory.remove_config(7);
    directory.remove_route(1);
    directory.remove_route(99);
    assert_eq!(shown(&directory, "www.other.org"), "other");
}

#[test]
fn routes_may_swap_their_domains_one_after_the_other() {
    let mut directory = one_tenant();
    config(&mut directory, 8, "other");
    directory.set_route(3, "www.other.org", 8);
    directory.set_route(2, "www.other.org", 7);
    directory.set_route(3, "www.t.org", 8);
    assert_eq!(shown(&directory, "www.other.org"), "t");
    assert_eq!(shown(&directory, "www.t.org"), "other");
}

#[test]
fn rows_may_be_told_in_any_order() {
    let mut directory = Directory::new();
    directory.set_route(1, "t.org", 7);
    assert_eq!(directory.config_of("t.org"), Some(7));
    assert_eq!(shown(&directory, "t.org"), PLATFORM);
    config(&mut directory, 7, "t");
    assert_eq!(shown(&directory, "t.org"), "t");
}

#[test]
fn a_config_that_is_told_again_is_rendered_again_and_keeps_its_routes() {
    let mut directory = one_tenant();
    assert_eq!(shown(&directory, "www.t.org"), "t");
    config(&mut directory, 7, "renamed");
    assert_eq!(shown(&directory, "www.t.org"), "renamed");
    assert_eq!(directory.external_key(7), Some("renamed"));
}

#[test]
fn the_revision_is_what_was_set() {
    let mut directory = Directory::new();
    assert_eq!(directory.revision(), 0);
    directory.set_revision(41);
    assert_eq!(directory.revision(), 41);
}

/// Whether two askings get the very same answer.
fn is_same(
    directory: &Directory,
    platform: &Platform,
    one: (&str, &str),
    other: (&str, &str),
) -> bool {
    let one = directory.mfe_config(platform, one.0, one.1);
    let other = directory.mfe_config(platform, other.0, other.1);
    Arc::ptr_eq(&one, &other)
}

#[test]
fn an_answer_is_rendered_once_for_each_tenant_and_each_front_end_that_differs() {
    let mut directory = one_tenant();
    let own = json!({
        "EDNX_USE_SIGNAL": true,
        "MFE_CONFIG_OVERRIDES": {"authn": {"A": 1}, "learning": {"B": 2}, "account": {}},
    });
    directory.set_config(7, "t", &object(&own));
    let platform = platform(&json!({"MFE_CONFIG_OVERRIDES": {"gradebook": {"G": 1}}}));
    let t = "t.local.openedx.io";
    let nobody = "nobody.example";
    for (one, other, expected) in [
        ((t, ""), (t, ""), true),
        ((t, ""), ("t.apps.local.openedx.io:1999", ""), true),
        ((t, ""), ("www.t.org", ""), true),
        ((t, "authn"), ("www.t.org", "authn"), true),
        ((t, "authn"), (t, ""), false),
        ((t, "authn"), (t, "learning"), false),
        ((t, "gradebook"), (t, "gradebook"), true),
        ((t, "gradebook"), (t, ""), false),
        ((t, "gradebook"), (nobody, "gradebook"), false),
        // Of these nothing is said, and nothing is made or kept for them.
        ((t, "account"), (t, ""), true),
        ((t, "unknown"), (t, ""), true),
        ((t, &"x".repeat(100_000)), (t, ""), true),
        ((nobody, "unknown"), ("elsewhere.example", ""), true),
        ((nobody, ""), (t, ""), false),
    ] {
        assert_eq!(
            is_same(&directory, &platform, one, other),
            expected,
            "{one:.40?} {other:?}"
        );
    }
}

#[test]
fn another_platform_gets_answers_of_its_own() {
    let directory = one_tenant();
    let plain = platform(&json!({}));
    let other =
        platform(&json!({"MFE_CONFIG": {"X": 1}, "MFE_CONFIG_OVERRIDES": {"authn": {"Y": 2}}}));
    let body = |platform: &Platform, mfe| read(&directory.mfe_config(platform, "www.t.org", mfe));
    assert_eq!(body(&plain, "authn")["X"], Value::Null);
    assert_eq!(body(&other, "authn")["X"], 1);
    assert_eq!(body(&other, "authn")["Y"], 2);
    assert_eq!(body(&plain, "authn")["Y"], Value::Null);
    assert_eq!(body(&plain, "authn")["SITE_NAME"], "t");
}
