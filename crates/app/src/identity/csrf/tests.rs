use http::HeaderValue;

use super::*;

/// A secret, another one, and a masked form of the first that Python computed.
const PLAIN: &str = "abcdefghijklmnopqrstuvwxyzABCDEF";
const OTHER: &str = "abcdefghijklmnopqrstuvwxyzABCDEG";
const MASKED: &str = "u8jzPde0IgxLd6GncfBAepfJBd0Kh8oOu9lCTik7QpHWpjUCswTTyKB6ZCqbJBSj";

const HTTP: Site<'_> = Site {
    scheme: "http",
    host: "example.com",
    trusted: &[],
};

/// A cookie, a header, and what comes of them.
type Case<'a> = (Option<&'a str>, Option<&'a str>, Result<(), &'a str>);

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|&(name, value)| {
            let name = http::HeaderName::from_static(name);
            (name, HeaderValue::from_bytes(value.as_bytes()).unwrap())
        })
        .collect()
}

#[test]
fn the_header_must_repeat_the_cookies_secret() {
    let short = "CSRF token from the 'X-Csrftoken' HTTP header has incorrect length.";
    let odd = "CSRF token from the 'X-Csrftoken' HTTP header has invalid characters.";
    let wrong = "CSRF token from the 'X-Csrftoken' HTTP header incorrect.";
    let masked = masked(PLAIN).unwrap();
    let masked_again = super::masked(&masked).unwrap();
    assert_ne!(masked, masked_again);
    let twice = PLAIN.repeat(2);
    let cases: [Case<'_>; 19] = [
        (Some(PLAIN), Some(PLAIN), Ok(())),
        (Some(PLAIN), Some(MASKED), Ok(())),
        (Some(MASKED), Some(PLAIN), Ok(())),
        (Some(MASKED), Some(MASKED), Ok(())),
        (Some(MASKED), Some(&masked), Ok(())),
        (Some(&masked), Some(&masked_again), Ok(())),
        (Some(&twice), Some(&twice), Ok(())),
        (None, None, Err("CSRF cookie not set.")),
        (None, Some(PLAIN), Err("CSRF cookie not set.")),
        (
            Some(""),
            Some(PLAIN),
            Err("CSRF cookie has incorrect length."),
        ),
        (
            Some("short"),
            Some("short"),
            Err("CSRF cookie has incorrect length."),
        ),
        (
            Some("abcdefghijklmnopqrstuvwxyz-BCDEF"),
            Some(PLAIN),
            Err("CSRF cookie has invalid characters."),
        ),
        (Some(PLAIN), None, Err("CSRF token missing.")),
        (Some(PLAIN), Some(""), Err(short)),
        (Some(PLAIN), Some(&PLAIN[1..]), Err(short)),
        (
            Some(PLAIN),
            Some("abcdefghijklmnopqrstuvwxyz-BCDEF"),
            Err(odd),
        ),
        (
            Some(PLAIN),
            Some("äbcdefghijklmnopqrstuvwxyzABCDEF"),
            Err(odd),
        ),
        (Some(PLAIN), Some(OTHER), Err(wrong)),
        (Some(MASKED), Some(OTHER), Err(wrong)),
    ];
    for (cookie, token, expected) in cases {
        let headers = token.map_or_else(HeaderMap::new, |token| headers(&[(HEADER, token)]));
        let outcome = check(&headers, cookie, HTTP).map_err(|refusal| refusal.to_string());
        assert_eq!(
            outcome,
            expected.map_err(str::to_owned),
            "cookie {cookie:?}, header {token:?}"
        );
    }
}

