//! What a file may say, and what is said of one that is wrong.

use serde_json::json;

use super::*;

fn read(text: &str) -> Result<File, Vec<Wrong>> {
    File::read(&Settings::default(), text)
}

/// The complaints about a text, each in its line.
fn complaints(text: &str) -> Vec<String> {
    let wrong = read(text).expect_err(text);
    wrong.iter().map(ToString::to_string).collect()
}

/// Each text has one complaint, which begins with a place and holds some words.
fn check_one(cases: &[(&str, &str, &str)]) {
    for (text, place, words) in cases {
        let found = complaints(text);
        let [only] = &found[..] else {
            panic!("{text}\n{found:#?}");
        };
        assert!(only.starts_with(place), "{text}\n{only}");
        assert!(only.contains(words), "{text}\n{only}");
    }
}

const EXAMPLE: &str = r"
tenants:
  - name: talent1
    platform_name: Talent 1
    theme_name: indigo
    org_filter: [Org1]
    domains: [talent1.local.openedx.io, www.talent1.org]
    lms_configs: {MFE_CONFIG: {LOGO_URL: https://cdn.example.com/logo.png}, LIST: null}
    unset: [/lms_configs/LMS_ROOT_URL]
    organizations: [Org1, Org2]
    meta: {owner: ada}
  - external_key: legacy-key
    id: 7
    domains: []
    lms_configs: {A: 1}
";

#[test]
fn a_file_says_which_tenants_there_are_to_be() {
    let file = read(EXAMPLE).unwrap();
    let texts = |texts: &[&str]| {
        texts
            .iter()
            .map(|&text| text.to_owned())
            .collect::<Vec<_>>()
    };
    let members = |value: Value| value.as_object().unwrap().clone();
    let named = Named {
        name: "talent1".to_owned(),
        platform_name: "Talent 1".to_owned(),
        theme_name: Some("indigo".to_owned()),
        org_filter: texts(&["Org1"]),
        domains: Some(texts(&["talent1.local.openedx.io", "www.talent1.org"])),
        organizations: Some(texts(&["Org1", "Org2"])),
        unset: texts(&["/lms_configs/LMS_ROOT_URL"]),
        lms_configs: members(
            json!({"MFE_CONFIG": {"LOGO_URL": "https://cdn.example.com/logo.png"}, "LIST": null}),
        ),
        meta: members(json!({"owner": "ada"})),
        ..Named::default()
    };
    let keyed = Keyed {
        external_key: "legacy-key".to_owned(),
        id: Some(7),
        lms_configs: members(json!({"A": 1})),
        ..Keyed::default()
    };
    assert_eq!(file.tenants, [Entry::Named(named), Entry::Keyed(keyed)]);
}

#[test]
fn a_file_that_says_nothing_is_not_a_file_without_tenants() {
    assert_eq!(read("tenants: []").unwrap(), File::default());
    assert_eq!(read(r#"{"tenants": []}"#).unwrap(), File::default());
    let advice = "Write `tenants: []` if there are to be no tenants.";
    check_one(&[
        ("", "The file is empty.", advice),
        ("# tenants:\n", "The file is empty.", advice),
        ("null", "The file is empty.", advice),
        ("---\n", "The file is empty.", advice),
        ("tenants:\n", "tenants: ", advice),
        ("{}", "tenants: ", advice),
        (
            "tenants: {}",
            "tenants: ",
            "must be a list, and is an object",
        ),
        (
            "- name: a\n  platform_name: A\n",
            "A file is an object",
            "and this is a list",
        ),
        ("tenants: []\nversion: 1\n", "version: ", "no such field"),
    ]);
}

#[test]
fn everything_wrong_is_said_at_once_with_its_place() {
    let found = complaints(
        r"
tenants:
  - name: Talent1
    platform_name: ''
    theme_name: .hidden
    org_filter: [ok, 'not ok', 5]
    unset: [LMS, /meta/a, /lms_configs/~2, '']
    meta: {created_at: now}
    colour: red
  - external_key: k
  - {}
  - 7
  - name: studio
    platform_name: A
",
    );
    let places: Vec<&str> = found
        .iter()
        .filter_map(|line| line.split(": ").next())
        .collect();
    let expected = [
        "tenants[0].org_filter[2]",
        "tenants[0].colour",
        "tenants[1].domains",
        "tenants[1].lms_configs",
        "tenants[2]",
        "tenants[3]",
        "tenants[0].platform_name",
        "tenants[0].theme_name",
        "tenants[0].org_filter[1]",
        "tenants[0].unset[0]",
        "tenants[0].unset[1]",
        "tenants[0].unset[2]",
        "tenants[0].unset[3]",
        "tenants[0].meta",
        "tenants[0].name",
        "tenants[4].name",
    ];
    assert_eq!(places, expected, "{found:#?}");
    assert!(found.contains(&"tenants[4].name: 'studio' is a reserved name.".to_owned()));
}

#[test]
fn what_yaml_has_beyond_json_is_refused() {
    let tenant = |rest: &str| format!("tenants: [{{name: a, platform_name: A, {rest}}}]");
    let deep = format!("meta: {{a: {}{}}}", "[".repeat(101), "]".repeat(101));
    let deeper = format!("meta: {{a: {}{}}}", "[".repeat(200), "]".repeat(200));
    for (rest, place, words) in [
        ("meta: {a: 1, a: 2}", "tenants[0].meta.a: ", "twice"),
        ("platform_name: B", "tenants[0].platform_name: ", "twice"),
        ("meta: {5: x}", "tenants[0].meta: ", "`5` is a number"),
        (
            "meta: {true: x}",
            "tenants[0].meta: ",
            "`true` is a truth value",
        ),
        ("meta: {~: x}", "tenants[0].meta: ", "`null` is nothing"),
        ("meta: {[a]: x}", "tenants[0].meta: ", "is a list"),
        ("meta: {a: !secret x}", "tenants[0].meta.a: ", "\"secret\""),
        ("meta: {a: !set {x: 1}}", "tenants[0].meta.a: ", "\"set\""),
        ("meta: {a: .nan}", "tenants[0].meta.a: ", "numbers"),
        ("meta: {a: [0, -.inf]}", "tenants[0].meta.a[1]: ", "numbers"),
        (
            "meta: {a: 18446744073709551616}",
            "tenants[0].meta.a: ",
            "too large",
        ),
        (
            "meta: {a: &x {b: 1}, c: {<<: *x}}",
            "tenants[0].meta.c: ",
            "Merge keys",
        ),
        (&deep, "tenants[0].meta: ", "deeper than 100 levels"),
        (
            &deeper,
            "The file is not read",
            "nested too deeply at line 1",
        ),
        ("meta: {a: *x}", "The file is not YAML", "unknown anchor"),
        ("meta: {a: }}", "The file is not YAML", "line 1"),
        ("}]\n---\n[{", "The file holds several documents", ""),
    ] {
        check_one(&[(&tenant(rest), place, words)]);
    }
}

#[test]
fn values_of_the_wrong_kind_are_told_from_texts() {
    let quotes = "put it in quotes";
    check_one(&[
        (
            "tenants: [{name: 5, platform_name: A}]",
            "tenants[0].name: ",
            "put it in quotes, \"5\"",
        ),
        (
            "tenants: [{name: true, platform_name: A}]",
            "tenants[0].name: ",
            quotes,
        ),
        (
            "tenants: [{name: a, platform_name: 2026}]",
            "tenants[0].platform_name: ",
            quotes,
        ),
        (
            "tenants: [{name: a, platform_name: }]",
            "tenants[0].platform_name: ",
            "nothing stands here",
        ),
        (
            "tenants: [{name: a}]",
            "tenants[0].platform_name: ",
            "required",
        ),
        (
            "tenants: [{name: a, platform_name: A, domains: x.org}]",
            "tenants[0].domains: ",
            "must be a list, and is the text \"x.org\"",
        ),
        (
            "tenants: [{name: a, platform_name: A, domains: null}]",
            "tenants[0].domains: ",
            "leave the field out",
        ),
        (
            "tenants: [{name: a, platform_name: A, lms_configs: [1]}]",
            "tenants[0].lms_configs: ",
            "must be an object",
        ),
        (
            "tenants: [{name: a, platform_name: A, id: 7}]",
            "tenants[0].id: ",
            "A tenant with a name has: name,",
        ),
        (
            "tenants: [{external_key: a, id: 1.5, domains: [], lms_configs: {}}]",
            "tenants[0].id: ",
            "whole number",
        ),
        (
            "tenants: [{name: a, external_key: a}]",
            "tenants[0]: ",
            "this one has both",
        ),
        (
            r#"tenants: [{external_key: "a\0", domains: [], lms_configs: {}}]"#,
            "tenants[0].external_key: ",
            "Null characters",
        ),
        (
            "tenants: [{external_key: '', domains: ['\u{202e}'], organizations: [[]], lms_configs: {}}]",
            "tenants[0].organizations[0]: ",
            "is a list",
        ),
    ]);
}

#[test]
fn words_that_older_yaml_takes_for_values_are_texts() {
    let file = read(
        "tenants: [{name: no, platform_name: on, org_filter: no, meta: {on: yes, y: 1:30, d: 2026-04-10}}]",
    );
    let Entry::Named(named) = &file.unwrap().tenants[0] else {
        panic!("a tenant with a name");
    };
    assert_eq!((&named.name[..], &named.platform_name[..]), ("no", "on"));
    assert_eq!(named.org_filter, ["no"]);
    let meta = json!({"on": "yes", "y": "1:30", "d": "2026-04-10"});
    assert_eq!(Value::Object(named.meta.clone()), meta);
}

#[test]
fn nothing_belongs_to_two_tenants() {
    let named = |name: &str, rest: &str| format!("{{name: {name}, platform_name: A{rest}}}");
    let keyed = |key: &str, rest: &str| {
        format!("{{external_key: {key}, lms_configs: {{}}, domains: []{rest}}}")
    };
    for (entries, place, words) in [
        (
            [named("a", ""), named("a", ", domains: []")],
            "tenants[1].name: ",
            "tenants[0] has the key a.local.openedx.io too",
        ),
        (
            [named("a", ""), keyed("a.local.openedx.io", "")],
            "tenants[1].external_key: ",
            "tenants[0] has the key",
        ),
        (
            [named("a", ""), keyed("a.local.openedx.io", ", id: 3")],
            "tenants[1].external_key: ",
            "tenants[0] has the key",
        ),
        (
            [keyed("k", ", id: 3"), keyed("k", "")],
            "tenants[1].external_key: ",
            "tenants[0] has the key k too",
        ),
        (
            [keyed("k", ", id: 3"), keyed("l", ", id: 3")],
            "tenants[1].id: ",
            "tenants[0] is tenant 3",
        ),
        (
            [
                named("a", ", domains: [x.org]"),
                named("b", ", domains: [y.org, x.org]"),
            ],
            "tenants[1].domains[1]: ",
            "tenants[0] has the domain x.org",
        ),
        (
            [
                named("a", ", domains: [b.local.openedx.io]"),
                named("b", ""),
            ],
            "tenants[1].domains: ",
            "tenants[0] has the domain b.local.openedx.io",
        ),
        (
            [named("a", ", domains: [x.org, x.org]"), named("b", "")],
            "tenants[0].domains[1]: ",
            "listed twice",
        ),
    ] {
        let text = format!("tenants: [{}]", entries.join(", "));
        check_one(&[(&text, place, words)]);
    }
    let text = format!(
        "tenants: [{}, {}]",
        keyed("k", ", id: 3"),
        keyed("k", ", id: 4")
    );
    assert_eq!(read(&text).unwrap().tenants.len(), 2);
}

#[test]
fn aliases_repeat_what_was_said_but_not_beyond_measure() {
    let shared = "tenants:\n- {name: a, platform_name: A, lms_configs: &x {B: 1}}\n- {name: b, platform_name: B, lms_configs: *x}\n";
    let file = serde_json::to_value(read(shared).unwrap()).unwrap();
    assert_eq!(
        file["tenants"][0]["lms_configs"],
        file["tenants"][1]["lms_configs"]
    );

    let mut laughs = "a0: &a0 ha\n".to_owned();
    for level in 1..20 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        laughs = format!("{laughs}a{level}: &a{level} [{aliases}]\n");
    }
    let long = format!(
        "a: &a {}\nb: [{}]",
        "x".repeat(50_000),
        vec!["*a"; 50_000].join(", ")
    );
    let itself = "a: &a [*a]";
    check_one(&[
        (&laughs, "The file is not read", "too large"),
        (&long, "The file is not read", "too large"),
        (itself, "The file is not read", "nested too deeply"),
    ]);
}

#[test]
fn json_is_read_as_json() {
    let text = r#"{"tenants": [{"name": "a", "platform_name": "\ud83d\ude00", "meta": {"a": 1, "a": 2}}]}"#;
    assert_eq!(
        complaints(text),
        ["tenants[0].meta.a: This member stands twice in the same object."]
    );
    let text = r#"{"tenants": [{"name": "a", "platform_name": " \ud83d\ude00\t"}]}"#;
    let Entry::Named(named) = &read(text).unwrap().tenants[0] else {
        panic!("a tenant with a name");
    };
    assert_eq!(named.platform_name, "😀");
}

#[test]
fn a_document_too_deep_is_refused_without_being_walked_through() {
    let mut value = json!(1);
    for _ in 0..300 {
        value = json!([value]);
    }
    let file = json!({"tenants": [{"name": "a", "platform_name": value.clone(), "lms_configs": {"a": value}}]});
    let wrong = File::from_value(&Settings::default(), file).unwrap_err();
    let places: Vec<&str> = wrong.iter().map(|wrong| wrong.path.as_str()).collect();
    assert_eq!(
        places,
        ["tenants[0].platform_name", "tenants[0].lms_configs"]
    );
}

#[test]
fn a_file_is_written_to_be_read_by_people() {
    let file = read(EXAMPLE).unwrap();
    let expected = r"tenants:
  - name: talent1
    platform_name: Talent 1
    theme_name: indigo
    org_filter: [Org1]
    domains: [talent1.local.openedx.io, www.talent1.org]
    organizations: [Org1, Org2]
    unset: [/lms_configs/LMS_ROOT_URL]
    lms_configs:
      MFE_CONFIG:
        LOGO_URL: https://cdn.example.com/logo.png
      LIST: null
    meta:
      owner: ada

  - external_key: legacy-key
    id: 7
    domains: []
    lms_configs:
      A: 1
";
    assert_eq!(file.to_yaml(), expected);
    assert_eq!(File::default().to_yaml(), "tenants: []\n");
}

#[test]
fn values_keep_their_kind_in_every_reader() {
    for (value, expected) in [
        (json!("no"), "\"no\""),
        (json!("007"), "\"007\""),
        (json!("1:30"), "\"1:30\""),
        (json!("Talent: 1"), "\"Talent: 1\""),
        (json!("a #b"), "\"a #b\""),
        (json!("/authn"), "/authn"),
        (json!("a\u{202e}b\u{e0041}"), r#""a\u202Eb\U000E0041""#),
        (json!(1e30), "1.0e+30"),
        (json!(1.5e-9), "1.5e-9"),
        (json!(null), "null"),
        (json!({}), "{}"),
        (json!(["a", 1, "b:c"]), "[a, 1, \"b:c\"]"),
        (json!("a\n  b\n"), "|\n        a\n          b"),
        (json!("a\nb"), "|-\n        a\n        b"),
        (json!("a \nb"), r#""a \nb""#),
        (
            json!([["a"], [{"b": 1, "c": [[]]}]]),
            "\n        - [a]\n        -\n          - b: 1\n            c:\n              - []",
        ),
    ] {
        let mut meta = Map::new();
        meta.insert("v".to_owned(), value);
        let named = Named {
            name: "a".to_owned(),
            platform_name: "A".to_owned(),
            meta,
            ..Named::default()
        };
        let tenants = vec![Entry::Named(named)];
        let text = File { tenants }.to_yaml();
        let (_, written) = text.split_once("v:").unwrap();
        assert_eq!(
            written.trim_matches([' ', '\n']),
            expected.trim_start_matches('\n').trim_start(),
            "{text}"
        );
    }
}

#[test]
fn the_schema_allows_what_is_read() {
    let schema = serde_json::to_value(schemars::schema_for!(File)).unwrap();
    let named = json!({"name": "a", "platform_name": "A"});
    let keyed = json!({"external_key": "k", "domains": [], "lms_configs": {}});
    for (kind, entry) in [("NamedTenant", named), ("KeyedTenant", keyed)] {
        let described = &schema["$defs"][kind];
        let required: Vec<&str> = described["required"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let given: Vec<&String> = entry.as_object().unwrap().keys().collect();
        assert_eq!(required, given, "{kind}");
        for (field, schema) in described["properties"].as_object().unwrap() {
            let mut entry = entry.clone();
            entry[field] = json!(null);
            let file = json!({"tenants": [entry]});
            let is_read = File::from_value(&Settings::default(), file).is_ok();
            let is_allowed = schema.to_string().contains("\"null\"");
            assert_eq!(is_read, is_allowed, "{kind} {field}");
        }
    }
}
