//! The binary, run as an operator runs it.

use std::process::{Command, Output};

fn provost(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    Command::new(env!("CARGO_BIN_EXE_provost"))
        .args(arguments)
        .current_dir(folder.path())
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
        "doctor",
        "openapi",
        "settings",
        "Exit codes:",
    ] {
        assert!(help.contains(word), "{word} is not in\n{help}");
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
