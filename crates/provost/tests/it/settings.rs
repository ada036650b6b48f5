//! Settings: their three sources, what is refused, and what is shown.

use std::ffi::OsString;
use std::path::PathBuf;

use provost::settings::{LogFormat, MissingSlash, Settings, Sources, page};

/// Names and texts: of variables, or of flags.
type Pairs = &'static [(&'static str, &'static str)];

pub fn sources(
    file: &str,
    environment: &[(&str, &str)],
    flags: &[(&str, &str)],
) -> (tempfile::TempDir, Sources) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("provost.toml");
    std::fs::write(&path, file).unwrap();
    let environment = environment
        .iter()
        .map(|(name, text)| (OsString::from(name), OsString::from(text)))
        .collect();
    let flags = flags
        .iter()
        .map(|(key, text)| ((*key).to_owned(), (*text).to_owned()))
        .collect();
    (
        folder,
        Sources {
            file: Some(path),
            environment,
            flags,
        },
    )
}

/// The complaint about settings, with the path of the file replaced by `FILE`.
fn complaint(file: &str, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> String {
    let (_folder, sources) = sources(file, environment, flags);
    let path = sources.file.as_ref().unwrap().display().to_string();
    sources
        .load()
        .unwrap_err()
        .to_string()
        .replace(&path, "FILE")
}

#[test]
fn flags_override_the_environment_which_overrides_the_file() {
    let file = "[server]\nrequest_timeout_seconds = 1\nshutdown_grace_seconds = 1\nbody_limit_bytes = 5000\n";
    let environment = [
        ("PROVOST__SERVER__REQUEST_TIMEOUT_SECONDS", "2"),
        ("PROVOST__SERVER__SHUTDOWN_GRACE_SECONDS", "2"),
    ];
    let (_folder, sources) = sources(
        file,
        &environment,
        &[("server.request_timeout_seconds", "3")],
    );
    let server = sources.load().unwrap().settings.server;
    assert_eq!(
        (
            server.request_timeout_seconds,
            server.shutdown_grace_seconds,
            server.body_limit_bytes
        ),
        (3, 2, 5000)
    );
}

#[test]
fn variables_are_read_as_the_kind_of_their_setting() {
    let (_folder, sources) = sources(
        "",
        &[
            (
                "PROVOST__AUTH__JWT__ISSUERS",
                "https://lms.example.org/oauth2, https://studio.example.org",
            ),
            (
                "PROVOST__AUTH__JWT__SECRET",
                "12345678901234567890123456789012",
            ),
            ("PROVOST__AUTH__JWT__COPIED_CLAIMS", "email"),
            ("PROVOST__AUTH__JWT__CREATE_USERS", "no"),
            ("PROVOST__SERVER__LISTEN", "0.0.0.0:0"),
            ("PROVOST__TELEMETRY__SAMPLE_RATIO", "0.25"),
            ("PROVOST__LOG__FORMAT", "json"),
            ("PROVOST__AUTH__JWT__AUDIENCE", "true"),
            ("PATH", "ignored"),
        ],
        &[],
    );
    let settings = sources.load().unwrap().settings;
    assert_eq!(
        settings.auth.jwt.issuers,
        [
            "https://lms.example.org/oauth2",
            "https://studio.example.org"
        ]
    );
    assert_eq!(
        settings.auth.jwt.secret.reveal(),
        "12345678901234567890123456789012"
    );
    assert_eq!(settings.auth.jwt.copied_claims.len(), 1);
    assert_eq!(settings.auth.jwt.audience, "true");
    assert!(!settings.auth.jwt.create_users);
    assert_eq!(settings.server.listen.port(), 0);
    assert!((settings.telemetry.sample_ratio - 0.25).abs() < f64::EPSILON);
    assert_eq!(settings.log.format, LogFormat::Json);
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let cases: &[(&str, Pairs, Pairs, &str)] = &[
        (
            "[server]\nlisten_on = \"x\"",
            &[],
            &[],
            "`server.listen_on` (FILE) is no setting; did you mean `listen`?",
        ),
        (
            "[sever]\n",
            &[],
            &[],
            "`sever` (FILE) is no setting; did you mean `server`?",
        ),
        (
            "[auth.jwt]\nzzz = 1",
            &[],
            &[],
            "`auth.jwt.zzz` (FILE) is no setting",
        ),
        (
            "",
            &[("PROVOST__AUTH__JWT__SECRETS", "x")],
            &[],
            "`auth.jwt.secrets` (environment variable PROVOST__AUTH__JWT__SECRETS) is no setting; did you mean `auth.jwt.secret`?",
        ),
        (
            "",
            &[],
            &[("log.fromat", "json")],
            "`log.fromat` (command line) is no setting; did you mean `log.format`?",
        ),
        (
            "",
            &[("PROVOST__SERVER__LISTEN", "everywhere")],
            &[],
            "`server.listen` (environment variable PROVOST__SERVER__LISTEN) is wrong: `everywhere` is no address with a port, such as 127.0.0.1:8700 or [::]:8700; names of hosts are not looked up",
        ),
        (
            "",
            &[("PROVOST__SERVER__BODY_LIMIT_BYTES", "many")],
            &[],
            "`server.body_limit_bytes` (environment variable PROVOST__SERVER__BODY_LIMIT_BYTES) is wrong: \
             invalid type: found string \"many\", expected usize",
        ),
        (
            "[log]\nformat = \"xml\"",
            &[],
            &[],
            "`log.format` (FILE) is `xml`, which is none of: text, json",
        ),
        (
            "[server]\nbody_limit_bytes = 10",
            &[],
            &[],
            "`server.body_limit_bytes` (FILE) must be at least 1024",
        ),
        (
            "[course_access_groups]\nprefix = \"cag\"\npage_size = 0",
            &[],
            &[],
            "`course_access_groups.prefix` (FILE) must begin with a slash, or be empty\n\
             `course_access_groups.page_size` (FILE) must be at least 1",
        ),
        (
            "[database]\nurl = \"mysql://root:hunter2@db/x\"",
            &[],
            &[],
            "`database.url` (FILE) must begin with `sqlite:`, `postgres://` or `postgresql://`",
        ),
        (
            "[server]\npublic_url = \"example.org/x\"\n[auth]\ncookies.session_seconds = 0",
            &[],
            &[],
            "`server.public_url` (FILE) must be `http://` or `https://`, a host and perhaps a port, and nothing after them\n\
             `auth.cookies.session_seconds` (FILE) must be at least 1",
        ),
        (
            "[server]\ntrusted_proxies = [\"10.0.0.0/40\"]",
            &[],
            &[],
            "`server.trusted_proxies.0` (FILE) is wrong: `10.0.0.0/40` is neither an address nor a network such as `10.0.0.0/8`",
        ),
    ];
    for (file, environment, flags, expected) in cases {
        assert_eq!(&complaint(file, environment, flags), expected);
    }
}

#[test]
fn a_file_that_was_named_must_exist() {
    let sources = Sources {
        file: Some(PathBuf::from("/nowhere/provost.toml")),
        ..Sources::default()
    };
    assert_eq!(
        sources.load().unwrap_err().to_string(),
        "the settings file `/nowhere/provost.toml` does not exist"
    );
}

#[test]
fn a_file_that_is_no_toml_is_refused_with_its_line() {
    let complaint = complaint("[server\n", &[], &[]);
    assert!(
        complaint.contains("FILE") && complaint.contains("line 1"),
        "{complaint}"
    );
}

#[test]
fn a_key_set_may_stand_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys.json");
    std::fs::write(&keys, "{\"keys\": []}").unwrap();
    let file = format!("auth.jwt.public_jwk_set = \"@{}\"", keys.display());
    let (_folder, sources) = sources(&file, &[], &[]);
    let settings = sources.load().unwrap().settings;
    assert_eq!(settings.auth.jwt.public_jwk_set, "{\"keys\": []}");
}

