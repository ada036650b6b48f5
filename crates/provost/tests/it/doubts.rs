//! Settings that are valid and yet may not be meant.

use crate::settings::sources;

#[test]
fn a_variable_with_single_underscores_is_doubted_and_what_is_no_setting_is_not() {
    let environment = [
        ("PROVOST_DATABASE_URL", "sqlite://x"),
        ("PROVOST_AUTH__JWT__SECRET", "x"),
        ("PROVOST_SERVICE_HOST", "10.0.0.1"),
        ("PROVOST__LOG__FILTER", "info"),
    ];
    let (_folder, sources) = sources("", &environment, &[]);
    let loaded = sources.load().unwrap();
    let strays: Vec<String> = loaded.strays.iter().map(ToString::to_string).collect();
    assert_eq!(
        strays,
        [
            "`PROVOST_DATABASE_URL` is not read; write `PROVOST__DATABASE__URL`",
            "`PROVOST_AUTH__JWT__SECRET` is not read; write `PROVOST__AUTH__JWT__SECRET`",
        ]
    );
    assert!(strays.iter().all(|stray| {
        loaded
            .doubts()
            .iter()
            .any(|doubt| doubt.to_string() == *stray)
    }));
}

#[test]
fn without_a_key_for_tokens_there_is_a_doubt() {
    let doubted = |flags: &[(&str, &str)]| {
        let (_folder, sources) = sources("", &[], flags);
        let doubts = sources.load().unwrap().doubts();
        doubts
            .iter()
            .any(|doubt| doubt.why.contains("every JSON Web Token is refused"))
    };
    assert!(doubted(&[]));
    assert!(!doubted(&[(
        "auth.jwt.secret",
        "0123456789abcdef0123456789abcdef"
    )]));
}

#[test]
fn the_doctor_tells_them() {
    let folder = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_provost"))
        .arg("doctor")
        .current_dir(folder.path())
        .env_clear()
        .env("PROVOST_DATABASE_URL", "sqlite://elsewhere")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    for note in [
        "  note  `PROVOST_DATABASE_URL` is not read; write `PROVOST__DATABASE__URL`",
        "every JSON Web Token is refused",
    ] {
        assert!(said.contains(note), "{said}");
    }
}
