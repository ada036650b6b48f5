//! `provost profiles`, as an operator uses it.

use serde_json::{Value, json};

use crate::connector::until;
use crate::workflow::Installation;

/// Everything that a line can be, and three that cannot be taken in.
const LINES: &str = r#"{"backend": {"name": "as1", "externalName": "AS one", "default": true}}
{"domain": {"name": "example.com", "default": true}}
{"domain": {"name": "Zwei.example"}}
{"reseller": {"name": "R1", "externalName": "Best", "extraData": {"b": [1], "a": null}}}
{"tenant": {"tenantId": "foo", "type": "Enterprise", "name": "Fôo", "resellerId": "R1", "externalId1": "X", "domains": ["zwei.example"], "contactInformation": {"name": "Ada"}, "groups": [{"groupId": "g1", "groupName": "Eins", "userLimit": 5, "domains": ["ZWEI.example"]}, {"groupId": "g2", "resellerId": null}]}}

{"tenant": {"tenantId": "bar", "type": "Enterprise", "defaultDomain": "nowhere.example"}}
{"tenant": {"tenantId": "baz", "type": "Enterprise", "groups": [{"groupId": "g1"}, {"groupId": "g2", "userLimit": -1}]}}
{"tenant": {"tenantId": "qux", "type": "ServiceProvider", "useCustomRoutingProfile": true}}
no JSON
"#;

/// The lines of a text, as JSON.
fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// What came of each line: its number, what it is about, and the outcome.
fn outcomes(text: &str) -> Vec<String> {
    let said = lines(text).into_iter().map(|row| {
        let id = row["id"].as_str().unwrap_or("?");
        format!("{} {id} {}", row["line"], row["outcome"].as_str().unwrap())
    });
    said.collect()
}

#[test]
fn each_line_has_its_result_and_what_is_refused_leaves_nothing_behind() {
    for here in Installation::each() {
        here.done(&["migrate"], "");
        let (code, out, err) = here.run(&["profiles", "import", "-"], LINES);
        assert_eq!(
            (code, err.as_str()),
            (3, "6 created, 0 changed, 0 unchanged, 3 refused\n")
        );
        assert_eq!(
            outcomes(&out),
            [
                "1 as1 created",
                "2 example.com created",
                "3 Zwei.example created",
                "4 R1 created",
                "5 foo created",
                "7 bar refused",
                "8 baz refused",
                "9 qux created",
                "10 ? refused",
            ]
        );
        let refused: Vec<Value> = lines(&out)
            .into_iter()
            .filter(|row| row["outcome"] == "refused")
            .map(|row| row["errors"][0].clone())
            .collect();
        assert_eq!(refused[0]["code"], 1006);
        assert_eq!(refused[0]["details"]["parameter"], "defaultDomain");
        assert_eq!(
            refused[1]["message"],
            "Group 'g2': Parameter 'userLimit' must be a whole number of at least 0"
        );
        assert!(
            refused[2]["message"]
                .as_str()
                .unwrap()
                .starts_with("The line is no JSON object")
        );
        let kept = lines(&here.done(&["profiles", "export"], ""));
        let tenants: Vec<&Value> = kept
            .iter()
            .filter_map(|line| line.get("tenant")?.get("tenantId"))
            .collect();
        assert_eq!(tenants, ["foo", "qux"]);
    }
}

#[test]
fn an_export_is_taken_in_without_a_change_and_brings_everything_back_elsewhere() {
    for here in Installation::each() {
        here.done(&["migrate"], "");
        here.run(&["profiles", "import", "-", "--quiet"], LINES);
        let exported = here.done(&["profiles", "export"], "");
        let foo = lines(&exported).into_iter().find_map(|line| {
            let tenant = line.get("tenant")?;
            (tenant["tenantId"] == "foo").then(|| tenant.clone())
        });
        let foo = foo.unwrap();
        assert_eq!(foo["externalId1"], "X");
        assert_eq!(foo["backendName"], "as1");
        assert_eq!(foo["domains"], json!(["Zwei.example", "example.com"]));
        assert_eq!(foo["groups"][0]["domains"], foo["domains"]);
        assert_eq!(foo["groups"][0]["resellerId"], "R1");
        assert_eq!(foo["groups"][1]["resellerId"], Value::Null);

        let (code, _, said) = here.run(&["profiles", "import", "-"], &exported);
        assert_eq!(
            (code, said.as_str()),
            (0, "0 created, 0 changed, 6 unchanged, 0 refused\n")
        );
        for elsewhere in Installation::each() {
            elsewhere.done(&["migrate"], "");
            elsewhere.done(&["profiles", "import", "-"], &exported);
            assert_eq!(elsewhere.done(&["profiles", "export"], ""), exported);
        }
    }
}

