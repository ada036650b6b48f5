//! `[auth]`: what the application's identity is told, and what may be wrong with it.

use provost_app::identity::Settings as Auth;
use provost_app::identity::jwt::Verifier;
use provost_app::identity::mint::Mint;

use super::Wrong;

/// The least that RFC 7518 section 3.2 asks of the secret of HS256, in bytes.
const SECRET_BYTES: usize = 32;

/// Keys that cannot be read, and words that cannot stand in a header.
pub(super) fn validate(auth: &Auth) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    if let Err(error) = Verifier::new(&auth.jwt) {
        wrong.push(Wrong::new(
            "auth.jwt.public_jwk_set",
            format!("cannot be used: {error}"),
        ));
    }
    if let Err(error) = Mint::new(&auth.jwt) {
        wrong.push(Wrong::new(
            "auth.jwt.private_signing_key",
            format!("cannot be used: {error}"),
        ));
    }
    let word = &auth.jwt.header_prefix;
    if word.is_empty()
        || !word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    {
        wrong.push(Wrong::new(
            "auth.jwt.header_prefix",
            "must be a word of letters, digits and `-`",
        ));
    }
    if auth.cookies.session_seconds == 0 {
        wrong.push(Wrong::new(
            "auth.cookies.session_seconds",
            "must be at least 1",
        ));
    }
    if auth.sign_in.parallel == 0 {
        wrong.push(Wrong::new("auth.sign_in.parallel", "must be at least 1"));
    }
    wrong
}

/// What is valid and yet may not do what whoever wrote it expects.
pub(super) fn doubts(auth: &Auth) -> Vec<Wrong> {
    let mut doubts = Vec::new();
    let length = auth.jwt.secret.reveal().len();
    if (1..SECRET_BYTES).contains(&length) {
        doubts.push(Wrong::new(
            "auth.jwt.secret",
            format!("has fewer than {SECRET_BYTES} bytes, the least that RFC 7518 asks of HS256"),
        ));
    }
    if length == 0 && auth.jwt.public_jwk_set.is_empty() {
        doubts.push(Wrong::new(
            "auth.jwt.secret",
            "is empty, and so is `auth.jwt.public_jwk_set`: every JSON Web Token is refused",
        ));
    }
    if auth.jwt.issuers.is_empty() {
        doubts.push(Wrong::new(
            "auth.jwt.issuers",
            "is empty, so every token is refused",
        ));
    }
    if !auth.jwt.public_jwk_set.is_empty() && auth.jwt.issuers == Auth::default().jwt.issuers {
        doubts.push(Wrong::new(
            "auth.jwt.issuers",
            "names only this service: name the issuer whose keys are in `public_jwk_set`",
        ));
    }
    doubts
}
