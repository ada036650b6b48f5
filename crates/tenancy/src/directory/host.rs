//! Hosts as requests name them.

/// The host of a request without its port. An IPv6 address keeps its brackets; what is no
/// `name:port` stands as it is.
pub(super) fn without_port(host: &str) -> &str {
    let colon = || host.find(':').unwrap_or(host.len());
    let end = host.rfind(']').map_or_else(colon, |bracket| bracket + 1);
    match host.split_at_checked(end) {
        Some((name, rest)) if is_port(rest) => name,
        _ => host,
    }
}

/// A colon and digits. The digits may be missing, as RFC 3986 has it.
fn is_port(text: &str) -> bool {
    text.strip_prefix(':')
        .is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()))
}

/// The host of the LMS whose front ends are at a host: of `talent1.apps.example.com` it is
/// `talent1.example.com`.
pub(super) fn lms_of_mfe(host: &str, mfe_label: &str, base_domain: &str) -> Option<String> {
    let name = host
        .strip_suffix(base_domain)?
        .strip_suffix('.')?
        .strip_suffix(mfe_label)?
        .strip_suffix('.')?;
    (!name.is_empty()).then(|| format!("{name}.{base_domain}"))
}

/// The host of the LMS whose Studio is at a host: of `studio.talent1.example.com` it is
/// `talent1.example.com`.
pub(super) fn lms_of_studio(host: &str, studio_label: &str, base_domain: &str) -> Option<String> {
    let lms = host.strip_prefix(studio_label)?.strip_prefix('.')?;
    let name = lms.strip_suffix(base_domain)?.strip_suffix('.')?;
    (!name.is_empty()).then(|| lms.to_owned())
}
