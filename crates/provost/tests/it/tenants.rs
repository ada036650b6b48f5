//! `provost tenants`: as code, deleted and brought back, hosts.

mod hosts;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::workflow::Installation;

const FILE: &str = "\
tenants:
  - name: talent1
    platform_name: Talent 1
    org_filter: [Org1]
  - name: talent2
    platform_name: Talent 2
    domains: [talent2.local.openedx.io, www.talent2.org]
";

const APPLY: [&str; 5] = ["tenants", "apply", "-f", "-", "--yes"];
const PLAN: [&str; 4] = ["tenants", "plan", "-f", "-"];

/// An installation with two tenants.
fn installed() -> Installation {
    let here = Installation::on_sqlite();
    here.done(&["migrate"], "");
    here.done(&APPLY, FILE);
    here
}

fn with<'a>(some: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [some, more].concat()
}

/// The files of a directory.
fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = directory.read_dir().unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn a_file_is_planned_applied_and_exported() {
    for here in Installation::each() {
        planned_applied_and_exported(&here);
    }
}

fn planned_applied_and_exported(here: &Installation) {
    here.done(&["migrate"], "");
    let (code, planned, _) = here.run(&PLAN, FILE);
    assert_eq!(code, 3, "{planned}");
    let expected = "\
+ talent1
    domains: + talent1.local.openedx.io
+ talent2
    domains: + talent2.local.openedx.io, + www.talent2.org

2 to create, 0 to change, 0 to remove, 0 unchanged.
Digest: ";
    let digest = planned.strip_prefix(expected).unwrap().trim();
    let json = here.run(&with(&PLAN, &["--json"]), FILE);
    let json: Value = serde_json::from_str(&json.1).unwrap();
    assert_eq!(
        (&json["digest"], &json["create"][1]["label"]),
        (&digest.into(), &"talent2".into())
    );

    let (code, _, err) = here.run(&with(&APPLY, &["--plan", "another"]), FILE);
    assert_eq!(code, 1);
    assert!(
        err.contains("this is not the plan another, so nothing was done"),
        "{err}"
    );
    let done = here.done(&with(&APPLY, &["--plan", digest]), FILE);
    let ends = "created talent1 as tenant 1\ncreated talent2 as tenant 2\ndone\n";
    assert_eq!(done, format!("{planned}{ends}"));
    let nothing = "0 to create, 0 to change, 0 to remove, 2 unchanged.\n";
    assert_eq!(here.done(&PLAN, FILE), nothing);
    assert_eq!(
        here.done(&["tenants", "apply", "-f", "-"], FILE),
        nothing,
        "nobody is asked for nothing"
    );

    let exported = here.done(&["tenants", "export"], "");
    assert!(
        exported.contains("name: talent1") && exported.contains("www.talent2.org"),
        "{exported}"
    );
    assert_eq!(here.done(&with(&PLAN, &["--prune"]), &exported), nothing);
}

#[test]
fn a_written_export_is_for_its_owner_alone() {
    let here = installed();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tenants.yaml");
    let output = path.to_str().unwrap();
    assert_eq!(here.done(&["tenants", "export", "-o", output], ""), "");
    let printed = here.done(&["tenants", "export"], "");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), printed);
    let mode = path.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let (code, plan, _) = here.run(&["tenants", "plan", "-f", output, "--prune"], "");
    assert_eq!(code, 0, "{plan}");
}

#[test]
fn nothing_is_done_where_nobody_can_be_asked_and_nothing_goes_by_accident() {
    let here = installed();
    let other = "tenants:\n  - {name: talent3, platform_name: Talent 3}\n";
    let (code, out, err) = here.run(&["tenants", "apply", "-f", "-"], other);
    assert_eq!(code, 1);
    assert!(
        out.contains("+ talent3") && out.contains("Not in the file, and kept: talent1, talent2."),
        "{out}"
    );
    assert!(err.contains("`--yes`"), "{err}");
    let names = |here: &Installation| {
        let exported = here.done(&["tenants", "export"], "");
        let lines = exported
            .lines()
            .map(|line| line.trim_start_matches([' ', '-']));
        let names = lines.filter_map(|line| line.strip_prefix("name: "));
        names.map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(&here), "talent1 talent2");
    here.done(&APPLY, other);
    assert_eq!(names(&here), "talent1 talent2 talent3");
    let done = here.done(&with(&APPLY, &["--prune"]), other);
    assert!(
        done.contains("- talent1") && done.contains("0 to create, 0 to change, 2 to remove"),
        "{done}"
    );
    assert_eq!(names(&here), "talent3");
}