#[test]
fn keys_that_cannot_be_used_are_refused() {
    for (key, text, why) in [
        ("auth.jwt.public_jwk_set", "{}", "cannot be used"),
        (
            "auth.jwt.public_jwk_set",
            "@/nowhere.json",
            "names the file `/nowhere.json`, which cannot be read",
        ),
        ("auth.jwt.private_signing_key", "no key", "cannot be used"),
    ] {
        let (_folder, mut sources) = sources("", &[], &[]);
        sources.flags.push((key.to_owned(), text.to_owned()));
        let complaint = sources.load().unwrap_err().to_string();
        assert!(
            complaint.contains(key) && complaint.contains(why),
            "{complaint}"
        );
    }
}

#[test]
fn doubtful_settings_are_told_and_not_refused() {
    let file = "[auth.jwt]\nsecret = \"short\"\npublic_jwk_set = '{\"keys\": []}'\n\
                [server]\npublic_url = \"https://authz.example.org\"";
    let (_folder, sources) = sources(file, &[], &[]);
    let doubts: Vec<_> = sources
        .load()
        .unwrap()
        .settings
        .doubts()
        .into_iter()
        .map(|doubt| doubt.key)
        .collect();
    let expected = [
        "server.trusted_proxies",
        "auth.jwt.secret",
        "auth.jwt.issuers",
    ];
    assert_eq!(doubts, expected);
}

