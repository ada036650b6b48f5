//! HTTP/1.1 with or without TLS: one request, one answer, within bounds.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use crate::Failure;

/// Idle connections are closed early, before the other side does: a write that meets a connection in the moment of its
/// closing ends as a failure of which nobody knows whether it was carried out.
const IDLE: Duration = Duration::from_secs(4);

/// Settings with which no client can be made.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// A setting is wrong.
    #[error("`{field}` {why}")]
    Setting {
        /// The name of the setting in its section.
        field: &'static str,
        /// The rest of the sentence that begins with it.
        why: String,
    },
    /// The file of certificates cannot be used.
    #[error("the certificates in `{path}` cannot be used: {why}")]
    Certificates {
        /// The file.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// TLS cannot be set up.
    #[error("TLS cannot be set up")]
    Tls(#[from] rustls::Error),
}

/// What one call may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// The time from sending to the last byte of the answer.
    pub(crate) time: Duration,
    /// The size of the answer's body.
    pub(crate) bytes: usize,
}

/// A whole answer, whatever its status.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Connections to a service, kept for the next call.
#[derive(Debug)]
pub(crate) struct Transport {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl Transport {
    /// Trusts the usual authorities and those in the PEM file `extra_certificates`, unless that is empty.
    pub(crate) fn new(extra_certificates: &str) -> Result<Self, Unusable> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(trusted(extra_certificates)?)
            .with_no_client_auth();
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .build();
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .build(connector);
        Ok(Self { client })
    }

    /// Sends a request and reads the answer to its end.
    pub(crate) async fn send(
        &self,
        request: Request<Full<Bytes>>,
        bounds: Bounds,
    ) -> Result<Answer, Failure> {
        tokio::time::timeout(bounds.time, self.exchange(request, bounds.bytes))
            .await
            .unwrap_or(Err(Failure::TimedOut))
    }

    async fn exchange(
        &self,
        request: Request<Full<Bytes>>,
        bytes: usize,
    ) -> Result<Answer, Failure> {
        let response = self.client.request(request).await;
        let (parts, body) = response.map_err(|error| unreachable(&error))?.into_parts();
        let body = match Limited::new(body, bytes).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => {
                return Err(Failure::nonsense(format!(
                    "it is longer than {bytes} bytes"
                )));
            }
            Err(error) => return Err(unreachable(error.as_ref())),
        };
        Ok(Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        })
    }
}

/// The innermost cause says it: the ones around it only say that something failed.
fn unreachable(error: &(dyn Error + 'static)) -> Failure {
    let mut innermost = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    Failure::Unreachable {
        why: innermost.to_string(),
    }
}

/// The authorities that browsers trust, and those in the file.
fn trusted(extra_certificates: &str) -> Result<RootCertStore, Unusable> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    if extra_certificates.is_empty() {
        return Ok(roots);
    }
    let unusable = |why: String| Unusable::Certificates {
        path: extra_certificates.to_owned(),
        why,
    };
    let certificates = CertificateDer::pem_file_iter(extra_certificates)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unusable(error.to_string()))?;
    // A bundle of a whole system may hold some that cannot be used.
    let (added, _) = roots.add_parsable_certificates(certificates);
    if added == 0 {
        return Err(unusable("it holds none".to_owned()));
    }
    Ok(roots)
}
