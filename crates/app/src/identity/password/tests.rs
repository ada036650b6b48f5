use super::*;

/// Made with Python's `hashlib.pbkdf2_hmac` and with the reference implementation of Argon2,
/// so that nothing here is checked against itself.
const KNOWN: [(&str, &str, &str); 9] = [
    (
        "PBKDF2 with SHA-256",
        "letmein",
        "pbkdf2_sha256$1000$seasalt$R1/GfWtwog1T8Ev9VndgDjzkiRzbFr8JpmJtL9cMmQU=",
    ),
    (
        "PBKDF2 with as many iterations as Django writes",
        "correct horse battery staple",
        "pbkdf2_sha256$1000000$gN7Yl2xQ0aTqkZ3mB8cV1e$/t4xUPPRVxIq5eR5wYURU95T1QWRi2qX4C4xT9Tnzt0=",
    ),
    (
        "PBKDF2 with SHA-1",
        "letmein",
        "pbkdf2_sha1$1000$seasalt$FR1Hz/2XTwvhcvkmbwDDrzMsEnQ=",
    ),
    (
        "text outside ASCII",
        "pässwörd ✓",
        "pbkdf2_sha256$1000$zoë$atYmmiirLgDE5yHWlW1RGg+nTOrnFNHFo0yWASMzvsI=",
    ),
    (
        "Argon2id with Django's parameters",
        "letmein",
        "argon2$argon2id$v=19$m=102400,t=2,p=8$c2Vhc2FsdHNlYXNhbHRzZWFzYWx0Mg$yEC/6sC4XMkz0pT9KXFofYgI6d9dhwMQ2iGIr87gtb4",
    ),
    (
        "Argon2i of Django 2",
        "letmein",
        "argon2$argon2i$v=19$m=512,t=2,p=2$c2Vhc2FsdHM$cwtZJLF3dhHgXcVEgZKsVcSHsetPQTFBah2Y+pjrSDI",
    ),
    (
        "Argon2d",
        "letmein",
        "argon2$argon2d$v=19$m=512,t=2,p=2$c2Vhc2FsdHM$8cB0R1ha/u3uzduw5/OqekOdYMpvvRP3db+GU6DLYKc",
    ),
    (
        "Argon2id of another password",
        "pässwörd ✓",
        "argon2$argon2id$v=19$m=512,t=1,p=1$c2Vhc2FsdHM$uTtPnbKr1msfKXko6cQxSiT1f5CxB318vxncsCiBdVs",
    ),
    (
        "a digest of sixteen bytes",
        "letmein",
        "argon2$argon2id$v=19$m=512,t=2,p=2$c2Vhc2FsdHM$ty7zxmcFLTa7In4MdwaRWw",
    ),
];

#[test]
fn known_hashes_accept_their_password_and_no_other() {
    for (what, password, encoded) in KNOWN {
        assert!(verify(password, encoded), "{what}");
        assert!(!verify("letmeout", encoded), "{what}: another password");
        assert!(is_usable(encoded), "{what}");
    }
}

#[test]
fn what_is_malformed_or_unusable_refuses_every_password() {
    let cases = [
        "",
        "!",
        "!n7cYyQ0aTqkZ3mB8cV1e",
        "letmein",
        "$",
        "md5$seasalt$3f86d0d3d465b7b458c231bf3555c0e3",
        "bcrypt_sha256$$2b$12$abcdefghijklmnopqrstuv",
        "pbkdf2_sha256",
        "pbkdf2_sha256$1000$seasalt",
        "pbkdf2_sha256$1000$seasalt$R1/GfWtwog1T8Ev9VndgDjzkiRzbFr8JpmJtL9cMmQU=$",
        "pbkdf2_sha256$0$seasalt$R1/GfWtwog1T8Ev9VndgDjzkiRzbFr8JpmJtL9cMmQU=",
        "pbkdf2_sha256$+1000$seasalt$R1/GfWtwog1T8Ev9VndgDjzkiRzbFr8JpmJtL9cMmQU=",
        "pbkdf2_sha256$-1$seasalt$R1/GfWtwog1T8Ev9VndgDjzkiRzbFr8JpmJtL9cMmQU=",
        "pbkdf2_sha256$1000$seasalt$",
        "pbkdf2_sha256$1000$seasalt$R1/GfWtwog1T",
        "pbkdf2_sha256$1000$seasalt$not base64 at all",
        "pbkdf2_sha1$1000$seasalt$R1/GfWtwog1T8Ev9VndgDjzkiRzbFr8JpmJtL9cMmQU=",
        "argon2$",
        "argon2$argon2id$v=19$m=512,t=2,p=2$c2Vhc2FsdHM",
        "argon2$argon2id$v=18$m=512,t=2,p=2$c2Vhc2FsdHM$ty7zxmcFLTa7In4MdwaRWw",
        "argon2$argon2x$v=19$m=512,t=2,p=2$c2Vhc2FsdHM$ty7zxmcFLTa7In4MdwaRWw",
        "argon2$argon2id$v=19$t=2,m=512,p=2$c2Vhc2FsdHM$ty7zxmcFLTa7In4MdwaRWw",
        "argon2$argon2id$v=19$m=512,t=2,p=2,x=1$c2Vhc2FsdHM$ty7zxmcFLTa7In4MdwaRWw",
        "argon2$argon2id$v=19$m=512,t=2,p=2$c2Vh$ty7zxmcFLTa7In4MdwaRWw",
        "argon2$argon2id$v=19$m=512,t=2,p=2$c2Vhc2FsdHM$dHk",
        "argon2$argon2id$v=19$m=1,t=2,p=2$c2Vhc2FsdHM$ty7zxmcFLTa7In4MdwaRWw",
    ];
    for encoded in cases {
        assert!(!is_usable(encoded), "{encoded}");
        assert!(!verify("letmein", encoded), "{encoded}");
        assert!(!verify("", encoded), "{encoded}");
    }
}

