//! Tenants as code, over random tenants: nothing to do after an export, nor after a plan was carried
//! out, and files that come back from their text.

mod random;

use proptest::prelude::*;
use provost_tenancy::{Desired, File, Plan, Present, Settings, export, organization_filter, plan};
use serde_json::{Map, Value, json};

use random::{tenants, texts};

/// Carries out a plan, as plainly as possible.
fn carry_out(plan: &Plan, present: &[Present]) -> Vec<Present> {
    let gone: Vec<i64> = plan.remove.iter().map(|removal| removal.id).collect();
    let mut after: Vec<Present> = present.to_vec();
    after.retain(|tenant| !gone.contains(&tenant.id));
    for tenant in &mut after {
        if let Some(change) = plan.change.iter().find(|change| change.id == tenant.id) {
            let mut domains = tenant.domains.clone();
            domains.retain(|domain| !change.lost.contains(domain));
            domains.extend(change.gained.iter().cloned());
            *tenant = become_desired(tenant.id, &change.desired);
            tenant.domains = domains;
        }
    }
    for (index, desired) in plan.create.iter().enumerate() {
        let id = 1_000_000 + i64::try_from(index).unwrap();
        let mut tenant = become_desired(id, desired);
        if let Some(name) = &desired.name {
            tenant.meta.insert("created_by".to_owned(), json!("ada"));
            tenant.meta.insert("tenant_name".to_owned(), json!(name));
        }
        after.push(tenant);
    }
    after
}

fn become_desired(id: i64, desired: &Desired) -> Present {
    let filter = organization_filter(&desired.lms_configs);
    let Desired {
        external_key,
        lms_configs,
        studio_configs,
        theming_configs,
        meta,
        domains,
        organizations,
        ..
    } = desired.clone();
    Present {
        id,
        external_key,
        lms_configs,
        studio_configs,
        theming_configs,
        meta,
        domains,
        organizations: organizations.unwrap_or_else(|| filter.unwrap()),
    }
}

/// The same tenants with every list of members, domains and organizations the other way round.
fn turned_round(present: &[Present]) -> Vec<Present> {
    let turned = present.iter().map(|tenant| {
        let mut tenant = tenant.clone();
        tenant.domains.reverse();
        tenant.organizations.reverse();
        for column in [
            &mut tenant.lms_configs,
            &mut tenant.studio_configs,
            &mut tenant.theming_configs,
            &mut tenant.meta,
        ] {
            *column = members_turned(column);
        }
        tenant
    });
    turned.collect()
}

fn members_turned(members: &Map<String, Value>) -> Map<String, Value> {
    let turned = members.iter().rev().map(|(member, value)| {
        let value = match value {
            Value::Object(inner) => Value::Object(members_turned(inner)),
            other => other.clone(),
        };
        (member.clone(), value)
    });
    turned.collect()
}

fn assert_nothing_to_do(settings: &Settings, file: &File, present: &[Present]) {
    let plan = plan(settings, file, present, true);
    let plan = plan.unwrap_or_else(|wrong| panic!("{wrong:#?}\n{}", file.to_yaml()));
    assert!(plan.is_empty(), "{plan}\n{}", file.to_yaml());
    assert_eq!(plan.unchanged, present.len());
    assert_eq!(plan.notes, [], "{}", file.to_yaml());
    assert_eq!(plan.digest(), Plan::default().digest());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn an_export_leaves_nothing_to_do((settings, present) in tenants(false)) {
        let file = export(&settings, &present);
        assert_nothing_to_do(&settings, &file, &present);
        assert_nothing_to_do(&settings, &file, &turned_round(&present));
    }

    #[test]
    fn a_file_comes_back_from_its_text((settings, present) in tenants(false)) {
        let file = export(&settings, &present);
        let text = file.to_yaml();
        let read = File::read(&settings, &text);
        prop_assert_eq!(read.as_ref(), Ok(&file), "{}", text);
        let json = serde_json::to_value(&file).unwrap();
        let parsed = File::from_value(&settings, json.clone());
        prop_assert_eq!(parsed.as_ref(), Ok(&file));
        let json = json.to_string();
        let parsed = File::read(&settings, &json);
        prop_assert_eq!(parsed.as_ref(), Ok(&file), "{}", json);
        // Members come back in their order, which equality does not look at.
        prop_assert_eq!(read.unwrap().to_yaml(), text);
    }

    #[test]
    fn a_plan_that_was_carried_out_leaves_nothing_to_do(
        (settings, before) in tenants(true),
        (_, wanted) in tenants(true),
        prune: bool,
    ) {
        let file = export(&settings, &wanted);
        let Ok(first) = plan(&settings, &file, &before, prune) else {
            // Who keeps its domains may be in the way; with pruning nobody is.
            prop_assert!(!prune, "{:#?}", plan(&settings, &file, &before, prune));
            return Ok(());
        };
        let after = carry_out(&first, &before);
        let again = plan(&settings, &file, &after, prune).unwrap();
        prop_assert!(again.is_empty(), "{}\nafter\n{}", again, first);
        prop_assert_eq!(&again.kept, &first.kept);
        prop_assert_eq!(again.unchanged, file.tenants.len());
        let same = plan(&settings, &file, &turned_round(&before), prune).unwrap();
        prop_assert_eq!(same.change.len(), first.change.len());
        // What is printed stays in its lines.
        let text = first.to_string();
        let signs = ["+ ", "~ ", "- ", "    "];
        let (list, _) = text.split_once(" to create,").unwrap();
        let lines = list.lines().filter(|line| !line.bytes().all(|byte| byte.is_ascii_digit()));
        for line in lines {
            prop_assert!(signs.iter().any(|sign| line.starts_with(sign)), "{:?}", line);
            prop_assert!(!line.chars().any(char::is_control), "{:?}", line);
        }
    }

    #[test]
    fn any_text_is_a_file_or_is_refused_with_reasons(text in texts()) {
        let settings = Settings::default();
        for text in [text.clone(), format!("tenants: [{{name: a, platform_name: A, meta: {text}}}]")] {
            if let Err(wrong) = File::read(&settings, &text) {
                prop_assert!(!wrong.is_empty());
                for wrong in wrong {
                    prop_assert!(!wrong.to_string().chars().any(char::is_control), "{:?}", wrong);
                }
            }
        }
    }
}
