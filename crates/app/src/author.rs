//! Who writes: what the change log says about the origin of an entry.

use provost_drf::Caller;
use provost_store::changes::Entry;

/// The origin of a write.
#[derive(Clone, Debug)]
pub struct Author {
    /// Key of the acting user, where there is one.
    pub id: Option<i64>,
    /// Username, or the name of the part of the program that acts, such as `provost import`.
    pub name: String,
    /// On whose behalf, where the credential says that somebody acts for somebody else.
    pub on_behalf_of: Option<String>,
    /// The request's id, where there is a request.
    pub request_id: Option<String>,
}

impl Author {
    /// A part of the program itself.
    #[must_use]
    pub fn program(name: &str) -> Self {
        Self {
            id: None,
            name: name.to_owned(),
            on_behalf_of: None,
            request_id: None,
        }
    }

    /// An entry of `kind` about `subject` by this author, done; before and after are the
    /// caller's to add.
    #[must_use]
    pub fn entry(&self, kind: &str, subject: &str) -> Entry {
        Entry {
            actor_id: self.id,
            actor: self.name.clone(),
            on_behalf_of: self.on_behalf_of.clone(),
            request_id: self.request_id.clone(),
            ..Entry::new(kind, subject)
        }
    }
}

impl From<&Caller> for Author {
    /// A token that carries an `act` claim (RFC 8693 section 4.1) was used by that actor for
    /// the user it names.
    fn from(caller: &Caller) -> Self {
        let acting = caller
            .claims
            .as_deref()
            .and_then(|claims| claims.get("act")?.get("sub")?.as_str());
        Self {
            id: Some(caller.id),
            name: acting.unwrap_or(&caller.username).to_owned(),
            on_behalf_of: acting.map(|_| caller.username.to_string()),
            request_id: caller.request_id.as_deref().map(str::to_owned),
        }
    }
}
