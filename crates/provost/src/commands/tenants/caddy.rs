//! `provost tenants caddy`

use std::net::SocketAddr;

use clap::Args;
use provost_tenancy::Site;

use crate::cli::Outcome;
use crate::commands::print;
use crate::settings::Settings;

const EXAMPLES: &str = "\
Examples:
  provost tenants caddy > Caddyfile
  provost tenants caddy --ask http://provost:8700 --lms lms:8000 --cms cms:8000 --mfe mfe:8002

Caddy gets a certificate when somebody first comes to a host, after asking provost whether the host is a tenant's. So a tenant
that is made later, or gets a domain of its own, needs nothing more than a name server that leads here.";

/// What is printed, with words to be put in.
const CADDYFILE: &str = "\
{
\ton_demand_tls {
\t\t# 200 for a host that is a tenant's or the platform's own, 404 for any other.
\t\task <ask>/api/provost/v1/tenants/known-host
\t}
\t# Whom the authority writes to if something is wrong with certificates.
\t# email <email>
}

https:// {
\ttls {
\t\ton_demand
\t}

\t# What front ends ask when a page loads. Caddy passes on the host, by which provost knows the tenant.
\t@configuration path /api/mfe_config/v1 /api/mfe_config/v1/
\thandle @configuration {
\t\treverse_proxy <ask>
\t}

\t# The front ends of the platform and of its tenants. Put in where Caddy reaches them.
\t@front_ends host <front end hosts>
\thandle @front_ends {
\t\treverse_proxy <front ends>
\t}

\t# Studio. Put in where Caddy reaches it.
\t@studio host <studio hosts>
\thandle @studio {
\t\treverse_proxy <studio>
\t}

\t# The LMS: <lms hosts>, and the domains that tenants have of their own. Put in where Caddy reaches it.
\thandle {
\t\treverse_proxy <lms>
\t}
}
";

/// Print how Caddy gets certificates for the hosts of all tenants, and where it sends requests.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Caddy {
    /// Where Caddy reaches provost, such as `http://provost:8700`. Without it, the address that provost listens on.
    #[arg(long, value_name = "URL", value_parser = url)]
    ask: Option<String>,
    /// Where Caddy reaches the LMS.
    #[arg(long, value_name = "HOST:PORT", value_parser = place, default_value = "lms:8000")]
    lms: String,
    /// Where Caddy reaches Studio.
    #[arg(long, value_name = "HOST:PORT", value_parser = place, default_value = "cms:8000")]
    cms: String,
    /// Where Caddy reaches the front ends.
    #[arg(long, value_name = "HOST:PORT", value_parser = place, default_value = "mfe:8002")]
    mfe: String,
}

/// What stands in the file as it was given must be one word of it.
fn is_word(text: &str) -> bool {
    let is_character = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]/".contains(&byte);
    !text.is_empty() && text.bytes().all(is_character)
}

fn url(text: &str) -> Result<String, String> {
    let host = ["http://", "https://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    if host.is_some_and(is_word) {
        Ok(text.to_owned())
    } else {
        Err("write the whole address, e.g. `http://provost:8700`".to_owned())
    }
}

fn place(text: &str) -> Result<String, String> {
    if is_word(text) {
        Ok(text.to_owned())
    } else {
        Err("write a host and a port, e.g. `lms:8000`".to_owned())
    }
}

impl Caddy {
    pub(super) fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        print(&self.text(settings))?;
        Ok(Outcome::Done)
    }

    fn text(&self, settings: &Settings) -> String {
        let tenants = &settings.tenants;
        let ask = self.ask.clone();
        let ask = ask.unwrap_or_else(|| base(settings.server.listen));
        let platform = Site::platform(tenants);
        // One label of a host may be a star, whichever it is.
        let tenant = Site::of(tenants, "*");
        let [mfe, studio] = [Site::mfe_domain, Site::studio_domain]
            .map(|host| format!("{} {}", host(&platform), host(&tenant)));
        let lms = format!("{}, {}", platform.lms_domain(), tenant.lms_domain());
        let filled = [
            ("<ask>", ask.trim_end_matches('/')),
            ("<email>", &tenants.contact_email),
            ("<front end hosts>", &mfe),
            ("<front ends>", &self.mfe),
            ("<studio hosts>", &studio),
            ("<studio>", &self.cms),
            ("<lms hosts>", &lms),
            ("<lms>", &self.lms),
        ];
        let fill = |text: String, (blank, word): (&str, &str)| text.replace(blank, word);
        filled.into_iter().fold(CADDYFILE.to_owned(), fill)
    }
}

/// The address that somebody on this machine reaches a listener at.
fn base(listen: SocketAddr) -> String {
    let port = listen.port();
    match listen {
        any if any.ip().is_unspecified() => format!("http://127.0.0.1:{port}"),
        address => format!("http://{address}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_break_the_file_is_refused() {
        for (sent, is_url, is_place) in [
            ("http://provost:8700", true, true),
            ("https://[::1]:8700/", true, true),
            ("lms:8000", false, true),
            ("", false, false),
            ("a b", false, false),
            ("http://a {\n}", false, false),
        ] {
            assert_eq!(
                (url(sent).is_ok(), place(sent).is_ok()),
                (is_url, is_place),
                "{sent}"
            );
        }
    }

    #[test]
    fn a_listener_on_all_addresses_is_reached_at_this_machine() {
        for (listen, expected) in [
            ("127.0.0.1:8700", "http://127.0.0.1:8700"),
            ("0.0.0.0:8701", "http://127.0.0.1:8701"),
            ("[::]:8702", "http://127.0.0.1:8702"),
            ("[::1]:8703", "http://[::1]:8703"),
            ("192.0.2.7:80", "http://192.0.2.7:80"),
        ] {
            assert_eq!(base(listen.parse().unwrap()), expected);
        }
    }
}