#[test]
fn an_origin_must_be_the_requests_own_or_a_trusted_one() {
    let trusted = [
        "https://apps.example.org".to_owned(),
        "https://*.campus.test".to_owned(),
        "http://localhost:2025".to_owned(),
    ];
    let site = |scheme, host| Site {
        scheme,
        host,
        trusted: &trusted,
    };
    let cases: [(&str, &str, &str, bool); 15] = [
        ("http", "example.com", "http://example.com", true),
        ("https", "example.com", "https://example.com", true),
        ("https", "example.com", "http://example.com", false),
        ("http", "example.com", "https://example.com", false),
        ("http", "example.com:8000", "http://example.com:8000", true),
        ("http", "example.com:8000", "http://example.com", false),
        ("http", "example.com", "https://apps.example.org", true),
        (
            "http",
            "example.com",
            "https://apps.example.org.evil.test",
            false,
        ),
        ("http", "example.com", "http://localhost:2025", true),
        ("http", "example.com", "https://a.campus.test", true),
        ("http", "example.com", "https://campus.test", true),
        ("http", "example.com", "http://a.campus.test", false),
        ("http", "example.com", "https://notcampus.test", false),
        ("http", "example.com", "null", false),
        ("http", "example.com", "", false),
    ];
    for (scheme, host, origin, accepted) in cases {
        let outcome = check_origin(&headers(&[("origin", origin)]), site(scheme, host));
        let expected = if accepted {
            Ok(())
        } else {
            Err(Refusal::Origin(origin.to_owned()))
        };
        assert_eq!(outcome, expected, "{origin} to {scheme}://{host}");
    }
    assert_eq!(
        Refusal::Origin("null".to_owned()).to_string(),
        "Origin checking failed - null does not match any trusted origins."
    );
}

#[test]
fn over_tls_a_request_without_origin_needs_a_referer_of_ours() {
    let trusted = ["https://apps.example.org".to_owned()];
    let site = Site {
        scheme: "https",
        host: "example.com",
        trusted: &trusted,
    };
    let other = "Referer checking failed - https://evil.test/x does not match any trusted origins.";
    let cases: [(Option<&str>, Result<(), &str>); 7] = [
        (None, Err("Referer checking failed - no Referer.")),
        (Some("https://example.com/page?x=1"), Ok(())),
        (Some("https://apps.example.org/"), Ok(())),
        (Some("https://evil.test/x"), Err(other)),
        (
            Some("/page"),
            Err("Referer checking failed - Referer is malformed."),
        ),
        (
            Some("no url at all"),
            Err("Referer checking failed - Referer is malformed."),
        ),
        (
            Some("http://example.com/"),
            Err("Referer checking failed - Referer is insecure while host is secure."),
        ),
    ];
    for (referer, expected) in cases {
        let headers = referer.map_or_else(HeaderMap::new, |text| headers(&[("referer", text)]));
        let outcome = check_origin(&headers, site).map_err(|refusal| refusal.to_string());
        assert_eq!(outcome, expected.map_err(str::to_owned), "{referer:?}");
    }
    assert_eq!(
        check_origin(&HeaderMap::new(), HTTP),
        Ok(()),
        "without TLS none is asked for"
    );
}

#[test]
fn safe_methods_need_no_token() {
    for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE] {
        assert!(is_safe(&method), "{method}");
    }
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        assert!(!is_safe(&method), "{method}");
    }
}

#[test]
fn a_fresh_secret_is_a_token_and_what_is_none_cannot_be_masked() {
    assert!(is_token(&fresh()));
    assert_ne!(fresh(), fresh());
    assert!(masked("short").is_none());
}

#[test]
fn what_browsers_say_themselves_keeps_pages_of_other_sites_out() {
    let site = Site {
        trusted: &["https://*.example.org".to_owned()],
        ..HTTP
    };
    let other = "Fetch metadata checking failed - the request comes from another site.";
    let foreign =
        "Origin checking failed - http://evil.example does not match any trusted origins.";
    for (sent, expected) in [
        (&[][..], None),
        (&[("sec-fetch-site", "same-origin")], None),
        (&[("sec-fetch-site", "none")], None),
        (&[("sec-fetch-site", "same-site")], Some(other)),
        (&[("sec-fetch-site", "cross-site")], Some(other)),
        (&[("sec-fetch-site", "")], Some(other)),
        (&[("origin", "http://example.com")], None),
        (
            &[
                ("origin", "https://app.example.org"),
                ("sec-fetch-site", "cross-site"),
            ],
            None,
        ),
        (&[("origin", "http://evil.example")], Some(foreign)),
        (
            &[
                ("origin", "http://evil.example"),
                ("sec-fetch-site", "same-origin"),
            ],
            Some(foreign),
        ),
        (
            &[("origin", "null")],
            Some("Origin checking failed - null does not match any trusted origins."),
        ),
    ] {
        let found = check_site(&headers(sent), site).map_err(|refusal| refusal.to_string());
        assert_eq!(found.err().as_deref(), expected, "{sent:?}");
    }
}
