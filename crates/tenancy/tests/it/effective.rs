//! Which settings are in effect, and whose courses a tenant shows.

use provost_tenancy::{effective, organization_filter};
use serde_json::{Value, json};

use crate::object;

#[test]
fn a_configuration_counts_if_its_switch_is_true_as_python_has_it() {
    for (switch, expected) in [
        (json!(true), true),
        (json!(false), false),
        (json!(null), false),
        (json!(0), false),
        (json!(0.0), false),
        (json!(-0.0), false),
        (json!(1), true),
        (json!(-1), true),
        (json!(0.1), true),
        (json!(u64::MAX), true),
        (json!(5e-324), true),
        (json!(""), false),
        (json!("false"), true),
        (json!("0"), true),
        (json!(" "), true),
        (json!([]), false),
        (json!([0]), true),
        (json!({}), false),
        (json!({"a": null}), true),
    ] {
        let own = json!({"EDNX_USE_SIGNAL": switch, "A": 1});
        assert_eq!(effective::applies(&object(&own)), expected, "{switch}");
        assert_eq!(effective::is_truthy(&switch), expected, "{switch}");
    }
    assert!(!effective::applies(&object(&json!({"A": 1}))));
    assert!(!effective::applies(&object(
        &json!({"ednx_use_signal": true})
    )));
}

#[test]
fn objects_are_laid_over_objects_and_everything_else_replaces() {
    for (defaults, own, expected) in [
        (json!({}), json!({}), json!({})),
        (json!({"A": 1}), json!({}), json!({"A": 1})),
        (json!({}), json!({"A": 1}), json!({"A": 1})),
        (json!({"A": 1}), json!({"A": null}), json!({"A": null})),
        (json!({"A": [1]}), json!({"A": [2]}), json!({"A": [2]})),
        (json!({"A": {"x": 1}}), json!({"A": [2]}), json!({"A": [2]})),
        (
            json!({"A": {"x": 1}}),
            json!({"A": null}),
            json!({"A": null}),
        ),
        (
            json!({"A": {"x": 1}}),
            json!({"A": {}}),
            json!({"A": {"x": 1}}),
        ),
        (
            json!({"A": 1}),
            json!({"A": {"x": 1}}),
            json!({"A": {"x": 1}}),
        ),
        (
            json!({"A": null}),
            json!({"A": {"x": 1}}),
            json!({"A": {"x": 1}}),
        ),
        (
            json!({"A": {"x": 1, "y": 2}, "B": 3}),
            json!({"C": 4, "A": {"z": 5, "x": null}}),
            json!({"A": {"x": null, "y": 2, "z": 5}, "B": 3, "C": 4}),
        ),
        // No deeper than one level.
        (
            json!({"A": {"x": {"p": 1}}}),
            json!({"A": {"x": {"q": 2}}}),
            json!({"A": {"x": {"q": 2}}}),
        ),
    ] {
        let merged = effective::merge(object(&defaults), object(&own));
        // As text, so that the order of members counts.
        assert_eq!(Value::from(merged).to_string(), expected.to_string());
    }
}

#[test]
fn a_filter_names_organizations() {
    let shape = "course_org_filter must be a string or a list of strings.";
    let long = "course_org_filter must hold names of at most 100 characters.";
    let null = "course_org_filter must not hold null characters.";
    for (filter, expected) in [
        (json!(null), Ok(vec![])),
        (json!([]), Ok(vec![])),
        (json!(""), Ok(vec![])),
        (json!("Org1"), Ok(vec!["Org1"])),
        (json!(["Org1"]), Ok(vec!["Org1"])),
        (json!(["b", "a", "b", "B"]), Ok(vec!["b", "a", "B"])),
        (json!(["", "a"]), Ok(vec!["a"])),
        (
            json!(["Größe", "with space"]),
            Ok(vec!["Größe", "with space"]),
        ),
        (json!("é".repeat(100)), Ok(vec![&*"é".repeat(100)])),
        (json!("é".repeat(101)), Err(long)),
        (json!(["a", "é".repeat(101)]), Err(long)),
        (json!("a\0"), Err(null)),
        (json!(5), Err(shape)),
        (json!(0), Err(shape)),
        (json!(true), Err(shape)),
        (json!(false), Err(shape)),
        (json!({}), Err(shape)),
        (json!({"Org1": true}), Err(shape)),
        (json!(["a", null]), Err(shape)),
        (json!(["a", 5]), Err(shape)),
        (json!([["a"]]), Err(shape)),
    ] {
        let named = organization_filter(&object(&json!({"course_org_filter": filter})));
        let named = named.map_err(|error| error.to_string());
        let expected = expected
            .map(|names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<_>>())
            .map_err(str::to_owned);
        assert_eq!(named, expected, "{filter}");
    }
    assert_eq!(organization_filter(&object(&json!({}))), Ok(vec![]));
}

#[test]
fn a_filter_names_a_thousand_organizations_at_most() {
    let names = |many: usize| -> Vec<String> { (0..many).map(|each| each.to_string()).collect() };
    let filtered = |filter: Vec<String>| {
        let settings = object(&json!({"course_org_filter": filter}));
        organization_filter(&settings).map_err(|error| error.to_string())
    };
    assert_eq!(filtered(names(1_000)), Ok(names(1_000)));
    assert_eq!(
        filtered([names(1_000), names(1_000)].concat()),
        Ok(names(1_000)),
        "each counts once"
    );
    let sentence = "course_org_filter must name at most 1000 organizations.";
    assert_eq!(filtered(names(1_001)), Err(sentence.to_owned()));
}