#[test]
fn hostile_costs_are_refused_without_paying_them() {
    let digest = "R1/GfWtwog1T8Ev9VndgDjzkiRzbFr8JpmJtL9cMmQU=";
    let cases = [
        format!(
            "pbkdf2_sha256${}$seasalt${digest}",
            MAX_PBKDF2_ITERATIONS + 1
        ),
        format!("pbkdf2_sha256$4294967295$seasalt${digest}"),
        format!("pbkdf2_sha256$99999999999999999999$seasalt${digest}"),
        format!("pbkdf2_sha256$1000${}${digest}", "s".repeat(2000)),
        "argon2$argon2id$v=19$m=4294967295,t=2,p=2$c2Vhc2FsdHM$ty7zxmcFLTa7In4MdwaRWw".into(),
        "argon2$argon2id$v=19$m=512,t=4294967295,p=2$c2Vhc2FsdHM$ty7zxmcFLTa7In4MdwaRWw".into(),
        "argon2$argon2id$v=19$m=262144,t=5,p=2$c2Vhc2FsdHM$ty7zxmcFLTa7In4MdwaRWw".into(),
        "argon2$argon2id$v=19$m=262145,t=1,p=2$c2Vhc2FsdHM$ty7zxmcFLTa7In4MdwaRWw".into(),
        "argon2$argon2id$v=19$m=262144,t=2,p=65$c2Vhc2FsdHM$ty7zxmcFLTa7In4MdwaRWw".into(),
    ];
    for encoded in cases {
        assert!(!is_usable(&encoded), "{encoded}");
    }
    let dearest = [
        format!("pbkdf2_sha256${MAX_PBKDF2_ITERATIONS}$seasalt${digest}"),
        "argon2$argon2id$v=19$m=262144,t=4,p=64$c2Vhc2FsdHM$ty7zxmcFLTa7In4MdwaRWw".into(),
    ];
    for encoded in dearest {
        assert!(is_usable(&encoded), "{encoded}");
    }
    let (_, password, encoded) = KNOWN[0];
    assert!(
        !verify(&password.repeat(1000), encoded),
        "a password too long is not hashed"
    );
    assert_eq!(hash(&"p".repeat(MAX_PASSWORD + 1)), None);
}

#[test]
fn a_new_hash_is_what_django_would_have_written() {
    let (_, password, encoded) = KNOWN[4];
    assert_eq!(
        hash_with(password, "seasaltseasaltseasalt2").as_deref(),
        Some(encoded)
    );
}

#[test]
fn a_new_hash_has_a_salt_of_its_own_and_needs_no_upgrade() {
    let (one, other) = (hash("letmein").unwrap(), hash("letmein").unwrap());
    assert_ne!(one, other);
    assert!(verify("letmein", &one));
    assert!(!needs_upgrade(&one));
}

#[test]
fn nobodys_password_is_always_wrong() {
    assert!(!refuse("letmein"));
    assert!(!refuse(&"é".repeat(MAX_PASSWORD)));
}

#[test]
fn everything_usable_but_todays_argon2id_needs_an_upgrade() {
    for (what, _, encoded) in KNOWN {
        let todays = what == "Argon2id with Django's parameters";
        assert_eq!(needs_upgrade(encoded), !todays, "{what}");
    }
    for unusable in ["", "!", "md5$a$b"] {
        assert!(!needs_upgrade(unusable), "{unusable}");
    }
}
