//! Tokens of our own.

use super::*;
use crate::identity::mint::{Mint, MintError, Subject};

#[test]
fn a_minted_token_says_what_the_platform_says_and_verifies() {
    let ada = Subject {
        id: 7,
        username: "ada",
        email: "ada@example.com",
        name: "Ada Lovelace".into(),
        is_staff: true,
        is_superuser: false,
    };
    let roles = ["enterprise_admin:*".to_owned()];
    let scopes = ["read".to_owned()];
    let by_key: Change = |settings| {
        settings.private_signing_key = Secret::from(PRIVATE);
        settings.private_signing_key_id = "first".to_owned();
        settings.audience = "ours".to_owned();
    };
    let by_secret: Change = |_| ();
    for (change, audience) in [(by_key, json!("ours")), (by_secret, Value::Null)] {
        let mut settings = settings();
        change(&mut settings);
        let mint = Mint::new(&settings).unwrap();
        let token = mint
            .token(&ada, &roles, &scopes, chrono::Duration::hours(1), at(0))
            .unwrap();
        let claims = Verifier::new(&settings)
            .unwrap()
            .verify(&token, at(0))
            .unwrap();
        let mut expected = json!({
            "iss": ISSUER, "iat": ISSUED, "exp": ISSUED + 3600, "preferred_username": "ada",
            "user_id": 7, "email": "ada@example.com", "name": "Ada Lovelace",
            "administrator": true, "superuser": false, "scopes": ["read"],
            "roles": ["enterprise_admin:*"], "version": "1.2.0",
        });
        if !audience.is_null() {
            expected["aud"] = audience;
        }
        assert_eq!(Value::Object((*claims).clone()), expected);
    }
    let mint = Mint::new(&settings::Jwt::default()).unwrap();
    let none = mint.token(&ada, &[], &[], chrono::Duration::hours(1), at(0));
    assert_eq!(none, Err(MintError::NoKey));
}

#[test]
fn a_private_key_that_is_none_is_refused_at_start() {
    let mut settings = settings();
    settings.private_signing_key = Secret::from("not a key");
    assert_eq!(Mint::new(&settings).err(), Some(KeyError::Private));
}
