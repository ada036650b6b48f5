//! Names of tenants, themes and organizations.

use provost_tenancy::{Settings, TenantName, names};

const MALFORMED: &str = "Enter a valid tenant name: lowercase letters, digits and hyphens, starting and ending with a letter or digit, at most 63 characters.";

/// What is said of a text; empty: it is a name.
fn said(settings: &Settings, text: &str) -> String {
    match TenantName::parse(text, settings) {
        Ok(name) => {
            assert_eq!(name.as_str(), text);
            assert_eq!(name.to_string(), text);
            String::new()
        }
        Err(error) => error.to_string(),
    }
}

fn below(base_domain: &str) -> Settings {
    let base_domain = base_domain.to_owned();
    Settings {
        base_domain,
        ..Settings::default()
    }
}

#[test]
fn a_name_is_a_label_of_a_domain() {
    let settings = Settings::default();
    for text in [
        "talent1", "a", "7", "123", "a-b", "a-b-c", "ab-c", "a--b", "abc--d", "xn-abc", "1a",
    ] {
        assert_eq!(said(&settings, text), "", "{text}");
    }
    for text in [
        "",
        " ",
        "-",
        "--",
        "Talent1",
        "TALENT",
        "-a",
        "a-",
        "a_b",
        "a.b",
        " a",
        "a ",
        "a\n",
        "a\0",
        "ä",
        "ａ",
        "a/b",
        "xn--abc",
        "ab--c",
        "00--",
        "--ab",
        "\u{202e}a",
        "٣",
        "é",
    ] {
        assert_eq!(said(&settings, text), MALFORMED, "{text:?}");
    }
}

#[test]
fn a_name_leaves_room_for_the_base_domain() {
    for (base_domain, longest) in [
        ("local.openedx.io", 46),
        ("localhost", 53),
        ("a", 61),
        ("", 62),
        (&*"a".repeat(61), 1),
        (&*"a".repeat(62), 0),
        (&*"a".repeat(63), 0),
        (&*"a".repeat(9_000), 0),
    ] {
        let settings = below(base_domain);
        assert_eq!(names::longest(&settings), longest, "{base_domain}");
        let too_long = format!("Ensure this field has no more than {longest} characters.");
        assert_eq!(said(&settings, &"x".repeat(longest + 1)), too_long);
        if longest > 0 {
            assert_eq!(said(&settings, &"x".repeat(longest)), "");
        }
        // Beyond what any label may have, the label is what is wrong.
        assert_eq!(said(&settings, &"x".repeat(64)), MALFORMED);
        assert_eq!(said(&settings, &"x".repeat(1_000_000)), MALFORMED);
    }
}

#[test]
fn names_of_other_hosts_are_reserved() {
    let settings = Settings::default();
    for name in [
        "apps",
        "studio",
        "preview",
        "lms",
        "cms",
        "mfe",
        "www",
        "api",
        "admin",
        "static",
        "media",
        "assets",
        "cdn",
        "local",
        "localhost",
        "mail",
        "smtp",
        "imap",
        "pop",
        "ftp",
        "ns",
        "ns1",
        "ns2",
        "discovery",
        "ecommerce",
        "credentials",
        "notes",
        "forum",
        "meilisearch",
        "minio",
        "files",
        "superset",
        "status",
        "support",
        "autoconfig",
        "autodiscover",
    ] {
        assert_eq!(
            said(&settings, name),
            format!("'{name}' is a reserved name.")
        );
    }
    assert_eq!(said(&settings, "ns3"), "");
    assert_eq!(said(&settings, "studio1"), "");
}

#[test]
fn other_names_may_be_reserved_but_the_labels_of_hosts_always_are() {
    let settings = Settings {
        reserved_names: vec!["Demo".to_owned()],
        mfe_label: "front".to_owned(),
        ..Settings::default()
    };
    for (text, expected) in [
        ("www", ""),
        ("apps", ""),
        ("demo", "'demo' is a reserved name."),
        ("front", "'front' is a reserved name."),
        ("studio", "'studio' is a reserved name."),
        // The first rule that fails is told.
        ("Demo", MALFORMED),
    ] {
        assert_eq!(said(&settings, text), expected, "{text}");
    }
    let narrow = Settings {
        base_domain: "a".repeat(60),
        ..settings
    };
    assert_eq!(
        said(&narrow, "demo"),
        "Ensure this field has no more than 2 characters."
    );
}

#[test]
fn themes_organizations_and_platforms_have_plain_names() {
    let long = |length: usize| "a".repeat(length);
    for (name, theme, organization) in [
        ("indigo", true, true),
        ("My_Theme-2.1", true, true),
        ("a", true, true),
        ("-", true, true),
        (".hidden", false, true),
        ("..", false, true),
        ("", false, false),
        ("a b", false, false),
        ("a/b", false, false),
        ("ä", false, false),
        (&*long(100), true, true),
        (&*long(101), false, false),
    ] {
        assert_eq!(names::is_theme(name), theme, "{name}");
        assert_eq!(names::is_organization(name), organization, "{name}");
    }
    for (name, is_one) in [
        ("Talent 1", true),
        ("学び", true),
        ("", false),
        (" ", false),
        ("a ", false),
        ("a\0b", false),
        (&*"é".repeat(255), true),
        (&*"é".repeat(256), false),
    ] {
        assert_eq!(names::is_platform_name(name), is_one, "{name}");
    }
}
