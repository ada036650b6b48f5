//! One entry of the log, pushed.

use provost_app::App;
use provost_store::changes::Change;
use provost_store::tenants::sync::{self, NewRefused};
use provost_upstream::lms::Lms;

use super::far;
use super::lease::Lease;
use super::object::{Kind, Object, Wanted, wanted};
use super::trouble::{Refusal, Trouble};

/// What became of an entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// It asks for nothing.
    Nothing,
    /// The LMS has what is wanted.
    Pushed,
    /// The LMS takes a configuration that it refused before, and with it whatever needs it. Only a full
    /// comparison finds all of that; the entry is done with it, and not before.
    Cured,
    /// The LMS refuses it. That is on record.
    Parked(Refusal),
}

/// Where entries are pushed.
pub(super) struct Pushing<'a> {
    pub(super) app: &'a App,
    pub(super) lms: &'a Lms,
    pub(super) lease: &'a mut Lease,
}

/// What the LMS knows a thing by from now on.
enum Link {
    To(Kind, i64, i64),
    Gone(Kind, i64),
}

impl Pushing<'_> {
    /// Makes the LMS have what an entry says, and writes down that it does, or that it refuses.
    ///
    /// `in_doubt`: the entry may have been pushed before, without anybody knowing. A thing is then looked
    /// for before it is made.
    pub(super) async fn push(&mut self, change: &Change, in_doubt: bool) -> Result<Done, Trouble> {
        let pushed = match wanted(change) {
            Ok(None) => {
                let tx = self.lease.begin().await?;
                self.advance(tx, change).await?;
                return Ok(Done::Nothing);
            }
            Ok(Some(wanted)) => self.satisfy(&wanted, in_doubt).await,
            Err(_) => Err(Trouble::Refused(Refusal::ours("the entry cannot be read"))),
        };
        match pushed {
            Ok(link) => self.settle(change, link).await,
            Err(Trouble::Refused(refusal)) => self.park(change, refusal).await,
            Err(trouble) => Err(trouble),
        }
    }

    async fn satisfy(&mut self, wanted: &Wanted, in_doubt: bool) -> Result<Link, Trouble> {
        let Wanted {
            kind, id, is_new, ..
        } = *wanted;
        if let Some(object) = &wanted.object {
            let there = self.have(id, object, in_doubt || !is_new).await?;
            return Ok(Link::To(kind, id, there));
        }
        let db = self.app.store().read();
        if let Some(there) = sync::remote(db, kind.word(), id).await? {
            self.lease.ask(far::remove(self.lms, kind, there)).await?;
        }
        Ok(Link::Gone(kind, id))
    }

    /// Makes the LMS have the thing with a key here; its key there.
    async fn have(&mut self, id: i64, object: &Object, in_doubt: bool) -> Result<i64, Trouble> {
        let object = self.there(object).await?;
        let kind = object.kind();
        let linked = sync::remote(self.app.store().read(), kind.word(), id).await?;
        let mut looks = in_doubt;
        if let Some(there) = linked {
            match self.lease.ask(far::put(self.lms, there, &object)).await {
                // Somebody removed it there, and may have made another one.
                Err(trouble) if trouble.is_missing() => looks = true,
                put => return put.map(|()| there),
            }
        }
        if looks && let Some(there) = self.adopt(id, &object).await? {
            return Ok(there);
        }
        match self.lease.ask(far::create(self.lms, &object)).await {
            // A host has one route. If there is one already, it may be ours to take.
            Err(Trouble::Refused(refusal)) if kind == Kind::Route && !looks => {
                let adopted = self.adopt(id, &object).await?;
                adopted.ok_or(Trouble::Refused(refusal))
            }
            created => created,
        }
    }

    /// A thing as the LMS is to have it.
    async fn there(&self, object: &Object) -> Result<Object, Trouble> {
        let Object::Route { config, .. } = object else {
            return Ok(object.clone());
        };
        let config_kind = Kind::Config.word();
        let config = sync::remote(self.app.store().read(), config_kind, *config).await?;
        object.there(|_| config).ok_or_else(|| {
            Trouble::Refused(Refusal::ours("the LMS does not have its configuration"))
        })
    }

    /// Looks for a thing that the LMS has and that is no other of ours, and makes it be like this; its
    /// key there.
    async fn adopt(&mut self, id: i64, object: &Object) -> Result<Option<i64>, Trouble> {
        let kind = object.kind();
        let links = sync::remotes(self.app.store().read(), kind.word()).await?;
        let is_of_another = |there: i64| {
            let mut links = links.iter();
            links.any(|(local, remote)| *local != id && *remote == there)
        };
        let mut there = self.lease.look(far::list(self.lms, kind)).await?;
        there.retain(|it| it.object.identity() == object.identity() && !is_of_another(it.id));
        // What we made ourselves is just so; else the first one.
        let same = there.iter().find(|it| it.object == *object);
        if let Some(same) = same {
            return Ok(Some(same.id));
        }
        let Some(first) = there.first() else {
            return Ok(None);
        };
        let put = far::put(self.lms, first.id, object);
        self.lease.ask(put).await?;
        Ok(Some(first.id))
    }

    async fn settle(&self, change: &Change, link: Link) -> Result<Done, Trouble> {
        let tx = self.lease.begin().await?;
        let cleared = sync::clear_refused(&tx, Some(&change.subject)).await?;
        match link {
            // Others were refused because of it, and are next. Until they are pushed, this entry is not
            // done: its number stays, and so does what is on record.
            Link::To(Kind::Config, ..) if cleared > 0 => {
                drop(tx);
                return Ok(Done::Cured);
            }
            Link::To(kind, local, remote) => {
                sync::link(&tx, kind.word(), &[(local, remote)]).await?;
            }
            Link::Gone(kind, local) => sync::unlink(&tx, kind.word(), &[local]).await?,
        }
        self.advance(tx, change).await?;
        Ok(Done::Pushed)
    }

    async fn park(&self, change: &Change, refusal: Refusal) -> Result<Done, Trouble> {
        let refused = NewRefused {
            seq: change.seq,
            kind: change.kind.clone(),
            subject: change.subject.clone(),
            status: refusal.status,
            error: refusal.error.clone(),
        };
        let tx = self.lease.begin().await?;
        // What was refused of it before is of no interest any more.
        sync::clear_refused(&tx, Some(&change.subject)).await?;
        sync::refuse(&tx, &[refused], self.app.now()).await?;
        self.advance(tx, change).await?;
        Ok(Done::Parked(refusal))
    }

    async fn advance(&self, tx: provost_store::Tx, change: &Change) -> Result<(), Trouble> {
        let now = self.app.now();
        if !sync::advance(&tx, self.lease.holder(), change.seq, now).await? {
            return Err(Trouble::Lost);
        }
        Ok(tx.commit().await?)
    }
}
