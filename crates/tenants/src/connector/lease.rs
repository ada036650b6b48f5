//! The right to push, which one process at a time has.
//!
//! It is taken when there is something to push and given back when there is nothing more. It lasts three
//! times as long as one request may take, and is prolonged before each call and while a long one goes on,
//! so that it ends by itself only where its process did. Nobody keeps it while nothing is asked: after a
//! failure it is given back or, if something is in doubt, left to end soon.
//!
//! Invariant: a lease that was not given back says that a push of its holder is in doubt.

use std::pin::pin;
use std::time::Duration;

use provost_app::App;
use provost_store::tenants::sync::{self, State};
use provost_store::{Fault, Tx};
use tokio::sync::watch;
use tokio::time::Instant;

use super::trouble::Trouble;

/// How many requests may time out within one lease.
const CALLS: u32 = 3;

/// The right to push, or the wish for it.
pub(super) struct Lease {
    app: App,
    holder: String,
    length: Duration,
    stop: watch::Receiver<bool>,
    /// When it was taken or prolonged; nothing while it is not ours.
    since: Option<Instant>,
}

/// What came of an attempt to take the lease.
pub(super) enum Taken {
    /// It is ours. `was_left`: whoever had it before did not give it back.
    Ours { state: State, was_left: bool },
    /// Somebody else has it.
    Theirs(State),
}

impl Lease {
    /// `patience` is the longest time that one request takes.
    pub(super) fn new(
        app: App,
        holder: String,
        patience: Duration,
        stop: watch::Receiver<bool>,
    ) -> Self {
        Self {
            app,
            holder,
            length: patience * CALLS,
            stop,
            since: None,
        }
    }

    pub(super) fn length(&self) -> Duration {
        self.length
    }

    pub(super) fn holder(&self) -> &str {
        &self.holder
    }

    /// Takes it, unless somebody else has it.
    pub(super) async fn take(&mut self) -> Result<Taken, Fault> {
        let state = sync::state(self.app.store().read()).await?;
        let is_free = state.holder.as_deref().is_none_or(|it| it == self.holder)
            || state
                .lease_until
                .is_none_or(|until| until <= self.app.now());
        // A look costs nobody anything; a transaction that writes would keep others waiting.
        if !is_free {
            return Ok(Taken::Theirs(state));
        }
        let tx = self.app.store().begin().await?;
        let state = sync::state(&tx).await?;
        if !self.write(&tx).await? {
            return Ok(Taken::Theirs(state));
        }
        tx.commit().await?;
        // Our own, too, if we have left it.
        let is_known = self.since.is_some() && state.holder.as_deref() == Some(&self.holder);
        let was_left = state.holder.is_some() && !is_known;
        self.since = Some(Instant::now());
        Ok(Taken::Ours { state, was_left })
    }

    /// Gives it back, if it is ours.
    pub(super) async fn release(&mut self) -> Result<(), Fault> {
        if self.since.take().is_none() {
            return Ok(());
        }
        let tx = self.app.store().begin().await?;
        sync::release(&tx, &self.holder).await?;
        tx.commit().await
    }

    /// Lets others have it after so long, if it is ours, and leaves the mark that says that something is in
    /// doubt.
    pub(super) async fn leave(&mut self, until: Duration) -> Result<(), Trouble> {
        if self.since.take().is_none() {
            return Ok(());
        }
        let tx = self.begin().await?;
        let now = self.app.now();
        sync::take_lease(&tx, &self.holder, now, now + until).await?;
        Ok(tx.commit().await?)
    }

    /// A transaction in which the lease is ours for certain.
    pub(super) async fn begin(&self) -> Result<Tx, Trouble> {
        let tx = self.app.store().begin().await?;
        // Who has it, and not whether it is free: another process may have had it meanwhile.
        let holder = sync::state(&tx).await?.holder;
        if holder.as_deref() == Some(self.holder.as_str()) {
            Ok(tx)
        } else {
            Err(Trouble::Lost)
        }
    }

    /// Makes a call under the lease. It is broken off when the lease is lost, but never because the
    /// process is told to stop: then the next one is not made.
    pub(super) async fn ask<T>(
        &mut self,
        call: impl Future<Output = Result<T, Trouble>>,
    ) -> Result<T, Trouble> {
        if *self.stop.borrow() {
            return Err(Trouble::Stopped);
        }
        let third = self.length / CALLS;
        if self.since.is_none_or(|since| since.elapsed() >= third) {
            self.prolong().await?;
        }
        let mut call = pin!(call);
        loop {
            tokio::select! {
                answer = &mut call => return answer,
                () = tokio::time::sleep(third) => self.prolong().await?,
            }
        }
    }

    /// Makes a call that changes nothing, under the lease. Nobody minds if it is broken off, so that is what
    /// happens when the process is told to stop.
    pub(super) async fn look<T>(
        &mut self,
        call: impl Future<Output = Result<T, Trouble>>,
    ) -> Result<T, Trouble> {
        let mut stop = self.stop.clone();
        tokio::select! {
            answer = self.ask(call) => answer,
            _ = stop.wait_for(|stop| *stop) => Err(Trouble::Stopped),
        }
    }

    /// Waits; whether it is time to stop.
    pub(super) async fn rest(&mut self, pause: Duration) -> bool {
        tokio::select! {
            // Nobody is left who could say so: that is a reason to stop, too.
            _ = self.stop.wait_for(|stop| *stop) => true,
            () = tokio::time::sleep(pause) => false,
        }
    }

    async fn prolong(&mut self) -> Result<(), Trouble> {
        let tx = self.begin().await?;
        self.write(&tx).await?;
        tx.commit().await?;
        self.since = Some(Instant::now());
        Ok(())
    }

    async fn write(&self, tx: &Tx) -> Result<bool, Fault> {
        let now = self.app.now();
        sync::take_lease(tx, &self.holder, now, now + self.length).await
    }
}
