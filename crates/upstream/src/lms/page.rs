//! Lists: bare, as the API gives them, or in the pages of a platform that pages everything.

use http::Uri;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::judge::read;
use crate::Failure;
use crate::transport::Answer;

/// A part of a list.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    /// Where the next part is.
    pub(super) next: Option<String>,
}

#[derive(Deserialize)]
struct Envelope<T> {
    results: Vec<T>,
    #[serde(default)]
    next: Option<String>,
}

impl<T: DeserializeOwned> Page<T> {
    pub(super) fn read(answer: &Answer) -> Result<Self, Failure> {
        let first = answer.body.iter().find(|byte| !byte.is_ascii_whitespace());
        if first == Some(&b'{') {
            let Envelope { results, next } = read(answer)?;
            return Ok(Self {
                items: results,
                next,
            });
        }
        Ok(Self {
            items: read(answer)?,
            next: None,
        })
    }
}

/// The address of a next page, which must be at the origin of `base`: whoever else it names would be given our token.
pub(super) fn next(base: &Uri, link: &str) -> Result<Uri, Failure> {
    let wrong = || Failure::nonsense("its next page is elsewhere");
    let link: Uri = link.parse().map_err(|_| wrong())?;
    let is_here = origin(&link).is_some_and(|there| origin(base) == Some(there));
    if is_here { Ok(link) } else { Err(wrong()) }
}

/// Scheme, host and port.
fn origin(uri: &Uri) -> Option<(&str, String, u16)> {
    let scheme = uri.scheme_str()?;
    // An address with credentials in it is none of ours.
    if uri.authority()?.as_str().contains('@') {
        return None;
    }
    let usual = match scheme {
        "https" => 443,
        _ => 80,
    };
    let host = uri.host()?.to_ascii_lowercase();
    Some((scheme, host, uri.port_u16().unwrap_or(usual)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_next_page_is_at_the_same_origin() {
        let base: Uri = "https://lms.example.com/eox-tenant/api/v1/configs/"
            .parse()
            .unwrap();
        for (link, is_followed) in [
            (
                "https://lms.example.com/eox-tenant/api/v1/configs/?page=2",
                true,
            ),
            ("https://LMS.example.com:443/other?page=2", true),
            (
                "http://lms.example.com/eox-tenant/api/v1/configs/?page=2",
                false,
            ),
            ("https://lms.example.com:8443/?page=2", false),
            ("https://lms.example.com.evil.org/?page=2", false),
            ("https://lms.example.com@evil.org/?page=2", false),
            ("https://me:word@lms.example.com/?page=2", false),
            ("//evil.org/?page=2", false),
            ("/eox-tenant/api/v1/configs/?page=2", false),
            ("", false),
            ("not an address", false),
        ] {
            assert_eq!(next(&base, link).is_ok(), is_followed, "{link}");
        }
    }
}
