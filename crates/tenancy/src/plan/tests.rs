//! What is to be done, how it reads, and what cannot be done.

use serde_json::json;

use super::*;

const EXAMPLE: &str = r"
tenants:
  - {name: talent1, platform_name: Talent 1, org_filter: [Org1]}
  - {name: talent2, platform_name: Talent 2, domains: [talent2.local.openedx.io, www.talent2.org]}
  - {external_key: legacy, domains: [old.example.com], lms_configs: {A: 1}, meta: {created_by: ada}}
";

fn object(value: &Value) -> Object {
    value.as_object().unwrap().clone()
}

fn file(text: &str) -> File {
    File::read(&Settings::default(), text).unwrap()
}

fn planned(text: &str, present: &[Present], prune: bool) -> Plan {
    plan(&Settings::default(), &file(text), present, prune).unwrap()
}

/// The tenants that a file makes of nothing, with ids from 1.
fn made(text: &str) -> Vec<Present> {
    let created = planned(text, &[], false).create;
    let tenants = created.into_iter().zip(1..).map(|(desired, id)| Present {
        id,
        organizations: organization_filter(&desired.lms_configs).unwrap(),
        external_key: desired.external_key,
        lms_configs: desired.lms_configs,
        studio_configs: desired.studio_configs,
        theming_configs: desired.theming_configs,
        meta: desired.meta,
        domains: desired.domains,
    });
    tenants.collect()
}

#[test]
fn what_is_there_already_is_left_alone() {
    let mut present = made(EXAMPLE);
    present[0].meta =
        object(&json!({"tenant_name": "talent1", "created_by": "ada", "created_at": "2026-04-10"}));
    let plan = planned(EXAMPLE, &present, true);
    assert!(plan.is_empty(), "{plan}");
    assert_eq!(
        plan.to_string(),
        "0 to create, 0 to change, 0 to remove, 3 unchanged."
    );
}

#[test]
fn a_plan_reads_as_what_will_be_done() {
    let mut present = made(EXAMPLE);
    present[0].lms_configs["PLATFORM_NAME"] = json!("Old\u{1b}[2J name");
    present[0].lms_configs["MFE_CONFIG"]["LOGO_URL"] = json!("https://cdn/logo.png");
    present[0]
        .lms_configs
        .insert("SMTP_PASSWORD".to_owned(), json!("hunter2"));
    present[0]
        .lms_configs
        .insert("a.b".to_owned(), json!({"apiKey": "hunter2", "b": [null]}));
    present[0].lms_configs.shift_remove("SITE_NAME");
    present[0].domains.push("gone.example.com".to_owned());
    present[1].id = 12;
    present[1].external_key = "other\nkey".to_owned();
    present[1].domains = vec!["talent2.example.com".to_owned()];
    let plan = planned(EXAMPLE, &present, true);
    let expected = r#"+ talent2
    domains: + talent2.local.openedx.io, + www.talent2.org
~ talent1
    lms_configs.PLATFORM_NAME: "Old\u001b[2J name" -> "Talent 1"
    lms_configs.MFE_CONFIG.LOGO_URL: "https://cdn/logo.png" -> "http://talent1.local.openedx.io:8000/theming/asset/images/logo.png"
    lms_configs.SMTP_PASSWORD: - (hidden)
    lms_configs["a.b"]: - {"apiKey": (hidden), "b": [null]}
    lms_configs.SITE_NAME: + "talent1.local.openedx.io"
    domains: - gone.example.com
- "other\nkey"
    domains: - talent2.example.com

1 to create, 1 to change, 1 to remove, 1 unchanged."#;
    assert_eq!(plan.to_string(), expected);

    present[1].domains.clear();
    let plan = planned(EXAMPLE, &present, false);
    let kept = "1 to create, 1 to change, 0 to remove, 1 unchanged.\nNot in the file, and kept: \"other\\nkey\".";
    assert!(plan.to_string().ends_with(kept), "{plan}");
}

#[test]
fn a_plan_can_be_shown_without_what_is_secret() {
    let mut present = made(EXAMPLE);
    present[0]
        .lms_configs
        .insert("SMTP_PASSWORD".to_owned(), json!("hunter2"));
    present[1].id = 12;
    present[1].external_key = "other".to_owned();
    present[1].domains = Vec::new();
    let mut plan = planned(EXAMPLE, &present, true);
    let column = &mut plan.create[0].lms_configs;
    column.insert("JWT_PRIVATE_SIGNING_JWK".to_owned(), json!("hunter2"));
    let column = &mut plan.change[0].desired.meta;
    column.insert("nested".to_owned(), json!([{"token": "hunter2"}]));
    let shown = plan.clone().without_secrets();
    let text = json!(shown).to_string();
    assert_eq!(text.matches("(hidden)").count(), 2, "{text}");
    assert!(!format!("{shown:?}").contains("hunter2"), "{text}");
    assert_eq!(shown.create[0].external_key, plan.create[0].external_key);
}

