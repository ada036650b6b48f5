//! `provost tenants hosts`

use super::{APPLY, installed};
use crate::workflow::Installation;

#[test]
fn hosts_are_printed_for_some_tenants_or_all() {
    let here = installed();
    let talent1 = "\
127.0.0.1  talent1.local.openedx.io
127.0.0.1  talent1.apps.local.openedx.io
127.0.0.1  studio.talent1.local.openedx.io
";
    let one = here.done(&["tenants", "hosts", "talent1"], "");
    assert_eq!(one, talent1);
    let all = here.done(&["tenants", "hosts", "--all"], "");
    assert_eq!(
        all,
        format!("{talent1}{}", talent1.replace("talent1", "talent2"))
    );
    let (code, _, err) = here.run(&["tenants", "hosts", "nope"], "");
    assert_eq!(
        (code, err.as_str()),
        (1, "provost: Tenant 'nope' not found.\n")
    );
    assert_eq!(here.run(&["tenants", "hosts"], "").0, 2);
}

#[test]
fn no_domain_writes_lines_of_its_own_into_a_hosts_file() {
    let here = Installation::on_sqlite();
    here.done(&["migrate"], "");
    let file = r#"{"tenants": [{"external_key": "legacy", "lms_configs": {}, "domains": [
        "a\n203.0.113.5  bank.example", "www.example.org", "b accounts.example"]}]}"#;
    here.done(&APPLY, file);
    for which in ["legacy", "--all"] {
        let (code, out, err) = here.run(&["tenants", "hosts", which], "");
        assert_eq!((code, out.as_str()), (0, "127.0.0.1  www.example.org\n"));
        let expected = "\
provost: left out, since it is no host: `a\\n203.0.113.5  bank.example`
provost: left out, since it is no host: `b accounts.example`
";
        assert_eq!(err, expected);
    }
}
