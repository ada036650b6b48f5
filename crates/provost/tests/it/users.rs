//! `provost user` and how a command names a user.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::workflow::{Installation, Server};

/// The number at the end of what `user create` prints.
fn id(printed: &str) -> String {
    printed.trim().rsplit(' ').next().unwrap().to_owned()
}

/// What the log says of a user, oldest first.
fn log(here: &Installation, server: &Server, username: &str) -> Vec<Value> {
    let session = here.done(&["session", "--user", "root"], "");
    let cookie = format!("Cookie: sessionid={}", session.trim());
    let target = format!("/api/provost/v1/changes?subject=user%5E{username}");
    let (status, page) = server.ask("GET", &target, &[&cookie], "");
    assert_eq!(status, 200, "{page}");
    let mut entries = page["results"].as_array().unwrap().clone();
    entries.reverse();
    entries
}

#[test]
fn a_number_that_is_a_name_and_an_id_reaches_nobody_until_it_is_said_which() {
    let here = Installation::on_sqlite();
    here.done(&["migrate"], "");
    let ada = id(&here.done(&["user", "create", "ada"], ""));
    let namesake = id(&here.done(&["user", "create", &ada], ""));
    let [by_name, by_id] = [format!("name:{ada}"), format!("id:{ada}")];
    for command in [
        &["user", "set", &ada, "--staff"][..],
        &["user", "set-password", &ada],
        &["user", "sign-out", &ada],
        &["user", "delete", &ada, "--yes"],
        &["authz", "grant", &ada, "library_user", "lib:*"],
        &["authz", "check", &ada, "courses.view_course", "lib:*"],
        &["token", "--user", &ada],
        &["session", "--user", &ada],
        &["application", "create", "x", "--user", &ada],
    ] {
        let (code, _, err) = here.run(command, "secret\n");
        assert_eq!(code, 1, "{command:?}");
        assert!(err.contains(&by_name) && err.contains(&by_id), "{err}");
    }
    let set = |who: &str, switch: &str| here.done(&["user", "set", who, switch], "");
    assert_eq!(
        set(&by_name, "--staff"),
        format!("{ada} is active, staff\n")
    );
    assert_eq!(set(&by_id, "--inactive"), "ada is inactive\n");
    assert_eq!(set(&namesake, "--no-staff"), format!("{ada} is active\n"));
    assert_eq!(set("ada", "--active"), "ada is active\n");
    let deleted = here.done(&["user", "delete", &by_id, "--yes"], "");
    assert_eq!(deleted, "deleted ada, with 0 role assignments\n");
    assert_eq!(set(&ada, "--staff"), format!("{ada} is active, staff\n"));
    assert_eq!(here.run(&["user", "set", "999", "--staff"], "").0, 1);
    assert_eq!(here.run(&["user", "set", "id:ada", "--staff"], "").0, 2);
    assert_eq!(here.run(&["user", "set", "ada"], "").0, 2, "nothing to set");
}

#[test]
fn a_new_password_ends_sessions_and_tokens_and_the_log_says_so_and_who_did_it() {
    for here in Installation::each() {
        a_new_password_ends(&here);
    }
}

fn a_new_password_ends(here: &Installation) {
    here.done(&["migrate"], "");
    here.done(&["user", "create", "root", "--superuser"], "");
    let create = ["user", "create", "ada", "--password-stdin"];
    here.done(&create, "old secret\n");
    let printed = here.done(&["application", "create", "x", "--user", "ada"], "");
    let words: Vec<&str> = printed.split_whitespace().collect();
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        words[1], words[3]
    );
    let server = here.serve(&[]);
    let headers = ["Content-Type: application/x-www-form-urlencoded"];
    let (_, issued) = server.ask("POST", "/oauth2/access_token", &headers, &form);
    let token = issued["access_token"].as_str().unwrap();
    let session = here.done(&["session", "--user", "ada"], "");
    let credentials = [
        format!("Cookie: sessionid={}", session.trim()),
        format!("Authorization: Bearer {token}"),
    ];
    let own = "/api/provost/v1/session";
    let ask = |credential: &String| server.ask("GET", own, &[credential], "").0;
    assert_eq!(credentials.each_ref().map(ask), [200, 200]);
    let set = here.done(&["user", "set-password", "ada"], "new secret\n");
    assert_eq!(set, "ended 1 sessions and 1 tokens of ada\n");
    assert_eq!(credentials.each_ref().map(ask), [401, 401]);
    here.done(&["session", "--user", "ada"], "");
    let out = here.done(&["user", "sign-out", "ada"], "");
    assert_eq!(out, "ended 1 sessions and 0 tokens of ada\n");

    let log = log(here, &server, "ada");
    let told: Vec<_> = log
        .iter()
        .filter(|entry| entry["actor"] == "provost user (alice)")
        .map(|entry| entry["kind"].as_str().unwrap())
        .collect();
    let kinds = [
        "user.created",
        "user.changed",
        "session.deleted",
        "session.deleted",
    ];
    assert_eq!(told, kinds);
    let changed = log
        .iter()
        .find(|entry| entry["kind"] == "user.changed")
        .unwrap();
    assert_eq!(changed["before"], json!({"password": "usable"}));
    assert_eq!(changed["after"], json!({"password": "changed"}));
    assert!(!format!("{log:?}").contains("argon2"));
}

