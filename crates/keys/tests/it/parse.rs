//! What a client may send as a scope.

use proptest::prelude::*;
use provost_keys::scope::{Kind, ScopeError, ScopeKey};

fn refused(key: &str, text: &str) {
    let error = ScopeKey::parse(key).expect_err(key);
    assert_eq!(error.to_string(), text, "{key:?}");
}

fn accepted(key: &str, kind: Kind, org: Option<&str>) {
    let scope = ScopeKey::parse(key).unwrap_or_else(|error| panic!("{key:?}: {error}"));
    assert_eq!(scope.kind(), kind, "{key:?}");
    assert_eq!(scope.org(), org, "{key:?}");
    assert_eq!(scope.external(), key);
    let namespace = key.split(':').next().unwrap();
    assert_eq!(scope.namespace(), namespace);
    assert_eq!(scope.stored(), format!("{namespace}^{key}"));
}

#[test]
fn the_wildcard_alone_is_no_scope() {
    refused(
        "*",
        "Global scope wildcard '*' is not a valid scope. Use a specific scope key or a namespaced wildcard.",
    );
}

#[test]
fn keys_without_a_colon_have_no_namespace() {
    for key in ["", "bogus", "lib", "a*b", "lib*", "**"] {
        refused(key, &format!("Invalid external_key format: {key}"));
    }
}

#[test]
fn platform_wide_keys_are_for_three_namespaces() {
    accepted("lib:*", Kind::AllLibraries, None);
    accepted("course-v1:*", Kind::AllCourses, None);
    accepted("platform:*", Kind::AnyPlatform, None);
    for (key, namespace) in [
        ("zzz:*", "zzz"),
        ("ccx-v1:*", "ccx-v1"),
        ("global:*", "global"),
        ("org:*", "org"),
        ("LIB:*", "LIB"),
        (":*", ""),
    ] {
        refused(
            key,
            &format!("Unknown platform glob scope: {namespace} for external_key: {key}"),
        );
    }
}

#[test]
fn organization_wide_keys_name_their_organization() {
    accepted("lib:Org1:*", Kind::OrgLibraries, Some("Org1"));
    accepted("lib:A:*", Kind::OrgLibraries, Some("A"));
    accepted("lib:a.B-c_9:*", Kind::OrgLibraries, Some("a.B-c_9"));
    accepted("course-v1:Org1+*", Kind::OrgCourses, Some("Org1"));
    accepted("course-v1:A+*", Kind::OrgCourses, Some("A"));
    // The platform's `$` lets one line feed through at the end of the organization.
    accepted("lib:Org1\n:*", Kind::OrgLibraries, Some("Org1\n"));
}

#[test]
fn organization_wide_keys_are_for_two_namespaces() {
    for (key, namespace) in [
        ("zzz:ab*", "zzz"),
        ("ccx-v1:Org1+*", "ccx-v1"),
        ("global:ab*", "global"),
        ("platform:ab*", "platform"),
    ] {
        refused(
            key,
            &format!("Unknown org glob scope: {namespace} for external_key: {key}"),
        );
    }
}

#[test]
fn the_abstract_organization_type_is_unsupported() {
    for key in ["org:XX*", "org:XX:*", "org:a+*"] {
        refused(
            key,
            &format!("Unknown org glob scope: org for external_key: {key}"),
        );
        assert_eq!(
            ScopeKey::parse(key),
            Err(ScopeError::Unsupported(key.to_owned()))
        );
    }
}

#[test]
fn organization_wide_keys_end_with_their_own_separator() {
    for key in [
        "lib:Be*",
        "lib:Org1+*",
        "course-v1:BeeU:*",
        "course-v1:BeeU*",
        "lib:Bad Org:*",
        "lib:Örg:*",
        "lib:A:B:*",
        "lib:::*",
        "lib:a*b:*",
        "lib:Org1\n\n:*",
        "lib:**:*",
        "course-v1:O+C+*",
        "course-v1:O~x+*",
    ] {
        refused(
            key,
            &format!("Invalid external_key format for org glob scope: {key}"),
        );
    }
}