#[test]
fn everything_that_is_wrong_with_a_file_is_said() {
    let here = installed();
    let wrong = "tenants:\n  - {name: Talent3, platform_name: ''}\n  - {name: talent4}\n";
    for command in [&PLAN[..], &APPLY[..]] {
        let (code, out, err) = here.run(command, wrong);
        assert_eq!((code, out.as_str()), (1, ""), "{command:?}");
        let places = [
            "tenants[0].name",
            "tenants[0].platform_name",
            "tenants[1].platform_name",
        ];
        let said: Vec<&str> = err
            .lines()
            .map(|line| line.strip_prefix("provost: -: ").unwrap())
            .collect();
        let all = places
            .iter()
            .all(|place| said.iter().any(|line| line.starts_with(place)));
        assert!(all && said.len() == places.len(), "{err}");
    }
    let (code, _, err) = here.run(&["tenants", "plan", "-f", "missing.yaml"], "");
    assert_eq!(code, 1);
    assert!(err.contains("cannot read missing.yaml"), "{err}");
}

#[test]
fn a_deleted_tenant_comes_back() {
    for here in Installation::each() {
        here.done(&["migrate"], "");
        here.done(&APPLY, FILE);
        let before = here.done(&["tenants", "export"], "");
        assert_eq!(
            here.done(&["tenants", "deleted"], ""),
            "no deleted tenants\n"
        );
        assert_eq!(here.done(&["tenants", "deleted", "--json"], ""), "[]\n");
        here.done(&with(&APPLY, &["--prune"]), "tenants: []");
        let listed = here.done(&["tenants", "deleted"], "");
        let lines: Vec<&str> = listed.lines().collect();
        assert!(
            lines[0].starts_with("     2  talent2  (tenant 2)  deleted "),
            "{listed}"
        );
        assert!(
            lines[1].contains(" by provost tenants apply (alice), kept until "),
            "{listed}"
        );
        let json = here.done(&["tenants", "deleted", "--json"], "");
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json[1]["tenant_name"], "talent1");
        let restored = here.done(&["tenants", "restore", "talent2"], "");
        assert_eq!(
            restored,
            "restored talent2 as tenant 2, with talent2.local.openedx.io, www.talent2.org\n"
        );
        here.done(&["tenants", "restore", "id:1"], "");
        assert_eq!(here.done(&["tenants", "export"], ""), before);
        let (code, _, err) = here.run(&["tenants", "restore", "talent2"], "");
        assert_eq!(code, 1);
        assert!(
            err.contains("no deleted tenant has the name or number `talent2`"),
            "{err}"
        );
    }
}

#[test]
fn a_tenant_whose_name_was_taken_stays_where_it_is() {
    let here = installed();
    here.done(&with(&APPLY, &["--prune"]), "tenants: []");
    here.done(&APPLY, FILE);
    let (code, _, err) = here.run(&["tenants", "restore", "talent1"], "");
    assert_eq!(code, 1);
    assert!(
        err.contains("Another tenant has the key `talent1.local.openedx.io` (tenant 3)"),
        "{err}"
    );
    assert_eq!(here.done(&["tenants", "deleted"], "").lines().count(), 2);
}