/// Who is staff in the memory of a server, once it knows an entry of the log.
fn staff_at(here: &Installation, server: &Server, seq: i64) -> Vec<String> {
    let session = here.done(&["session", "--user", "root"], "");
    let cookie = format!("Cookie: sessionid={}", session.trim());
    let list = "/api/provost/v1/authz/list-subjects?action=a&scope=lib:*";
    let asked = std::time::Instant::now();
    loop {
        assert!(asked.elapsed().as_secs() < 10, "the entry is not read");
        let (_, page) = server.ask("GET", list, &[&cookie], "");
        if page["revision"].as_i64().unwrap() >= seq {
            let rows = page["results"].as_array().unwrap().iter();
            let names = rows.map(|row| row["subject"].as_str().unwrap().to_owned());
            return names.collect();
        }
    }
}

#[test]
fn what_somebody_became_while_a_password_was_typed_stays() {
    let here = Installation::on_sqlite();
    here.done(&["migrate"], "");
    here.done(&["user", "create", "root", "--superuser"], "");
    here.done(&["user", "create", "ada", "--staff"], "");
    let server = here.serve(&[]);
    let mut typing = here
        .command(&["user", "set-password", "ada"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    here.done(&["user", "set", "ada", "--no-staff"], "");
    let mut input = typing.stdin.take().unwrap();
    input.write_all(b"secret\n").unwrap();
    drop(input);
    assert!(typing.wait().unwrap().success());
    let log = log(&here, &server, "ada");
    let last = log.last().unwrap()["seq"].as_i64().unwrap();
    assert_eq!(staff_at(&here, &server, last), ["root"]);
    let flags: Vec<_> = log
        .iter()
        .filter(|entry| entry["kind"] == "user.changed")
        .map(|entry| [&entry["before"]["is_staff"], &entry["after"]["is_staff"]])
        .collect();
    assert_eq!(
        flags,
        [[&json!(true), &json!(false)], [&json!(null), &json!(null)]]
    );
}

#[test]
fn an_account_that_could_be_taken_for_another_is_not_made() {
    let here = Installation::on_sqlite();
    here.done(&["migrate"], "");
    let create =
        |name: &str, email: &str| here.run(&["user", "create", name, "--email", email], "");
    assert_eq!(create("ada", "ada@example.org").0, 0);
    for (name, email, code, reason) in [
        ("ben", "ada@example.org", 1, "the address `ada@example.org`"),
        (
            "ada@example.org",
            "ben@example.org",
            1,
            "the username `ada@example.org`",
        ),
        ("ada", "ben@example.org", 1, "the username `ada`"),
        ("ben", "notamail", 2, "no mail address"),
    ] {
        let (found, _, err) = create(name, email);
        assert_eq!(found, code, "{err}");
        assert!(err.contains(reason), "{err}");
    }
    assert_eq!(create("ben", "ben@example.org").0, 0);
}

#[test]
fn a_database_of_a_newer_program_is_told_as_that_by_every_command() {
    for here in Installation::each() {
        here.done(&["migrate"], "");
        here.come_from_the_future();
        for command in [
            &["user", "list"][..],
            &["export"],
            &["authz", "policy", "diff"],
            &["migrate", "--check"],
        ] {
            let (code, _, err) = here.run(command, "");
            let told = "provost: the database is newer than this program: it knows migration `9999_later`\n";
            assert_eq!((code, err.as_str()), (1, told), "{command:?}");
        }
    }
}

#[test]
fn a_program_that_is_removed_is_said_to_leave_its_signed_tokens() {
    let here = Installation::on_sqlite();
    here.done(&["migrate"], "");
    here.done(&["user", "create", "ada"], "");
    let printed = here.done(&["application", "create", "x", "--user", "ada"], "");
    let client = printed.split_whitespace().nth(1).unwrap();
    let deleted = here.done(&["application", "delete", client], "");
    let left = "JSON Web Tokens that it got are valid until they expire, in at most 3600 seconds";
    assert_eq!(deleted, format!("deleted {client}; {left}\n"));
}

#[test]
fn a_program_calls_the_api_of_eox_tenant_once_its_user_is_permitted_to() {
    const PERMISSION: &str = "auth.can_call_eox_tenant";
    let here = Installation::on_sqlite();
    here.done(&["migrate"], "");
    here.done(&["user", "create", "worker"], "");
    let server = here.serve(&[]);
    let root = format!("http://{}/", server.address);
    let create = ["application", "create", "x", "--user", "worker"];
    assert_eq!(
        here.run(&[&create[..], &["--redirect-uri", "lms"]].concat(), "")
            .0,
        2
    );
    let printed = here.done(&[&create[..], &["--redirect-uri", &root]].concat(), "");
    let word = |line: usize| {
        printed
            .lines()
            .nth(line)
            .unwrap()
            .split_whitespace()
            .nth(1)
            .unwrap()
    };
    let form = format!(
        "grant_type=client_credentials&token_type=bearer&client_id={}&client_secret={}",
        word(0),
        word(1)
    );
    let kind = "Content-Type: application/x-www-form-urlencoded";
    let (_, token) = server.ask("POST", "/oauth2/access_token", &[kind], &form);
    let bearer = format!(
        "Authorization: Bearer {}",
        token["access_token"].as_str().unwrap()
    );
    let ask = || {
        server
            .ask("GET", "/eox-tenant/api/v1/routes/", &[&bearer], "")
            .0
    };
    assert_eq!(ask(), 403);
    let permit = |what: &str| here.done(&["user", what, "worker", PERMISSION], "");
    assert_eq!(permit("permit"), format!("worker has now: {PERMISSION}\n"));
    assert_eq!(
        permit("permit"),
        format!("worker had already: {PERMISSION}\n")
    );
    assert_eq!(ask(), 200);
    assert_eq!(
        permit("forbid"),
        format!("worker has no longer: {PERMISSION}\n")
    );
    assert_eq!(ask(), 403);
    assert_eq!(here.run(&["user", "forbid", "worker", PERMISSION], "").0, 1);
    assert_eq!(here.run(&["user", "permit", "worker", "can_call"], "").0, 2);
}