#[test]
fn other_wildcards_are_no_pattern() {
    for key in [
        "lib:*:X",
        "lib:a*b",
        "lib::*",
        "course-v1:+*",
        "lib:X*",
        "lib:é*",
        "zzz:*a",
        "lib:**",
        "*:a",
        "a*:b",
        "org:X*",
    ] {
        refused(
            key,
            &format!("Invalid glob pattern: '{key}' is not a valid platform or org-level glob"),
        );
    }
}

#[test]
fn concrete_keys_are_of_four_namespaces() {
    for (key, namespace) in [
        ("zzz:a:b", "zzz"),
        ("platform:x", "platform"),
        ("org:Org1", "org"),
        ("Lib:A:B", "Lib"),
        (":A:B", ""),
        ("course-v2:O+C+R", "course-v2"),
    ] {
        refused(
            key,
            &format!("Unknown scope: {namespace} for external_key: {key}"),
        );
    }
    accepted("global:", Kind::Global, None);
    accepted("global:anything at all\n", Kind::Global, None);
}

#[test]
fn a_library_key_has_two_parts() {
    for (key, org) in [
        ("lib:Org1:LIB1", "Org1"),
        ("lib:a_b-c.d:slug", "a_b-c.d"),
        ("lib:Org1:Bücher-Ⅷ.١_", "Org1"),
        ("lib:Org1:LIB1\n", "Org1"),
        ("lib:Org1\n:LIB1", "Org1\n"),
    ] {
        accepted(key, Kind::Library, Some(org));
    }
    for key in [
        "lib:BeeU",
        "lib:",
        "lib::",
        "lib:Org1:",
        "lib::LIB1",
        "lib:A:B:C",
        "lib:Örg:LIB1",
        "lib:Org 1:LIB1",
        "lib:Org1:LIB 1",
        "lib:Org1:LIB~1",
        "lib:Org1:e\u{301}",
        "lib:Org1:LIB1\n\n",
        "lib:Org1:\n",
    ] {
        refused(key, &format!("Invalid external_key format: {key}"));
    }
}

#[test]
fn a_course_key_has_three_parts_and_ordered_suffixes() {
    for key in [
        "course-v1:O+C+R",
        "course-v1:O+C~.-:_+Läufe",
        "course-v1:O+C+R+type@x+block@y",
        "course-v1:O+C+R+block@y",
        "course-v1:O+C+R+branch@draft+version@0123456789abcdefABCDEF01+type@t+block@b",
        "course-v1:O+C+version@0123456789abcdef01234567",
        "course-v1:O+C+branch@draft+version@0123456789abcdef01234567",
    ] {
        accepted(key, Kind::Course, Some("O"));
    }
    accepted("course-v1:Ünï+C+R", Kind::Course, Some("Ünï"));
    accepted(
        "course-v1:version@0123456789abcdef01234567",
        Kind::Course,
        None,
    );
    for key in [
        "course-v1:",
        "course-v1:O",
        "course-v1:O+C",
        "course-v1:BeeU B1 R1",
        "course-v1:O+C+R+",
        "course-v1:O+C+R+S",
        "course-v1:O+C+branch@draft",
        "course-v1:O+C+R+block@y+type@x",
        "course-v1:O+C+R+type@",
        "course-v1:O+C+R+version@0123",
        "course-v1:O+C+R+version@0123456789abcdef0123456g",
        "course-v1:version@0123456789abcdef01234567+",
        "course-v1:+C+R",
        "course-v1:O++R",
        "course-v1:O+C+R\n",
        "course-v1:O\n+C+R",
        "course-v1:O+C+e\u{301}",
        "course-v1:O+C+R+ccx@1",
    ] {
        refused(key, &format!("Invalid external_key format: {key}"));
    }
}

