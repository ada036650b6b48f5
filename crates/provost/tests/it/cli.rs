//! The binary, run as an operator runs it.

use std::path::Path;
use std::process::{Command, Output};

fn provost(arguments: &[&str]) -> Output {
    provost_in(tempfile::tempdir().unwrap().path(), arguments)
}

fn provost_in(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_provost"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn wrong_usage_and_wrong_settings_end_with_code_2() {
    for (arguments, reason) in [
        (&["dance"][..], "unrecognized subcommand 'dance'"),
        (
            &["authz", "policy", "load", "--clear-existing"][..],
            "--yes",
        ),
        (
            &["authz", "legacy", "migrate"][..],
            "<--org <NAME>|--course <KEY>>",
        ),
        (
            &["authz", "legacy", "rollback", "--org", "O", "--course", "K"][..],
            "cannot be used with",
        ),
        (
            &["--set", "x", "settings", "check"][..],
            "is not of the form SECTION.KEY=VALUE",
        ),
        (
            &["--set", "log.format=xml", "settings", "check"][..],
            "provost: `log.format` (command line) is `xml`",
        ),
        (
            &["--config", "missing.toml", "migrate"][..],
            "provost: the settings file `missing.toml` does not exist",
        ),
    ] {
        let output = provost(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            text(&output.stderr).contains(reason),
            "{}",
            text(&output.stderr)
        );
        assert_eq!(text(&output.stdout), "");
    }
}

#[test]
fn settings_are_checked_and_doubts_told() {
    let output = provost(&["--set", "auth.jwt.secret=short", "settings", "check"]);
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output.stdout);
    assert!(
        said.contains("warning: `auth.jwt.secret` has fewer than 32 bytes")
            && said.ends_with("the settings are valid\n"),
        "{said}"
    );
}

#[test]
fn all_mistakes_in_the_settings_are_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = "[server]\nbody_limit_bytes = 10\nbody_limt = 5\nrequest_timeout_seconds = \"soon\"\n\
                trusted_proxies = [\"10.0.0.0/40\"]\n[log]\nformat = \"xml\"";
    std::fs::write(folder.path().join("provost.toml"), file).unwrap();
    let flags = ["--set", "log.formats=json", "--set", "policy.refresh=1"];
    let output = provost_in(
        folder.path(),
        &[&flags[..], &["settings", "check"]].concat(),
    );
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    let told: Vec<&str> = said
        .lines()
        .filter_map(|line| line.strip_prefix("provost: `")?.split('`').next())
        .collect();
    let expected = [
        "log.formats",
        "policy.refresh",
        "server.body_limt",
        "server.request_timeout_seconds",
        "server.trusted_proxies.0",
        "log.format",
        "server.body_limit_bytes",
    ];
    let sorted = |mut paths: Vec<String>| {
        paths.sort();
        paths
    };
    let told = sorted(told.into_iter().map(str::to_owned).collect());
    let expected = sorted(expected.into_iter().map(str::to_owned).collect());
    assert_eq!(told, expected, "{said}");
}

#[test]
fn a_database_that_is_not_there_is_not_made_by_asking_it() {
    for (arguments, code) in [
        (&["doctor"][..], 3),
        (&["migrate", "--check"], 1),
        (&["export"], 1),
        (&["user", "create", "ada"], 1),
        (&["session", "--user", "ada"], 1),
        (&["authz", "policy", "load"], 1),
        (&["authz", "check", "ada", "x", "lib:O:L"], 1),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let output = provost_in(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert!(
            said.contains("there is no such database") && said.contains("`provost migrate`"),
            "{arguments:?}: {said}"
        );
        let made = folder.path().read_dir().unwrap().count();
        assert_eq!(made, 0, "{arguments:?}");
    }
}

#[test]
fn a_database_that_is_behind_is_brought_up_by_those_who_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("provost.sqlite3"), "").unwrap();
    let output = provost_in(folder, &["export"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(
        said.contains("lacks migrations (") && said.contains("`provost migrate`"),
        "{said}"
    );
    assert_eq!(provost_in(folder, &["migrate"]).status.code(), Some(0));
    assert_eq!(provost_in(folder, &["export"]).status.code(), Some(0));
}

#[test]
fn a_directory_for_exports_that_is_not_there_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(provost_in(folder, &["migrate"]).status.code(), Some(0));
    for (directory, is_bad) in [("", false), (".", false), ("nowhere", true)] {
        let setting = format!("tenants.export_directory={directory}");
        let output = provost_in(folder, &["--set", &setting, "doctor"]);
        let said = text(&output.stdout);
        let told = said.contains("`tenants.export_directory` names no directory");
        assert_eq!(told, is_bad, "{said}");
    }
}

#[test]
fn a_server_that_does_not_answer_is_not_called_busy_and_its_password_is_kept() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let url = format!("postgres://provost:hush@{address}/provost");
    let flags = ["--set", "database.busy_timeout_seconds=1"];
    for (arguments, code) in [
        (["--database", &url, "doctor"], 3),
        (["--database", &url, "serve"], 1),
        (["--database", &url, "migrate"], 1),
    ] {
        let output = provost(&[&flags[..], &arguments].concat());
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert!(
            said.contains("the database cannot be reached: Connection refused")
                && !said.contains("hush")
                && !said.contains("busy"),
            "{arguments:?}: {said}"
        );
    }
}

#[test]
fn the_schema_is_json_and_marks_secrets() {
    let output = provost(&["settings", "schema"]);
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let secret = &schema["properties"]["auth"]["properties"]["jwt"]["properties"]["secret"];
    assert!(secret.to_string().contains("writeOnly"), "{secret}");
    assert_eq!(schema["additionalProperties"], false);
}

#[test]
fn help_names_every_command_and_the_exit_codes() {
    let output = provost(&["--help"]);
    let help = text(&output.stdout);
    for word in [
        "serve",
        "migrate",
        "import",
        "export",
        "user",
        "session",
        "token",
        "authz",
        "tenants",
        "doctor",
        "openapi",
        "settings",
        "Exit codes:",
    ] {
        assert!(help.contains(word), "{word} is not in\n{help}");
    }
}

#[test]
fn each_of_granting_and_revoking_shows_examples_of_itself() {
    for (command, other) in [("grant", "revoke"), ("revoke", "grant")] {
        let output = provost(&["authz", command, "--help"]);
        let help = text(&output.stdout);
        assert!(
            help.contains(&format!("provost authz {command} ada")),
            "{help}"
        );
        assert!(!help.contains(&format!("provost authz {other}")), "{help}");
    }
}

#[test]
fn shells_get_completions() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            text(&provost(&["completions", shell]).stdout).contains("provost"),
            "{shell}"
        );
    }
}
