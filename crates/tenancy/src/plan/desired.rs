//! A tenant as its entry in a file wants it.

use serde_json::{Map, Value};

use super::{Desired, Present};
use crate::file::{Entry, Keyed, Named, RECORDS, Wrong, pointer};
use crate::show::{Place, quoted};
use crate::{Generated, Settings, TenantName, Wanted, generate};

type Object = Map<String, Value>;

/// What an entry wants, where `found` is the tenant it speaks of. What it says to no effect is noted.
pub(super) fn desired(
    settings: &Settings,
    entry: &Entry,
    found: Option<&Present>,
    place: Place<'_>,
    notes: &mut Vec<Wrong>,
) -> Desired {
    match entry {
        Entry::Named(named) => by_name(settings, named, found, place, notes),
        Entry::Keyed(keyed) => by_key(keyed),
    }
}

pub(super) fn label(key: &str, id: Option<i64>) -> String {
    match id {
        Some(id) => format!("{key} (id {id})"),
        None => key.to_owned(),
    }
}

fn by_key(keyed: &Keyed) -> Desired {
    Desired {
        label: label(&keyed.external_key, keyed.id),
        name: None,
        external_key: keyed.external_key.clone(),
        lms_configs: keyed.lms_configs.clone(),
        studio_configs: keyed.studio_configs.clone(),
        theming_configs: keyed.theming_configs.clone(),
        meta: keyed.meta.clone(),
        domains: keyed.domains.clone(),
        organizations: keyed.organizations.clone(),
    }
}

fn by_name(
    settings: &Settings,
    named: &Named,
    found: Option<&Present>,
    place: Place<'_>,
    notes: &mut Vec<Wrong>,
) -> Desired {
    let Some(mut generated) = provisioned(settings, named) else {
        return Desired::default();
    };
    let field = place.member("unset");
    for (item, text) in named.unset.iter().enumerate() {
        if !take_out(&mut generated, text) {
            let text = quoted(text);
            let why = format!("Nothing is generated at {text}, so nothing is taken out.");
            notes.push(Wrong::new(field.item(item), why));
        }
    }
    lay_over(&mut generated.lms_configs, &named.lms_configs);
    lay_over(&mut generated.studio_configs, &named.studio_configs);
    lay_over(&mut generated.theming_configs, &named.theming_configs);
    Desired {
        label: named.name.clone(),
        name: Some(named.name.clone()),
        external_key: generated.external_key,
        lms_configs: generated.lms_configs,
        studio_configs: generated.studio_configs,
        theming_configs: generated.theming_configs,
        meta: noted(named, found),
        domains: named.domains.clone().unwrap_or(generated.domains),
        organizations: named.organizations.clone(),
    }
}

/// What an entry notes about its tenant, beside the record of how that came to be.
fn noted(named: &Named, found: Option<&Present>) -> Object {
    let there = found.into_iter().flat_map(|found| &found.meta);
    let records = there.filter(|(member, _)| RECORDS.contains(&member.as_str()));
    let all = records.chain(&named.meta);
    all.map(|(member, value)| (member.clone(), value.clone()))
        .collect()
}

/// What provisioning generates for an entry; none if its name is none, which is refused before.
pub(crate) fn provisioned(settings: &Settings, named: &Named) -> Option<Generated> {
    let name = TenantName::parse(&named.name, settings).ok()?;
    let mut organizations = Vec::with_capacity(named.org_filter.len());
    for organization in &named.org_filter {
        if !organizations.contains(organization) {
            organizations.push(organization.clone());
        }
    }
    let wanted = Wanted {
        name: &name,
        platform_name: &named.platform_name,
        theme_name: named
            .theme_name
            .as_deref()
            .unwrap_or(&settings.default_theme),
        organizations: &organizations,
    };
    Some(generate(settings, &wanted))
}

/// Lays `over` over `base`: objects member by member at every depth, everything else replaces.
fn lay_over(base: &mut Object, over: &Object) {
    for (member, value) in over {
        match (base.get_mut(member), value) {
            (Some(Value::Object(base)), Value::Object(over)) => lay_over(base, over),
            (Some(base), value) => *base = value.clone(),
            (None, value) => {
                base.insert(member.clone(), value.clone());
            }
        }
    }
}

/// Takes out the member that a pointer names, or all members of a column; whether there were any.
fn take_out(generated: &mut Generated, text: &str) -> bool {
    let path = pointer::parse(text).unwrap_or_default();
    let Some((column, path)) = path.split_first() else {
        return false;
    };
    let column = match column.as_str() {
        "lms_configs" => &mut generated.lms_configs,
        "studio_configs" => &mut generated.studio_configs,
        "theming_configs" => &mut generated.theming_configs,
        _ => return false,
    };
    let Some((last, parents)) = path.split_last() else {
        let had_any = !column.is_empty();
        column.clear();
        return had_any;
    };
    let mut object = column;
    for parent in parents {
        match object.get_mut(parent) {
            Some(Value::Object(inner)) => object = inner,
            _ => return false,
        }
    }
    object.shift_remove(last).is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: &Value) -> Object {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn objects_are_laid_over_deep_and_everything_else_replaces() {
        for (base, over, expected) in [
            (json!({"a": 1}), json!({}), json!({"a": 1})),
            (json!({"a": 1}), json!({"a": null}), json!({"a": null})),
            (
                json!({"a": {"b": {"c": 1, "d": 2}}}),
                json!({"a": {"b": {"c": 3}}}),
                json!({"a": {"b": {"c": 3, "d": 2}}}),
            ),
            (json!({"a": [1, 2]}), json!({"a": [3]}), json!({"a": [3]})),
            (json!({"a": {"b": 1}}), json!({"a": []}), json!({"a": []})),
            (
                json!({"a": {"b": 1}}),
                json!({"a": {}}),
                json!({"a": {"b": 1}}),
            ),
            (
                json!({"a": "x"}),
                json!({"a": {"b": 1}}),
                json!({"a": {"b": 1}}),
            ),
            (json!({}), json!({"": {"a/b": 1}}), json!({"": {"a/b": 1}})),
        ] {
            let mut base = object(&base);
            lay_over(&mut base, &object(&over));
            assert_eq!(Value::Object(base), expected, "{over}");
        }
    }

    #[test]
    fn a_pointer_takes_out_what_it_names() {
        let column = json!({"a": {"b": 1, "": 2, "c/d": 3}, "list": [1]});
        for (text, takes, expected) in [
            (
                "/lms_configs/a/b",
                true,
                json!({"a": {"": 2, "c/d": 3}, "list": [1]}),
            ),
            (
                "/lms_configs/a/",
                true,
                json!({"a": {"b": 1, "c/d": 3}, "list": [1]}),
            ),
            (
                "/lms_configs/a/c~1d",
                true,
                json!({"a": {"b": 1, "": 2}, "list": [1]}),
            ),
            ("/lms_configs/a", true, json!({"list": [1]})),
            ("/lms_configs", true, json!({})),
            ("/lms_configs/list/0", false, column.clone()),
            ("/lms_configs/none", false, column.clone()),
            ("/lms_configs/a/b/c", false, column.clone()),
            ("/studio_configs", false, column.clone()),
        ] {
            let mut generated = Generated {
                external_key: String::new(),
                lms_configs: object(&column),
                studio_configs: Map::new(),
                theming_configs: Map::new(),
                domains: Vec::new(),
            };
            assert_eq!(take_out(&mut generated, text), takes, "{text}");
            assert_eq!(Value::Object(generated.lms_configs), expected, "{text}");
        }
    }
}