#[test]
fn a_purge_writes_down_what_it_forgets() {
    let here = installed();
    let before = here.done(&["tenants", "export"], "");
    here.done(&with(&APPLY, &["--prune"]), "tenants: []");
    let folder = tempfile::tempdir().unwrap();
    let to = ["--to", folder.path().to_str().unwrap()];
    let (code, _, err) = here.run(&["tenants", "purge", "talent1"], "");
    assert_eq!(code, 1);
    assert!(err.contains("`--to`"), "{err}");
    let purge = ["tenants", "purge"];
    assert_eq!(
        here.done(&with(&with(&purge, &["--expired"]), &to), ""),
        "",
        "nothing is that old"
    );
    let purged = here.done(&with(&with(&purge, &["talent1"]), &to), "");
    let written = files(folder.path());
    assert_eq!(
        purged,
        format!("purged talent1, now in {}\n", written[0].display())
    );
    let name = written[0].file_name().unwrap().to_str().unwrap();
    assert!(
        name.starts_with("talent1-1-2") && name.ends_with("Z.json"),
        "{name}"
    );
    assert_eq!(
        written[0].metadata().unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(here.run(&["tenants", "restore", "talent1"], "").0, 1);

    let rest = with(&with(&purge, &["--expired", "--older-than", "0"]), &to);
    assert!(here.done(&rest, "").starts_with("purged talent2, now in "));
    assert_eq!(
        here.done(&["tenants", "deleted"], ""),
        "no deleted tenants\n"
    );
    let written = files(folder.path());
    assert_eq!(written.len(), 2, "nothing else is left behind: {written:?}");
    for path in written {
        here.done(&["import", path.to_str().unwrap()], "");
    }
    assert_eq!(here.done(&["tenants", "export"], ""), before);
}

#[test]
fn what_cannot_be_written_down_is_not_forgotten() {
    let here = installed();
    here.done(&with(&APPLY, &["--prune"]), "tenants: []");
    let to = ["--to", "missing"];
    let purge = ["tenants", "purge"];
    let (code, _, err) = here.run(&with(&with(&purge, &["talent1"]), &to), "");
    assert_eq!(code, 1);
    assert!(
        err.contains("cannot write to missing: No such file or directory"),
        "{err}"
    );
    let all = with(&with(&purge, &["--expired", "--older-than", "0"]), &to);
    let (code, out, err) = here.run(&all, "");
    assert_eq!(
        (code, err.as_str()),
        (1, "provost: 2 tenants were not purged\n")
    );
    let said: Vec<bool> = out
        .lines()
        .map(|line| line.starts_with("did not purge talent"))
        .collect();
    assert_eq!(said, [true, true], "{out}");
    assert_eq!(here.done(&["tenants", "deleted"], "").lines().count(), 2);
}

#[test]
fn a_server_purges_what_expired_and_answers_meanwhile() {
    let here = installed();
    here.done(&["user", "create", "root", "--superuser"], "");
    let session = here.done(&["session", "--user", "root"], "");
    let cookie = format!("Cookie: sessionid={}", session.trim());
    here.done(&with(&APPLY, &["--prune"]), "tenants: []");
    let folder = tempfile::tempdir().unwrap();
    let directory = format!("tenants.export_directory={}", folder.path().display());
    // Several at a time do not trip over each other.
    let settings = ["--set", "tenants.restore_days=0", "--set", &directory];
    let servers = [here.serve(&settings), here.serve(&settings)];
    let kept = |server: &crate::workflow::Server| {
        let (status, page) = server.ask("GET", "/api/provost/v1/deleted-tenants/", &[&cookie], "");
        assert_eq!(status, 200, "{page}");
        page["results"].as_array().unwrap().len()
    };
    let is_done = |_: &u32| servers.iter().all(|server| kept(server) == 0);
    assert!((0..10_000).find(is_done).is_some(), "nothing is purged");
    let written = files(folder.path());
    assert_eq!(written.len(), 2, "{written:?}");
    let target = "/api/provost/v1/changes?kind=tenant.purged";
    let (_, log) = servers[0].ask("GET", target, &[&cookie], "");
    let entries: Vec<&Value> = log["results"].as_array().unwrap().iter().collect();
    assert_eq!(entries.len(), 2, "each once: {log}");
    assert!(
        entries
            .iter()
            .all(|entry| entry["actor"] == "provost serve"),
        "{log}"
    );
}

#[test]
fn a_plan_shows_no_secret_in_any_form() {
    let here = installed();
    let secrets = "    lms_configs: {JWT_AUTH: {JWT_PRIVATE_SIGNING_JWK: hunter2}}\n";
    let file = FILE.replace("    domains:", &format!("{secrets}    domains:"))
        + "  - name: talent3\n    platform_name: Talent 3\n"
        + secrets;
    for more in [&[][..], &["--json"]] {
        let (code, out, err) = here.run(&with(&PLAN, more), &file);
        assert_eq!(code, 3, "{err}");
        assert!(!out.contains("hunter2"), "{out}");
        assert!(out.contains("(hidden)"), "{out}");
    }
    let (_, json, _) = here.run(&with(&PLAN, &["--json"]), &file);
    let plan: Value = serde_json::from_str(&json).unwrap();
    let digest = plan["digest"].as_str().unwrap();
    here.done(&with(&APPLY, &["--plan", digest]), &file);
    assert!(here.done(&["tenants", "export"], "").contains("hunter2"));
}

#[test]
fn caddy_is_told_whom_to_ask_and_where_to_send_requests_without_a_database() {
    let here = Installation::on_sqlite();
    let settings = [
        "--set",
        "tenants.base_domain=example.org",
        "--set",
        "server.listen=0.0.0.0:8701",
    ];
    let printed = here.done(
        &with(&settings, &["tenants", "caddy", "--lms", "openedx:8000"]),
        "",
    );
    for line in [
        "ask http://127.0.0.1:8701/api/provost/v1/tenants/known-host",
        "@front_ends host apps.example.org *.apps.example.org",
        "@studio host studio.example.org studio.*.example.org",
        "reverse_proxy openedx:8000",
        "reverse_proxy cms:8000",
    ] {
        assert!(
            printed.lines().any(|printed| printed.trim() == line),
            "{line} is not in\n{printed}"
        );
    }
    let other = here.done(&["tenants", "caddy", "--ask", "http://provost:8700/"], "");
    assert!(
        other.contains("ask http://provost:8700/api/provost/v1/tenants/known-host\n"),
        "{other}"
    );
}