#[test]
fn long_values_are_cut_to_where_they_differ() {
    let difference = |before: Value, after: Value| {
        let path = "lms_configs.A".to_owned();
        let (before, after) = (Some(before), Some(after));
        Difference {
            path,
            before,
            after,
        }
        .to_string()
    };
    let origins = |last: &str| {
        let mut origins: Vec<String> = (0..50)
            .map(|number| format!("https://{number}.example.com"))
            .collect();
        origins.push(last.to_owned());
        json!(origins)
    };
    let long = "x".repeat(200);
    for (before, after, expected) in [
        (json!(1), json!(null), "lms_configs.A: 1 -> null".to_owned()),
        (
            json!("a"),
            json!(long.clone()),
            format!("lms_configs.A: \"a\" -> \"{}…", "x".repeat(79)),
        ),
        (
            json!(format!("{long}a")),
            json!(format!("{long}b")),
            format!("lms_configs.A: …{x}a\" -> …{x}b\"", x = "x".repeat(20)),
        ),
        (
            origins("https://a"),
            origins("https://b"),
            "lms_configs.A: + \"https://b\", - \"https://a\"".to_owned(),
        ),
        (
            json!([1, "1"]),
            json!([]),
            "lms_configs.A: - 1, - \"1\"".to_owned(),
        ),
        (
            json!([1, 2]),
            json!([2, 1]),
            "lms_configs.A: the same items in another order, or another number of times".to_owned(),
        ),
    ] {
        assert_eq!(difference(before, after), expected);
    }
}

#[test]
fn what_is_generated_can_be_taken_out_and_laid_over() {
    let text = r"
tenants:
  - name: a
    platform_name: A
    lms_configs: {MFE_CONFIG: {ONLY: 1}, LMS_BASE: null}
    studio_configs: {x: {y: 1}}
    unset: [/lms_configs/MFE_CONFIG, /lms_configs/SITE_NAME, /lms_configs/SITE_NAM, /studio_configs/x]
";
    let plan = planned(text, &[], false);
    let desired = &plan.create[0];
    assert_eq!(desired.lms_configs["MFE_CONFIG"], json!({"ONLY": 1}));
    assert_eq!(desired.lms_configs["LMS_BASE"], json!(null));
    assert_eq!(desired.lms_configs["PLATFORM_NAME"], json!("A"));
    assert!(!desired.lms_configs.contains_key("SITE_NAME"));
    assert_eq!(
        Value::Object(desired.studio_configs.clone()),
        json!({"x": {"y": 1}})
    );
    let places: Vec<&str> = plan.notes.iter().map(|note| note.path.as_str()).collect();
    assert_eq!(places, ["tenants[0].unset[2]", "tenants[0].unset[3]"]);
    let note = "\nNote: tenants[0].unset[2]: Nothing is generated at \"/lms_configs/SITE_NAM\", so nothing is taken out.";
    assert!(plan.to_string().contains(note), "{plan}");
}

#[test]
fn organizations_follow_the_filter_unless_they_are_named() {
    let with = |organizations: &str| {
        format!(
            "tenants: [{{external_key: k, domains: [], lms_configs: {{course_org_filter: [A, B]}}{organizations}}}]"
        )
    };
    let mut present = made(&with(""));
    present[0].organizations = vec!["B".to_owned(), "A".to_owned()];
    for (text, linked, expected) in [
        ("", &["B", "A"][..], None),
        ("", &["A"], Some("organizations: + B")),
        (", organizations: [A]", &["A"], None),
        (", organizations: []", &["A"], Some("organizations: - A")),
    ] {
        present[0].organizations = linked.iter().map(|&name| name.to_owned()).collect();
        let plan = planned(&with(text), &present, true);
        let differences = plan.change.iter().flat_map(|change| &change.differences);
        let differences: Vec<String> = differences.map(ToString::to_string).collect();
        assert_eq!(differences.first().map(String::as_str), expected, "{text}");
    }
}

