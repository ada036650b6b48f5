//! How a tenant that is there differs from what it is to be.

use std::collections::HashSet;

use foldhash::fast::RandomState;
use serde_json::{Map, Value, json};

use super::{Desired, Difference, Present};
use crate::organization_filter;
use crate::show::Place;

/// Everything that differs: columns member by member, then domains, then organizations. The order of
/// members, of domains and of organizations is no difference.
pub(super) fn differences(before: &Present, after: &Desired) -> Vec<Difference> {
    let root = Place::Root;
    let mut found = Vec::new();
    for (column, before, after) in [
        ("lms_configs", &before.lms_configs, &after.lms_configs),
        (
            "studio_configs",
            &before.studio_configs,
            &after.studio_configs,
        ),
        (
            "theming_configs",
            &before.theming_configs,
            &after.theming_configs,
        ),
        ("meta", &before.meta, &after.meta),
    ] {
        objects(root.member(column), before, after, &mut found);
    }
    let mut lists = vec![("domains", &before.domains, after.domains.clone())];
    // A filter that is none links nothing, and is refused if anything else is to change.
    let filtered = || organization_filter(&after.lms_configs).ok();
    if let Some(wanted) = after.organizations.clone().or_else(filtered) {
        lists.push(("organizations", &before.organizations, wanted));
    }
    for (path, before, after) in lists {
        if !same_texts(before, &after) {
            found.push(Difference {
                path: path.to_owned(),
                before: Some(json!(before)),
                after: Some(json!(after)),
            });
        }
    }
    found
}

fn objects(
    place: Place<'_>,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    found: &mut Vec<Difference>,
) {
    for (member, old) in before {
        let place = place.member(member);
        match (old, after.get(member)) {
            (Value::Object(old), Some(Value::Object(new))) => objects(place, old, new, found),
            (old, Some(new)) if old == new => {}
            (old, new) => found.push(Difference {
                path: place.to_string(),
                before: Some(old.clone()),
                after: new.cloned(),
            }),
        }
    }
    for (member, new) in after
        .iter()
        .filter(|(member, _)| !before.contains_key(*member))
    {
        found.push(Difference {
            path: place.member(member).to_string(),
            before: None,
            after: Some(new.clone()),
        });
    }
}

/// Whether two lists hold the same texts, in whatever order and however often.
pub(crate) fn same_texts(some: &[String], others: &[String]) -> bool {
    missing(some, others).is_empty() && missing(others, some).is_empty()
}

/// The texts of one list that another one has not.
pub(super) fn missing(some: &[String], others: &[String]) -> Vec<String> {
    let others: HashSet<&String, RandomState> = others.iter().collect();
    let missing = some.iter().filter(|text| !others.contains(text));
    missing.cloned().collect()
}
