//! Plays the REST API of the plug-in eox-tenant, as an LMS has it, in memory: to try the connector without an LMS, and for
//! tests that need one to fail in all the ways in which a real one does.
//!
//! ```text
//! cargo run --package provost --example eox_tenant -- --listen 127.0.0.1:8800 --client provost:sesame --token abc
//! ```
//!
//! What it is told under `/control/` is not part of the API:
//! - `PUT /control/mode` with `{"mode": "error", "times": 2, "methods": ["POST"]}` lets requests to the API go wrong. `mode`
//!   is `ok`, `slow` (carried out at once, answered after `milliseconds`), `error` (500), `garbage` (a page with status 200)
//!   or `drop` (carried out, and the connection closed without an answer). It holds for the next `times` requests with one
//!   of `methods`; without these, for all.
//! - `GET /control/state` shows everything that is there.

mod fields;
mod files;
mod mode;
mod model;
mod organizations;
mod refusal;
mod wire;

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::net::TcpListener;

use crate::files::Files;
use crate::wire::{Lms, respond};

/// Plays the REST API of eox-tenant in memory.
#[derive(Debug, Parser)]
struct Flags {
    /// Where to listen; port 0 takes a free one. The address is printed.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The bearer token that is let in. Without it everybody is.
    #[arg(long)]
    token: Option<String>,
    /// The client, as `id:secret`, that gets the token at `/oauth2/access_token`. Without it everybody does.
    #[arg(long)]
    client: Option<String>,
    /// How long a token is said to be good, in seconds.
    #[arg(long, default_value_t = 36_000)]
    token_seconds: u32,
    /// A file to which every write that was carried out is appended, before it is answered: one JSON object in a line, with
    /// `method`, `path`, `body` and `id`.
    #[arg(long)]
    journal: Option<PathBuf>,
    /// A file that keeps everything from one run to the next. It is not the journal, though it is written like one.
    #[arg(long)]
    state: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let flags = Flags::parse();
    let (files, model) = Files::open(flags.journal.as_deref(), flags.state.as_deref())?;
    let client = flags.client.as_deref().map(client).transpose()?;
    let listener = TcpListener::bind(flags.listen)
        .await
        .with_context(|| format!("cannot listen on {}", flags.listen))?;
    let address = listener.local_addr()?;
    let lms = Lms::new(flags.token, client, flags.token_seconds, files, model);
    let mut output = std::io::stdout();
    writeln!(output, "listening on http://{address}")?;
    output.flush()?;
    serve(listener, Arc::new(lms)).await
}

fn client(text: &str) -> anyhow::Result<(String, String)> {
    let (id, secret) = text
        .split_once(':')
        .context("--client wants an id and a secret with a colon between them")?;
    Ok((id.to_owned(), secret.to_owned()))
}

/// Serves until the process ends; nothing is lost then, because whatever was answered is in the files.
async fn serve(listener: TcpListener, lms: Arc<Lms>) -> anyhow::Result<()> {
    loop {
        let (stream, _) = listener.accept().await.context("cannot accept")?;
        let lms = Arc::clone(&lms);
        let service = service_fn(move |request| respond(Arc::clone(&lms), request));
        tokio::spawn(async move {
            // A connection that broke, or that we were told to break, concerns nobody else.
            let _ = auto::Builder::new(TokioExecutor::new())
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}
