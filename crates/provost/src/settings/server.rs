//! `[server]`: where the service listens and what it accepts.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

use super::{Network, Wrong};

/// Where the service listens, and the limits of one request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// The address and port to listen on. Port 0 takes a free one, which is printed at start.
    #[serde(deserialize_with = "address")]
    pub listen: SocketAddr,
    /// The address under which clients reach the service, e.g. `https://authz.example.org`. It is used in absolute links.
    /// Without it, links repeat the host of the request.
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-Proto`, `X-Forwarded-Host` and `X-Forwarded-For` headers are believed: addresses or networks.
    pub trusted_proxies: Vec<Network>,
    /// The address or path under which uploaded files, such as logos, are served.
    pub media_url: String,
    /// The largest request body, in bytes. A larger one is answered 413.
    pub body_limit_bytes: usize,
    /// How long one request may take, in seconds, before it is answered 503.
    pub request_timeout_seconds: u64,
    /// How long a client may take to send the head of a request, in seconds, and how long an idle connection is kept. A little
    /// longer than a proxy in front keeps its own idle connections is a good measure.
    pub header_timeout_seconds: u64,
    /// How long requests in flight may go on after SIGTERM or SIGINT, in seconds.
    pub shutdown_grace_seconds: u64,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8700)),
            public_url: None,
            trusted_proxies: Vec::new(),
            media_url: "/media/".to_owned(),
            body_limit_bytes: 2_621_440,
            request_timeout_seconds: 30,
            header_timeout_seconds: 75,
            shutdown_grace_seconds: 30,
        }
    }
}

impl Server {
    /// [`Server::request_timeout_seconds`] as a duration.
    #[must_use]
    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_seconds)
    }

    /// [`Server::header_timeout_seconds`] as a duration.
    #[must_use]
    pub fn header_timeout(&self) -> Duration {
        Duration::from_secs(self.header_timeout_seconds)
    }

    /// [`Server::shutdown_grace_seconds`] as a duration.
    #[must_use]
    pub fn shutdown_grace(&self) -> Duration {
        Duration::from_secs(self.shutdown_grace_seconds)
    }

    pub(super) fn doubts(&self) -> Vec<Wrong> {
        // Whoever has another address than this one listens on has something in front.
        let is_behind = self.public_url.is_some() && self.listen.ip().is_loopback();
        if !is_behind || !self.trusted_proxies.is_empty() {
            return Vec::new();
        }
        vec![Wrong::new(
            "server.trusted_proxies",
            "is empty although `server.public_url` is set: the failed sign-ins of everybody behind a proxy count as \
             the proxy's, and lock all of them out together",
        )]
    }

    pub(super) fn validate(&self) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        if let Some(url) = &self.public_url
            && !is_origin(url)
        {
            wrong.push(Wrong::new(
                "server.public_url",
                "must be `http://` or `https://`, a host and perhaps a port, and nothing after them",
            ));
        }
        if self.body_limit_bytes < 1024 {
            wrong.push(Wrong::new(
                "server.body_limit_bytes",
                "must be at least 1024",
            ));
        }
        for (key, seconds) in [
            (
                "server.request_timeout_seconds",
                self.request_timeout_seconds,
            ),
            ("server.header_timeout_seconds", self.header_timeout_seconds),
        ] {
            if seconds == 0 {
                wrong.push(Wrong::new(key, "must be at least 1"));
            }
        }
        wrong
    }
}

fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| {
        de::Error::custom(format!(
            "`{text}` is no address with a port, such as 127.0.0.1:8700 or [::]:8700; names of hosts are not looked up"
        ))
    })
}

/// Whether a text is scheme, host and perhaps port, without path, query or blank.
fn is_origin(url: &str) -> bool {
    url.strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .is_some_and(|host| {
            !host.is_empty()
                && !host
                    .contains(|c: char| c.is_whitespace() || c.is_control() || "/?#@\\".contains(c))
        })
}
