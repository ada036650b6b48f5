//! What a stored key means.

use proptest::prelude::*;
use provost_keys::scope::{Kind, ScopeKey};

fn refused(key: &str, text: &str) {
    let error = ScopeKey::resolve(key).expect_err(key);
    assert_eq!(error.to_string(), text, "{key:?}");
    assert_eq!(Kind::of_stored(key), None);
}

fn resolved(key: &str, kind: Kind, org: Option<&str>) {
    let scope = ScopeKey::resolve(key).unwrap_or_else(|error| panic!("{key:?}: {error}"));
    assert_eq!((scope.kind(), scope.org()), (kind, org), "{key:?}");
    assert_eq!(scope.stored(), key);
    assert_eq!(Kind::of_stored(key), Some(kind));
}

#[test]
fn stored_keys_have_two_sides() {
    for key in [
        "",
        "*",
        "lib",
        "^",
        "lib^",
        "^lib:A:B",
        "lib:A:B",
        "lib^a\nb",
        "\nlib^x",
        "lib^\n",
        "lib^x\n\n",
    ] {
        refused(key, &format!("Invalid namespaced_key format: {key}"));
    }
}

#[test]
fn concrete_keys_are_not_held_against_the_grammar() {
    resolved("lib^lib:Org1:LIB1", Kind::Library, Some("Org1"));
    resolved("lib^lib:Org1", Kind::Library, None);
    resolved("lib^nonsense", Kind::Library, None);
    resolved("lib^course-v1:O+C+R", Kind::Library, None);
    resolved("lib^lib:Org1:LIB1\n", Kind::Library, Some("Org1"));
    resolved("course-v1^course-v1:O+C+R", Kind::Course, Some("O"));
    resolved("course-v1^course-v1:O+C", Kind::Course, None);
    resolved("ccx-v1^ccx-v1:O+C+R+ccx@1", Kind::Ccx, Some("O"));
    resolved("global^global:z", Kind::Global, None);
    resolved("lib^a^b", Kind::Library, None);
}

#[test]
fn unknown_namespaces_are_named() {
    for (key, namespace) in [
        ("zzz^zzz:a", "zzz"),
        ("org^org:A", "org"),
        ("^a^b", ""),
        ("platform^x", "platform"),
    ] {
        refused(
            key,
            &format!("Unknown scope: {namespace} for namespaced_key: {key}"),
        );
    }
}

#[test]
fn platform_wide_keys() {
    resolved("lib^lib:*", Kind::AllLibraries, None);
    resolved("course-v1^course-v1:*", Kind::AllCourses, None);
    resolved("platform^platform:*", Kind::AnyPlatform, None);
    for (key, namespace) in [
        ("zzz^zzz:*", "zzz"),
        ("ccx-v1^ccx-v1:*", "ccx-v1"),
        ("global^global:*", "global"),
    ] {
        refused(
            key,
            &format!("Unknown platform glob scope: {namespace} for namespaced_key: {key}"),
        );
    }
}

#[test]
fn organization_wide_keys() {
    resolved("lib^lib:Org1:*", Kind::OrgLibraries, Some("Org1"));
    resolved("course-v1^course-v1:Org1+*", Kind::OrgCourses, Some("Org1"));
    resolved("lib^lib:DemoX*", Kind::OrgLibraries, None);
    resolved("lib^lib:Org1+*", Kind::OrgLibraries, None);
    resolved("lib^lib:Bad Org:*", Kind::OrgLibraries, None);
    resolved("org^org:XX*", Kind::AnyOrg, None);
    for (key, namespace) in [("zzz^zzz:ab*", "zzz"), ("global^global:ab*", "global")] {
        refused(
            key,
            &format!("Unknown org glob scope: {namespace} for namespaced_key: {key}"),
        );
    }
}

#[test]
fn wildcards_of_a_namespace() {
    resolved("lib^*", Kind::Generic, None);
    resolved("course-v1^*", Kind::Generic, None);
    resolved("ccx-v1^*", Kind::Generic, None);
    refused("zzz^*", "Unknown scope: zzz for namespaced_key: zzz^*");
    refused("org^*", "Unknown scope: org for namespaced_key: org^*");
    for key in ["global^*", "global^a*b", "global^global:a*"] {
        refused(
            key,
            &format!(
                "Global scope wildcard '{key}' is not a valid scope. Use a specific scope key or a namespaced wildcard."
            ),
        );
    }
    for key in [
        "lib^a*b",
        "lib^lib:a*b",
        "lib^lib:X*",
        "lib^**",
        "zzz^a*",
        "lib^course-v1:*",
        "lib^lib:*\n",
    ] {
        refused(
            key,
            &format!("Unknown glob pattern: '{key}' is not a valid platform or org-level glob"),
        );
    }
}

proptest! {
    #[test]
    fn resolving_keeps_the_text(key in "(lib|course-v1|global|x)\\^(lib|course-v1|global)?:?[a-z+:*\n^]{0,6}|\\PC*") {
        let kind = Kind::of_stored(&key);
        let resolved = ScopeKey::resolve(&key);
        prop_assert_eq!(resolved.as_ref().ok().map(ScopeKey::kind), kind);
        prop_assert!(resolved.is_err() || resolved.is_ok_and(|scope| scope.stored() == key));
    }
}
