//! TLS: whom the client trusts.

use std::sync::Arc;

use provost_upstream::lms::{Lms, Settings};
use provost_upstream::{Failure, Unusable};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// A certificate for `localhost`, which signed itself, and its key: for this test only.
const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/certificate.pem");
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/key.pem");
/// A file of another kind.
const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");

/// Starts a service that answers everything with an empty list. Gives its address.
async fn start() -> String {
    let certificate = CertificateDer::from_pem_file(CERTIFICATE).unwrap();
    let key = PrivateKeyDer::from_pem_file(KEY).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("localhost:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that does not trust us hangs up.
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let mut request = [0; 4096];
                let length = stream.read(&mut request).await.unwrap();
                assert!(request[..length].ends_with(b"\r\n\r\n"));
                let answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n[]";
                stream.write_all(answer).await.unwrap();
                stream.shutdown().await.unwrap();
            }
        }
    });
    format!("https://localhost:{port}")
}

fn settings(base_url: &str, ca_certificate: &str) -> Settings {
    Settings {
        base_url: base_url.to_owned(),
        access_token: "given".into(),
        ca_certificate: ca_certificate.to_owned(),
        ..Settings::default()
    }
}

#[tokio::test]
async fn a_service_is_trusted_only_if_its_authority_is() {
    let url = start().await;
    let trusting = Lms::new(&settings(&url, CERTIFICATE)).unwrap();
    assert_eq!(trusting.routes().await.unwrap(), []);

    let stranger = Lms::new(&settings(&url, "")).unwrap();
    let failure = stranger.routes().await.unwrap_err();
    let Failure::Unreachable { why } = failure else {
        panic!("{failure:?}");
    };
    assert!(why.contains("UnknownIssuer"), "{why}");

    let other_name = url.replace("localhost", "127.0.0.1");
    let other_name = Lms::new(&settings(&other_name, CERTIFICATE)).unwrap();
    let failure = other_name.routes().await.unwrap_err();
    assert!(
        matches!(failure, Failure::Unreachable { .. }),
        "{failure:?}"
    );
}

#[test]
fn a_file_without_certificates_is_an_error_from_the_start() {
    for file in ["/nowhere/at/all.pem", KEY, MANIFEST] {
        let unusable = Lms::new(&settings("https://localhost", file)).unwrap_err();
        let is_expected = matches!(unusable, Unusable::Certificates { .. });
        assert!(is_expected, "{file}: {unusable:?}");
    }
}

#[test]
fn wrong_settings_make_no_client() {
    for (base_url, field) in [("", "base_url"), ("localhost", "base_url")] {
        let unusable = Lms::new(&settings(base_url, "")).unwrap_err();
        let Unusable::Setting { field: found, .. } = unusable else {
            panic!("{unusable:?}");
        };
        assert_eq!(found, field);
    }
}
