//! Which tokens are accepted, claim by claim.

mod minting;
mod signatures;

use jsonwebtoken::EncodingKey;
use serde_json::json;

use super::*;
use crate::identity::settings::Secret;

/// Tokens signed by `OpenSSL` and by Python's `hmac`, issued at 1,700,000,000 for one hour.
const RS256: &str = include_str!("rs256.jwt");
const RS512: &str = include_str!("rs512.jwt");
const HS256: &str = include_str!("hs256.jwt");
/// Two public keys; the private half of the second is `PRIVATE`, made for these tests alone.
const KEYS: &str = include_str!("test_keys.json");
const PRIVATE: &str = include_str!("test_key.pem");
const SECRET: &str = "test-secret-key";
const ISSUER: &str = "https://lms.example.com/oauth2";
const ISSUED: i64 = 1_700_000_000;

/// A change of the settings.
type Change = fn(&mut settings::Jwt);

fn settings() -> settings::Jwt {
    settings::Jwt {
        secret: Secret::from(SECRET),
        public_jwk_set: KEYS.to_owned(),
        issuers: vec![ISSUER.to_owned(), "test-issuer-2".to_owned()],
        ..settings::Jwt::default()
    }
}

fn verifier(change: impl FnOnce(&mut settings::Jwt)) -> Verifier {
    let mut settings = settings();
    change(&mut settings);
    Verifier::new(&settings).unwrap()
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(ISSUED + seconds, 0).unwrap()
}

/// A token of any header and payload, signed as told or not at all.
fn forge(header: &Value, payload: &Value, signer: Option<(&EncodingKey, Algorithm)>) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(payload));
    let signature = signer.map_or_else(String::new, |(key, algorithm)| {
        crypto::sign(message.as_bytes(), key, algorithm).unwrap()
    });
    format!("{message}.{signature}")
}

/// A token with good claims but for `change`, signed with the secret.
fn token(change: &Value) -> String {
    let mut payload = json!({
        "iss": ISSUER, "iat": ISSUED, "exp": ISSUED + 3600, "preferred_username": "ada",
    });
    for (claim, value) in change.as_object().unwrap() {
        payload[claim] = value.clone();
    }
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    let header = json!({"alg": "HS256"});
    forge(&header, &payload, Some((&key, Algorithm::HS256)))
}

#[test]
fn tokens_of_other_signers_verify_with_the_secret_and_with_the_key_set() {
    for (what, token) in [("HS256", HS256), ("RS256", RS256), ("RS512", RS512)] {
        let verifier = verifier(|_| ());
        for _ in 0..2 {
            let claims = verifier.verify(token, at(10)).unwrap();
            assert_eq!(username(&claims), Ok("ada"), "{what}");
        }
    }
}

#[test]
fn claims_are_checked_one_by_one() {
    use Rejection::{Expired, Invalid, Undecodable};
    let cases = [
        (json!({}), Ok(())),
        (json!({"iss": "test-issuer-2"}), Ok(())),
        (json!({"iss": "elsewhere"}), Err(Invalid)),
        (json!({"iss": null}), Err(Invalid)),
        (json!({"iss": [ISSUER]}), Err(Invalid)),
        (json!({"exp": null}), Err(Invalid)),
        (json!({"iat": null}), Err(Invalid)),
        (json!({"exp": "tomorrow"}), Err(Undecodable)),
        (json!({"iat": "yesterday"}), Err(Invalid)),
        (json!({"nbf": "today"}), Err(Undecodable)),
        (json!({"exp": 1.7e99}), Ok(())),
        (json!({"exp": -1}), Err(Expired)),
        (json!({"iat": 1.7e99}), Err(Invalid)),
        (json!({"nbf": null}), Ok(())),
        (json!({"version": "1.99.0"}), Ok(())),
        (json!({"version": null}), Ok(())),
        (json!({"version": "2.0.0"}), Err(Invalid)),
        (json!({"version": "new"}), Err(Invalid)),
        (json!({"version": 1}), Err(Invalid)),
        (
            json!({"iss": "elsewhere", "exp": ISSUED - 100}),
            Err(Expired),
        ),
    ];
    for (change, expected) in cases {
        let outcome = verifier(|_| ()).verify(&token(&change), at(0)).map(|_| ());
        assert_eq!(outcome, expected, "{change}");
    }
}

#[test]
fn times_are_checked_to_the_second_within_the_leeway() {
    use Rejection::{Expired, Invalid};
    let cases = [
        ("exp", 3600, 3600, Ok(())),
        ("exp", 3600, 3604, Ok(())),
        ("exp", 3600, 3605, Err(Expired)),
        ("exp", 3600, 9999, Err(Expired)),
        ("iat", 100, 95, Ok(())),
        ("iat", 100, 94, Err(Invalid)),
        ("nbf", 100, 95, Ok(())),
        ("nbf", 100, 94, Err(Invalid)),
    ];
    // One verifier for all: what it remembers of a token must not outlive the token.
    let verifier = verifier(|settings| settings.leeway_seconds = 5);
    for (claim, time, now, expected) in cases {
        let token = token(&json!({ (claim): ISSUED + time }));
        let outcome = verifier.verify(&token, at(now)).map(|_| ());
        assert_eq!(outcome, expected, "{claim} {time} at {now}");
    }
}

#[test]
fn the_audience_is_checked_only_where_one_is_set() {
    use Rejection::Invalid;
    let cases = [
        (json!({"aud": "ours"}), Ok(())),
        (json!({"aud": ["theirs", "ours"]}), Ok(())),
        (json!({"aud": "theirs"}), Err(Invalid)),
        (json!({"aud": ["theirs"]}), Err(Invalid)),
        (json!({"aud": {"ours": true}}), Err(Invalid)),
        (json!({}), Err(Invalid)),
    ];
    for (change, expected) in cases {
        let strict = verifier(|settings| settings.audience = "ours".to_owned());
        let token = token(&change);
        assert_eq!(
            strict.verify(&token, at(0)).map(|_| ()),
            expected,
            "{change}"
        );
        assert!(verifier(|_| ()).verify(&token, at(0)).is_ok(), "{change}");
    }
}

#[test]
fn what_is_not_a_token_is_undecodable() {
    let good = token(&json!({}));
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let cases = [
        String::new(),
        "x".to_owned(),
        "a.b".to_owned(),
        "..".to_owned(),
        "a.b.c".to_owned(),
        format!("{signed}.!!"),
        format!("{signed}.{signature}.{signature}"),
        format!("{signed}.{signature}="),
        format!("e30.W10.{signature}"),
        format!("e30.Im5vdCBhbiBvYmplY3Qi.{signature}"),
        "e30.".to_owned() + &"e".repeat(MAX_TOKEN) + ".e30",
    ];
    for token in cases {
        assert_eq!(
            verifier(|_| ()).verify(&token, at(0)).map(|_| ()),
            Err(Rejection::Undecodable),
            "{token:.80}"
        );
    }
}

#[test]
fn a_token_names_its_user_in_either_claim() {
    let cases = [
        (
            json!({"preferred_username": "ada", "username": "bob"}),
            Ok("ada"),
        ),
        (
            json!({"preferred_username": "", "username": "bob"}),
            Ok("bob"),
        ),
        (json!({"username": "bob"}), Ok("bob")),
        (json!({"preferred_username": 7}), Err(Rejection::Nameless)),
        (json!({}), Err(Rejection::Nameless)),
    ];
    for (claims, expected) in cases {
        assert_eq!(username(claims.as_object().unwrap()), expected, "{claims}");
    }
}
