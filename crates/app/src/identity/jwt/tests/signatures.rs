//! Whose signature counts.

use super::*;

#[test]
fn a_signature_that_does_not_belong_to_the_key_is_invalid() {
    let payload = json!({
        "iss": ISSUER, "iat": ISSUED, "exp": ISSUED + 3600, "preferred_username": "ada",
    });
    let secret = EncodingKey::from_secret(SECRET.as_bytes());
    let other = EncodingKey::from_secret(b"another secret");
    let empty = EncodingKey::from_secret(b"");
    let private = EncodingKey::from_rsa_pem(PRIVATE.as_bytes()).unwrap();
    // The classic confusion: a public key, which everybody has, taken for a shared secret.
    let set: Value = serde_json::from_str(KEYS).unwrap();
    let modulus = EncodingKey::from_secret(set["keys"][1]["n"].as_str().unwrap().as_bytes());
    let (hs, rs, rs3) = (Algorithm::HS256, Algorithm::RS256, Algorithm::RS384);
    let cases = [
        ("no algorithm", json!({}), Some((&secret, hs))),
        ("alg none, unsigned", json!({"alg": "none"}), None),
        ("alg None, unsigned", json!({"alg": "None"}), None),
        (
            "alg none, signed",
            json!({"alg": "none"}),
            Some((&secret, hs)),
        ),
        ("no signature", json!({"alg": "HS256"}), None),
        ("no RSA signature", json!({"alg": "RS256"}), None),
        (
            "another secret",
            json!({"alg": "HS256"}),
            Some((&other, hs)),
        ),
        (
            "the empty secret",
            json!({"alg": "HS256"}),
            Some((&empty, hs)),
        ),
        (
            "a public key as secret",
            json!({"alg": "HS256"}),
            Some((&modulus, hs)),
        ),
        (
            "HS512",
            json!({"alg": "HS512"}),
            Some((&secret, Algorithm::HS512)),
        ),
        (
            "HS512 said of HS256",
            json!({"alg": "HS512"}),
            Some((&secret, hs)),
        ),
        (
            "RS256 said of HS256",
            json!({"alg": "RS256"}),
            Some((&secret, hs)),
        ),
        (
            "HS256 said of RS256",
            json!({"alg": "HS256"}),
            Some((&private, rs)),
        ),
        (
            "RS512 said of RS256",
            json!({"alg": "RS512"}),
            Some((&private, rs)),
        ),
        ("RS384", json!({"alg": "RS384"}), Some((&private, rs3))),
        ("lower case", json!({"alg": "hs256"}), Some((&secret, hs))),
        (
            "another key's id",
            json!({"alg": "RS256", "kid": "second"}),
            Some((&private, rs)),
        ),
        (
            "extensions",
            json!({"alg": "HS256", "crit": ["exp"]}),
            Some((&secret, hs)),
        ),
    ];
    for (what, header, signer) in cases {
        let token = forge(&header, &payload, signer);
        let outcome = verifier(|_| ()).verify(&token, at(0)).map(|_| ());
        assert_eq!(outcome, Err(Rejection::Invalid), "{what}");
    }
    for id in [json!("first"), json!("unknown"), Value::Null] {
        let header = json!({"alg": "RS256", "kid": id});
        let token = forge(&header, &payload, Some((&private, rs)));
        assert!(verifier(|_| ()).verify(&token, at(0)).is_ok(), "{header}");
    }
}

#[test]
fn a_token_changed_anywhere_is_refused_even_after_the_original_was_accepted() {
    let verifier = verifier(|_| ());
    for token in [HS256, RS256] {
        assert!(verifier.verify(token, at(0)).is_ok());
        for place in (0..token.len()).step_by(7) {
            let mut changed = token.as_bytes().to_vec();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(
                verifier.verify(&changed, at(0)).is_err(),
                "{place}: {changed}"
            );
        }
    }
}

#[test]
fn without_a_key_or_an_issuer_nothing_is_accepted() {
    let cases: [(&str, Change); 5] = [
        ("nothing set", |settings| {
            *settings = settings::Jwt::default();
        }),
        ("no keys", |settings| {
            settings.secret = Secret::default();
            settings.public_jwk_set = String::new();
        }),
        ("an empty set", |settings| {
            settings.secret = Secret::default();
            settings.public_jwk_set = r#"{"keys": []}"#.to_owned();
        }),
        ("a symmetric key in the public set", |settings| {
            settings.secret = Secret::default();
            let key = URL_SAFE_NO_PAD.encode(SECRET);
            settings.public_jwk_set = json!({"keys": [{"kty": "oct", "k": key}]}).to_string();
        }),
        ("no issuer", |settings| settings.issuers.clear()),
    ];
    for (what, change) in cases {
        for token in [HS256, RS256, RS512] {
            assert_eq!(
                verifier(change).verify(token, at(0)).map(|_| ()),
                Err(Rejection::Invalid),
                "{what}"
            );
        }
    }
}

#[test]
fn a_key_serves_only_the_algorithm_and_the_purpose_that_the_set_gives_it() {
    let cases = [
        (json!({"alg": "RS256"}), true, false),
        (json!({"alg": "RS512"}), false, true),
        (json!({"alg": "PS256"}), false, false),
        (json!({"use": "enc"}), false, false),
        (json!({"kty": "EC"}), false, false),
        (json!({}), true, true),
    ];
    for (change, short, long) in cases {
        let mut set: Value = serde_json::from_str(KEYS).unwrap();
        for (member, value) in change.as_object().unwrap() {
            set["keys"][1][member] = value.clone();
        }
        let verifier = verifier(|settings| settings.public_jwk_set = set.to_string());
        assert_eq!(
            verifier.verify(RS256, at(0)).is_ok(),
            short,
            "RS256 with {change}"
        );
        assert_eq!(
            verifier.verify(RS512, at(0)).is_ok(),
            long,
            "RS512 with {change}"
        );
    }
}

#[test]
fn unusable_key_sets_are_refused_at_start_without_quoting_them() {
    let small = URL_SAFE_NO_PAD.encode([0xff; 128]);
    let large = URL_SAFE_NO_PAD.encode([0xff; 1024]);
    let fine = URL_SAFE_NO_PAD.encode([0xff; 256]);
    let key = |n: &str, e: &str| json!({"keys": [{"kty": "RSA", "n": n, "e": e}]}).to_string();
    let cases = [
        "not JSON".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        key(&small, "AQAB"),
        key(&large, "AQAB"),
        key(&fine, "AA"),
        key(&fine, "BA"),
        key("***", "AQAB"),
        json!({"keys": [{"kty": "RSA", "e": "AQAB"}]}).to_string(),
    ];
    for set in cases {
        let mut settings = settings();
        settings.public_jwk_set.clone_from(&set);
        let error = Verifier::new(&settings)
            .err()
            .map(|error| error.to_string());
        assert!(
            error.is_some_and(|text| text.starts_with("auth.jwt.public_jwk_set")),
            "{set:.80}"
        );
    }
}