#[test]
fn show_masks_secrets_says_where_values_come_from_and_can_be_read_back() {
    let file =
        "[database]\nurl = \"postgres://ada:hunter2@db/provost\"\n[auth.jwt]\nsecret = \"hunter2\"";
    let (_folder, first) = sources(file, &[("PROVOST__LOG__FILTER", "warn")], &[]);
    let shown = first.load().unwrap().show();
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(
        shown.contains("filter = \"warn\" # environment variable PROVOST__LOG__FILTER"),
        "{shown}"
    );
    assert!(
        shown.contains("listen = \"127.0.0.1:8700\" # default"),
        "{shown}"
    );
    assert!(shown.contains("# public_url is not set"), "{shown}");
    let (_folder, again) = sources(&shown, &[], &[]);
    assert_eq!(again.load().unwrap().settings.log.filter, "warn");
}

#[test]
fn the_defaults_are_valid() {
    assert_eq!(Settings::default().validate(), []);
}

#[test]
fn the_recorded_profile_differs_from_the_default_only_in_how_it_answers() {
    let file = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../conformance/provost.toml"
    ));
    let settings = Sources {
        file: Some(file),
        ..Sources::default()
    }
    .load()
    .unwrap()
    .settings;
    assert_eq!(settings.auth.jwt.header_prefix, "Bearer");
    assert_eq!(settings.compat.missing_slash, MissingSlash::NotFound);
    assert!(!settings.compat.role_assignment_audit);
    let default = Settings::default();
    let rest = Settings {
        auth: default.auth.clone(),
        compat: default.compat.clone(),
        fixtures: default.fixtures.clone(),
        ..settings
    };
    assert_eq!(as_json(&rest), as_json(&default));
}

fn as_json(settings: &Settings) -> serde_json::Value {
    serde_json::to_value(settings).unwrap()
}

#[test]
fn the_page_of_settings_is_up_to_date() {
    let committed = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/settings.md"
    ));
    assert_eq!(committed, page(), "run `just settings`");
}

#[test]
fn every_setting_is_described() {
    for key in provost::settings::Key::all() {
        assert!(
            key.description.ends_with('.'),
            "`{}` is not described in whole sentences",
            key.path()
        );
    }
}

#[test]
fn an_address_to_listen_on_that_is_none_is_told_with_one_that_is() {
    let complaint = complaint("", &[], &[("server.listen", "localhost:8705")]);
    let wanted = "`localhost:8705` is no address with a port, such as 127.0.0.1:8700 or [::]:8700";
    assert!(complaint.contains(wanted), "{complaint}");
}
