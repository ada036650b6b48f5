//! Files that cannot be followed.

use serde_json::{Value, json};

use super::world::{applied, each, last_seq, listed, log_after, own, problem, staff};

#[tokio::test]
async fn everything_that_is_wrong_with_a_file_is_said_at_once() {
    each(async |world| {
        let staff = staff(world).await;
        let seq = last_seq(world).await;
        for (body, paths) in [
            (json!({}), vec!["tenants"]),
            (json!([]), vec!["non_field_errors"]),
            (json!({"tenants": null}), vec!["tenants"]),
            (
                json!({"tenants": [
                    {"name": "Talent1", "platform_name": ""},
                    {"name": "talent2", "platform_name": "Two", "colour": "red"},
                    {"name": "talent3", "platform_name": "Three", "domains": ["x.org"]},
                    {"name": "talent4", "platform_name": "Four", "domains": ["x.org"]},
                ], "prune": "yes", "dry_run": true}),
                vec![
                    "dry_run",
                    "prune",
                    "tenants[0].name",
                    "tenants[0].platform_name",
                    "tenants[1].colour",
                    "tenants[3].domains[0]",
                ],
            ),
            (
                json!({"tenants": [{"external_key": "k", "domains": [], "lms_configs": {"course_org_filter": 5}}]}),
                vec!["tenants[0].lms_configs.course_org_filter"],
            ),
        ] {
            for below in ["tenants:plan", "tenants:apply"] {
                let answer = staff.post(&own(below), &body).await;
                let (status, errors) = problem(&answer);
                let mut said: Vec<&str> = errors.as_object().unwrap().keys().map(String::as_str).collect();
                said.sort_unstable();
                assert_eq!((status, said), (400, paths.clone()), "{below}: {errors}");
            }
        }
        assert_eq!(log_after(world, seq).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_digest_is_no_part_of_what_is_planned_for() {
    each(async |world| {
        let staff = staff(world).await;
        let body = json!({"tenants": [], "digest": "0"});
        let answer = staff.post(&own("tenants:plan"), &body).await;
        let said = json!({"digest": ["There is no such field."]});
        assert_eq!(problem(&answer), (400, said));
        let body = json!({"tenants": [], "digest": 0});
        let answer = staff.post(&own("tenants:apply"), &body).await;
        assert_eq!(
            problem(&answer),
            (400, json!({"digest": ["Not a valid string."]}))
        );
    })
    .await;
}

#[tokio::test]
async fn what_stands_in_the_wrong_place_is_not_overlooked() {
    each(async |world| {
        let staff = staff(world).await;
        let body = json!({"tenants": [{"name": "talent1", "platform_name": "One"}]});
        for below in ["tenants:plan", "tenants:apply"] {
            let answer = staff
                .post(&own(&format!("{below}?dry_run=true")), &body)
                .await;
            let said = json!({"dry_run": ["There is no such parameter."]});
            assert_eq!(problem(&answer), (400, said), "{below}");
        }
        assert_eq!(listed(&staff).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_domain_of_a_tenant_that_stays_is_not_taken_and_nothing_is_done() {
    each(async |world| {
        let staff = staff(world).await;
        let keyed = |key: &str, domains: Value| json!({"external_key": key, "domains": domains, "lms_configs": {}});
        applied(&staff, &json!({"tenants": [keyed("a", json!(["one"]))]})).await;
        let seq = last_seq(world).await;
        let file = json!({"tenants": [keyed("b", json!(["two"])), keyed("c", json!(["one"]))]});
        let answer = staff.post(&own("tenants:apply"), &file).await;
        let (status, errors) = problem(&answer);
        let said: Vec<&str> = errors.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!((status, said), (400, vec!["tenants[1].domains"]), "{errors}");
        assert!(errors.to_string().contains("belongs to tenant 1 (key a)"), "{errors}");
        assert_eq!(log_after(world, seq).await, []);
        assert_eq!(listed(&staff).await, ["1 a: one"]);
    })
    .await;
}
