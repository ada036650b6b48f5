//! `provost tenants sync`, and what a server says of its pushing.

use serde_json::{Value, json};

use super::processes::{Lms, Pushing, until};
use crate::workflow::Installation;

#[test]
fn without_an_lms_nothing_is_pushed_and_that_is_said() {
    let here = Installation::on_sqlite();
    here.done(&["migrate"], "");
    let said = here.done(&["tenants", "sync", "status"], "");
    assert_eq!(said, "off: the settings name no LMS (`lms.base_url`)\n");
    let (code, _, said) = here.run(&["tenants", "sync", "reconcile"], "");
    assert_eq!(
        (code, said.as_str()),
        (1, "provost: the settings name no LMS (`lms.base_url`)\n")
    );
}

#[test]
fn an_lms_without_credentials_is_a_mistake_in_the_settings() {
    let here = Installation::on_sqlite();
    let set = [
        "--set",
        "lms.base_url=https://lms.example.com",
        "settings",
        "check",
    ];
    let (code, _, said) = here.run(&set, "");
    assert_eq!(code, 2);
    assert!(
        said.contains("`lms.client_id` must be set where `base_url` is"),
        "{said}"
    );
}

#[test]
fn settings_with_which_no_lms_can_be_asked_are_found_before_anybody_is_let_in() {
    let here = Installation::on_sqlite();
    let set = [
        "--set=lms.base_url=https://lms.example.com",
        "--set=lms.access_token=abc",
        "--set=lms.ca_certificate=/nowhere/ca.pem",
        "serve",
        "--listen=127.0.0.1:0",
    ];
    let (code, out, said) = here.run(&set, "");
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(
        said.contains("tenants cannot be pushed to the LMS"),
        "{said}"
    );
}

#[test]
fn refusals_are_shown_and_a_comparison_mends_them() {
    let lms = Lms::start();
    let pushing = Pushing::to(&lms, Installation::on_sqlite());
    let (code, said) = pushing.run(&["tenants", "sync", "status"]);
    assert_eq!(
        (code, said.as_str()),
        (
            0,
            "nothing was pushed yet: no server has run with these settings\n"
        )
    );
    let server = pushing.serve();
    let ask = |method: &str, target: &str, body: Value| pushing.ask(&server, method, target, &body);
    let tenant = json!({"tenant_name": "talent1", "platform_name": "Talent 1"});
    ask("POST", "/api/tenant/v1/create", tenant);
    pushing.pushed();
    // Somebody removes it there, and makes another one.
    let configs = "/eox-tenant/api/v1/configs/";
    lms.ask("DELETE", &format!("{configs}1/"), &Value::Null);
    let theirs = json!({"external_key": "theirs", "lms_configs": {}, "studio_configs": {}, "theming_configs": {}, "meta": {}});
    lms.ask("POST", configs, &theirs);
    ask(
        "POST",
        "/eox-tenant/api/v1/routes/",
        json!({"domain": "www.example.org", "config": 1}),
    );
    pushing.pushed();
    let (code, said) = pushing.run(&["tenants", "sync", "status"]);
    assert_eq!(code, 3, "{said}");
    let refusal = r#"status 400: {"config":["Invalid pk \\"1\\" - object does not exist."]}"#;
    for line in [
        "waiting       nothing",
        "refused       1",
        "  route:2  change ",
        refusal,
    ] {
        assert!(said.contains(line), "{said}");
    }
    until("it is counted", || {
        let (_, page) = server.ask("GET", "/metrics", "Accept: */*", &Value::Null);
        page.contains(r#"provost_lms_pushes_total{outcome="refused"} 1"#)
            && page.contains("provost_lms_backlog_entries 0")
    });

    let (code, looked) = pushing.run(&["tenants", "sync", "reconcile", "--dry-run"]);
    let steps = "+ config    talent1.local.openedx.io  [1]\n\
                 + route     talent1.local.openedx.io  [1]\n\
                 + route     www.example.org  [2]\n\
                 only in the LMS, and left there (--prune removes it):\n\
                 - config    theirs  [there 2]\n";
    assert_eq!(
        (code, looked),
        (
            0,
            format!("{steps}3 would be done, 0 refused, 0 unchanged.\n")
        )
    );
    let (code, done) = pushing.run(&["tenants", "sync", "reconcile"]);
    assert_eq!(
        (code, done),
        (0, format!("{steps}3 done, 0 refused, 0 unchanged.\n"))
    );
    let (code, done) = pushing.run(&["tenants", "sync", "reconcile", "--prune"]);
    let pruned = "- config    theirs  [there 2]\n1 done, 0 refused, 3 unchanged.\n";
    assert_eq!((code, done.as_str()), (0, pruned));
    let (code, said) = pushing.run(&["tenants", "sync", "status"]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("refused       0") && said.contains("pushing now   nobody"),
        "{said}"
    );
}