#[test]
fn what_cannot_be_done_is_refused() {
    let tenant = |id, key: &str, domain: &str| Present {
        id,
        external_key: key.to_owned(),
        domains: vec![domain.to_owned()],
        ..Present::default()
    };
    let present = [
        tenant(3, "twice", "x.org"),
        tenant(7, "twice", "y.org"),
        tenant(9, "b.local.openedx.io", "z.org"),
    ];
    let keyed = |rest: &str| format!("tenants: [{{external_key: {rest}}}]");
    for (text, prune, expected) in [
        (
            keyed("twice, domains: [], lms_configs: {}"),
            true,
            "tenants[0].external_key: 2 tenants have the key twice, and an entry by `external_key` with an `id` would say which: 3, 7.",
        ),
        (
            keyed("twice, id: 4, domains: [], lms_configs: {}"),
            true,
            "tenants[0].id: There is no tenant 4; a tenant that is to be created has no `id`.",
        ),
        (
            keyed("twice, id: 9, domains: [], lms_configs: {}"),
            true,
            "tenants[0].id: Tenant 9 has another key: b.local.openedx.io.",
        ),
        (
            keyed("new, domains: [x.org], lms_configs: {}"),
            false,
            "tenants[0].domains: The domain x.org belongs to tenant 3 (key twice), which is not in the file.",
        ),
        (
            keyed("new, domains: [], lms_configs: {course_org_filter: 5}"),
            false,
            "tenants[0].lms_configs.course_org_filter: course_org_filter must be a string or a list of strings.",
        ),
        (
            keyed("'', domains: [], lms_configs: {}"),
            false,
            "tenants[0].external_key: This may not be blank.",
        ),
        (
            keyed("new, domains: [' '], lms_configs: {}"),
            false,
            "tenants[0].domains: This may not be blank.",
        ),
    ] {
        let wrong = plan(&Settings::default(), &file(&text), &present, prune).unwrap_err();
        let wrong: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        assert_eq!(wrong, [expected], "{text}");
    }
    let everything = planned("tenants: []", &present, true);
    assert_eq!(everything.remove.len(), 3);
    assert_eq!(
        planned(
            &keyed("new, domains: [x.org], lms_configs: {}"),
            &present,
            true
        )
        .create
        .len(),
        1
    );
}

#[test]
fn a_file_made_by_hand_is_checked_too() {
    let mut file = file(EXAMPLE);
    file.tenants.push(file.tenants[0].clone());
    let wrong = plan(&Settings::default(), &file, &[], false).unwrap_err();
    assert_eq!(wrong[0].path, "tenants[3].name");
}

#[test]
fn a_domain_moves_from_one_tenant_to_another() {
    let present = made(EXAMPLE);
    let text = EXAMPLE
        .replace(", www.talent2.org", "")
        .replace("old.example.com", "www.talent2.org");
    let plan = planned(&text, &present, false);
    let moves: Vec<_> = plan
        .change
        .iter()
        .map(|change| (change.id, &change.lost[..], &change.gained[..]))
        .collect();
    let [www, old] = ["www.talent2.org", "old.example.com"].map(str::to_owned);
    assert_eq!(
        moves,
        [
            (2, &[www.clone()][..], &[][..]),
            (3, &[old][..], &[www][..])
        ]
    );
}

#[test]
fn a_digest_names_what_would_be_done() {
    let mut present = made(EXAMPLE);
    present[0].lms_configs.insert("A".to_owned(), json!(1));
    let first = planned(EXAMPLE, &present, false);
    assert_eq!(first.digest().len(), 64);
    let same = |present: &[Present], text: &str, prune| {
        planned(text, present, prune).digest() == first.digest()
    };
    assert!(same(&present, EXAMPLE, false));
    assert!(same(&present, EXAMPLE, true));

    let mut turned = present.clone();
    turned[0].lms_configs = present[0].lms_configs.clone().into_iter().rev().collect();
    assert!(same(&turned, EXAMPLE, true));

    let mut other = present.clone();
    other[0].lms_configs["A"] = json!(null);
    assert!(!same(&other, EXAMPLE, false));
    let mut other = present.clone();
    other[0].id = 99;
    assert!(!same(&other, EXAMPLE, false));
    assert!(!same(&present[..2], EXAMPLE, false));
    let without = EXAMPLE.replace("  - {external_key: legacy, domains: [old.example.com], lms_configs: {A: 1}, meta: {created_by: ada}}\n", "");
    assert!(same(&present, &without, false));
    assert!(!same(&present, &without, true));
}

#[test]
fn the_wire_tells_null_from_what_is_absent() {
    let mut present = made(EXAMPLE);
    present[2].lms_configs = object(&json!({"A": null, "B": null}));
    let plan = serde_json::to_value(planned(EXAMPLE, &present, false)).unwrap();
    let expected = json!([{"id": 3, "label": "legacy", "differences": [
        {"path": "lms_configs.A", "before": null, "after": 1},
        {"path": "lms_configs.B", "before": null},
    ]}]);
    assert_eq!(plan["change"], expected);
    let schema = serde_json::to_value(schemars::schema_for!(Plan)).unwrap();
    let members: Vec<&String> = plan.as_object().unwrap().keys().collect();
    let described: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(members, described);
}