#[test]
fn a_ccx_key_is_a_course_key_with_a_number_in_any_case() {
    for key in [
        "ccx-v1:A+B+C+ccx@1",
        "ccx-v1:A+B+C+CCX@42",
        "ccx-v1:A+B+C+Branch@x+ccx@1+TYPE@t+block@b",
    ] {
        accepted(key, Kind::Ccx, Some("A"));
    }
    for key in [
        "ccx-v1:A+B+C",
        "ccx-v1:A+B+C+ccx@",
        "ccx-v1:A+B+C+ccx@x",
        "ccx-v1:A+B+ccx@1",
        "ccx-v1:A+B+C+ccx@1+",
    ] {
        refused(key, &format!("Invalid external_key format: {key}"));
    }
}

/// The scope values of the worked requests to the list of roles, as they arrive after decoding.
#[test]
fn worked_requests_read_as_recorded() {
    for key in [
        "lib:BeeU:HIVE",
        "course-v1:AntC+A1+R1",
        "course-v1:*",
        "ccx-v1:A+B+C+ccx@1",
    ] {
        assert!(ScopeKey::parse(key).is_ok(), "{key}");
    }
    for (key, text) in [
        ("bogus", "Invalid external_key format: bogus"),
        ("zzz:a:b", "Unknown scope: zzz for external_key: zzz:a:b"),
        ("lib:BeeU", "Invalid external_key format: lib:BeeU"),
        (
            "lib:Be*",
            "Invalid external_key format for org glob scope: lib:Be*",
        ),
        (
            "course-v1:BeeU:*",
            "Invalid external_key format for org glob scope: course-v1:BeeU:*",
        ),
        (
            "lib:Bad Org:*",
            "Invalid external_key format for org glob scope: lib:Bad Org:*",
        ),
        (
            "zzz:*",
            "Unknown platform glob scope: zzz for external_key: zzz:*",
        ),
        (
            "zzz:ab*",
            "Unknown org glob scope: zzz for external_key: zzz:ab*",
        ),
        (
            "course-v1:BeeU B1 R1",
            "Invalid external_key format: course-v1:BeeU B1 R1",
        ),
    ] {
        refused(key, text);
    }
}

#[test]
fn globs_and_staff_kinds() {
    use Kind::{
        AllCourses, AllLibraries, AnyOrg, AnyPlatform, Ccx, Course, Generic, Global, Library,
        OrgCourses, OrgLibraries,
    };
    for (kind, glob, staff) in [
        (Library, false, true),
        (Course, false, true),
        (OrgLibraries, true, true),
        (OrgCourses, true, true),
        (AllLibraries, true, true),
        (AllCourses, true, true),
        (Ccx, false, false),
        (Global, false, false),
        (AnyPlatform, true, false),
        (Generic, true, false),
        (AnyOrg, true, false),
    ] {
        assert_eq!(
            (kind.is_glob(), kind.staff_bypass()),
            (glob, staff),
            "{kind:?}"
        );
    }
}

proptest! {
    #[test]
    fn parsing_keeps_the_text(key in text()) {
        if let Ok(scope) = ScopeKey::parse(&key) {
            prop_assert_eq!(scope.external(), &key);
            prop_assert!(scope.org().is_none_or(|org| key.contains(org)));
        }
    }

    /// What a client may use resolves to the same scope when it is read back, unless a line feed got in.
    #[test]
    fn parsed_keys_resolve(key in text()) {
        if let Ok(scope) = ScopeKey::parse(&key) {
            let again = ScopeKey::resolve(&scope.stored());
            let odd = key.contains('\n');
            prop_assert!(odd || again.as_ref() == Ok(&scope), "{:?}", again);
        }
    }
}

/// Texts near the grammar and far from it.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("lib"),
        Just("course-v1"),
        Just("ccx-v1"),
        Just("global"),
        Just("platform"),
        Just("org"),
        Just(":"),
        Just("+"),
        Just("*"),
        Just("^"),
        Just("@"),
        Just("Org1"),
        Just("é"),
        Just("\n"),
        Just("type@x"),
        Just("ccx@1"),
    ];
    prop_oneof![
        proptest::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat()),
        "(lib|course-v1):[a-z+:*]{0,8}",
        any::<String>(),
    ]
}