#[test]
fn a_line_changes_what_it_says_and_nothing_else() {
    let here = Installation::on_sqlite();
    here.done(&["migrate"], "");
    here.run(&["profiles", "import", "-", "--quiet"], LINES);
    let change = r#"{"tenant": {"tenantId": "foo", "supportEmail": "help@example.com", "groups": [{"groupId": "g1", "cliName": "Eins"}, {"groupId": "g3"}]}}
{"tenant": {"tenantId": "FOO", "type": "Enterprise"}}
{"tenant": {"tenantId": "foo", "type": "ServiceProvider"}}
{"tenant": {"tenantId": "qux", "groups": [{"groupId": "twice"}, {"groupId": "twice"}]}}
{"tenant": {"tenantId": "qux", "groups": {}}}
{"reseller": {"name": "R1", "extraData": {"c": 1}}}
{"domain": {"name": "zwei.EXAMPLE", "default": true}}
{"reseller": {}}
"#;
    let (code, out, _) = here.run(&["profiles", "import", "-"], change);
    assert_eq!(code, 3);
    assert_eq!(
        outcomes(&out),
        [
            "1 foo changed",
            "2 FOO refused",
            "3 foo refused",
            "4 qux refused",
            "5 qux refused",
            "6 R1 changed",
            "7 zwei.EXAMPLE changed",
            "8 ? refused",
        ]
    );
    let codes: Vec<u64> = lines(&out)
        .iter()
        .filter_map(|row| row["errors"][0]["code"].as_u64())
        .collect();
    assert_eq!(codes, [11, 1003, 11, 1002, 1001]);
    let only = ["profiles", "import", "-", "--only-refused", "--quiet"];
    let (code, out, err) = here.run(&only, change);
    assert_eq!((code, out.lines().count(), err.as_str()), (3, 5, ""));

    let kept = lines(&here.done(&["profiles", "export"], ""));
    let foo = kept.iter().find_map(|line| {
        let tenant = line.get("tenant")?;
        (tenant["tenantId"] == "foo").then_some(tenant)
    });
    let foo = foo.unwrap();
    assert_eq!(foo["supportEmail"], "help@example.com");
    assert_eq!(foo["name"], "Fôo");
    assert_eq!(foo["groups"][0]["groupName"], "Eins");
    assert_eq!(foo["groups"][0]["cliName"], "Eins");
    assert_eq!(foo["groups"].as_array().unwrap().len(), 3);
    assert_eq!(
        here.done(&["profiles", "default-domain"], ""),
        "Zwei.example\n"
    );
}

#[test]
fn people_and_backends_are_put_on_record_and_looked_up() {
    let here = Installation::on_sqlite();
    here.done(&["migrate"], "");
    here.run(&["profiles", "import", "-", "--quiet"], LINES);
    here.done(&["user", "create", "ada"], "");
    let set = ["profiles", "people", "set", "ada", "--level"];
    for (more, expected) in [
        (
            &["tenant_admin"][..],
            Err("A tenant_admin belongs to a tenant: say which."),
        ),
        (
            &["tenant_admin", "--tenant", "nix"],
            Err("There is no tenant `nix`."),
        ),
        (
            &["group_admin", "--tenant", "foo", "--group", "nix"],
            Err("The tenant has no group `nix`."),
        ),
        (
            &["system_admin", "--tenant", "foo"],
            Err("A system_admin belongs to no tenant."),
        ),
        (
            &["tenant_admin", "--tenant", "foo", "--backend", "as1"],
            Err("A tenant_admin does not tell backends apart."),
        ),
        (
            &["group_admin", "--tenant", "foo", "--group", "g1"],
            Ok("ada  group_admin  tenant foo  group g1\n"),
        ),
        (
            &[
                "system_admin",
                "--backend",
                "as1",
                "--reseller",
                "R1",
                "--read-only",
            ],
            Ok("ada  system_admin  reseller R1  backends as1  read only\n"),
        ),
    ] {
        let (code, out, err) = here.run(&[&set, more].concat(), "");
        match expected {
            Ok(line) => {
                assert_eq!((code, out.as_str()), (0, line));
                assert_eq!(here.done(&["profiles", "people", "list"], ""), line);
            }
            Err(why) => assert_eq!((code, err), (1, format!("provost: {why}\n"))),
        }
    }
    let remove = ["profiles", "backends", "remove", "as1"];
    let (code, _, err) = here.run(&remove, "");
    assert_eq!(
        (code, err.as_str()),
        (1, "provost: backend `as1` is still in use\n")
    );
    here.done(&["profiles", "backends", "put", "as2"], "");
    assert_eq!(
        here.done(&["profiles", "backends", "list"], ""),
        "as1  AS one  (default)\nas2  \n"
    );
    here.done(&["profiles", "backends", "remove", "as2"], "");
    here.done(&["profiles", "people", "remove", "ada"], "");
    assert_eq!(here.done(&["profiles", "people", "list"], ""), "");
    assert_eq!(here.run(&["profiles", "people", "remove", "ada"], "").0, 1);
    assert_eq!(here.run(&["profiles", "show", "nix"], "").0, 1);
    let shown: Value = serde_json::from_str(&here.done(&["profiles", "show", "foo"], "")).unwrap();
    assert_eq!(shown["profile"]["name"], "Fôo");
    assert_eq!(shown["sites"], json!([]));
}

#[test]
fn a_server_sweeps_away_what_is_left_of_a_removed_tenant() {
    for here in Installation::each() {
        here.done(&["migrate"], "");
        here.run(&["profiles", "import", "-", "--quiet"], LINES);
        here.done(&["user", "create", "root", "--superuser"], "");
        let session = here.done(&["session", "--user", "root"], "");
        let cookie = format!("Cookie: sessionid={}", session.trim());
        let server = here.serve(&[]);
        let path = "/api/v1/tenants/foo?deleteEvenIfNonEmpty=true";
        let (status, body) = server.ask("DELETE", path, &[&cookie], "");
        assert_eq!(
            (status, body),
            (200, json!({"deletedGroupIds": ["g1", "g2"]}))
        );
        until("what is left goes", || {
            ["profile_groups", "profile_removals"]
                .iter()
                .all(|table| here.count(table) == 0)
        });
    }
}
