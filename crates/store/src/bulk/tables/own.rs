//! What the program keeps for itself: credentials and the change log.

use super::super::Table;
use super::super::columns::{counted, int, json, keyed, maybe, text, time, to};

/// API tokens of people.
pub static AUTH_TOKENS: Table = keyed(
    "auth_tokens",
    "key",
    &[text("key"), to(int("user_id"), "users"), time("created")],
);

/// Signed-in browsers.
pub static SESSIONS: Table = keyed(
    "sessions",
    "key_hash",
    &[
        text("key_hash"),
        to(int("user_id"), "users"),
        time("created_at"),
        time("expires_at"),
    ],
);

/// Programs that may ask for tokens.
pub static OAUTH_APPLICATIONS: Table = counted(
    "oauth_applications",
    &[
        int("id"),
        text("client_id"),
        text("client_secret"),
        text("name"),
        maybe(to(int("user_id"), "users")),
        text("client_type"),
        text("grant_type"),
        time("created_at"),
        time("updated_at"),
        text("redirect_uris"),
        json("extra"),
    ],
    &[],
);

/// Tokens.
pub static OAUTH_TOKENS: Table = keyed(
    "oauth_tokens",
    "token_hash",
    &[
        text("token_hash"),
        to(int("application_id"), "oauth_applications"),
        to(int("user_id"), "users"),
        text("scope"),
        time("created_at"),
        time("expires_at"),
    ],
);

/// The change log.
pub static CHANGES: Table = keyed(
    "changes",
    "seq",
    &[
        int("seq"),
        time("at"),
        maybe(int("actor_id")),
        text("actor"),
        maybe(text("on_behalf_of")),
        maybe(text("request_id")),
        maybe(text("org")),
        text("kind"),
        text("subject"),
        text("outcome"),
        maybe(json("before")),
        maybe(json("after")),
    ],
);

/// The last number of the change log.
pub static CHANGE_COUNTER: Table = keyed("change_counter", "id", &[int("id"), int("seq")]);
