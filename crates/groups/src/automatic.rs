//! Which rule puts a person into a group: the one procedure for everybody, whether one person is
//! asked about or a whole organization.

use std::borrow::Cow;
use std::collections::HashMap;

use provost_keys::text;
use provost_store::course_access::rules::Rule;

use crate::domains;

/// The rules of one organization, by domain. However many rules there are, an address costs one
/// look-up, and one more for each dot of its domain.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    /// In the order of their keys.
    all: Vec<Rule>,
    /// The first rule of each domain, by its place in `all`.
    exact: HashMap<String, usize>,
    /// The first rule of each domain whose subdomains match.
    below: HashMap<String, usize>,
    fold: bool,
}

impl Rules {
    /// Compiles the rules; `fold` if the case of domains means nothing.
    pub(crate) fn compile(mut rules: Vec<Rule>, fold: bool) -> Self {
        rules.sort_unstable_by_key(|rule| rule.id);
        let mut compiled = Self {
            fold,
            ..Self::default()
        };
        for (at, rule) in rules.iter().enumerate() {
            for domain in std::iter::once(&rule.domain).chain(&rule.domains) {
                compiled.add(domain, at);
            }
        }
        Self {
            all: rules,
            ..compiled
        }
    }

    fn add(&mut self, domain: &str, at: usize) {
        let domain = self.folded(domain).into_owned();
        let (map, key) = match domains::below(&domain) {
            Some(parent) => (&mut self.below, parent.to_owned()),
            None => (&mut self.exact, domain),
        };
        map.entry(key).or_insert(at);
    }

    /// The rule for a mail address: the one with the smallest key of those that name its domain,
    /// or one that its domain is below. Nothing if none does, or the address has no domain.
    pub(crate) fn of(&self, address: &str) -> Option<&Rule> {
        let domain = self.folded(domains::of_address(address)?);
        let exact = self.exact.get(domain.as_ref());
        let below = domain
            .match_indices('.')
            .filter(|(dot, _)| *dot > 0)
            .filter_map(|(dot, _)| self.below.get(domain.get(dot + 1..)?));
        let first = below.chain(exact).min()?;
        self.all.get(*first)
    }

    fn folded<'a>(&self, domain: &'a str) -> Cow<'a, str> {
        if self.fold {
            text::fold(domain).into()
        } else {
            domain.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use provost_store::course_access::Named;

    fn rule(id: i64, domains: &[&str]) -> Rule {
        let mut domains = domains.iter().map(|domain| (*domain).to_owned());
        Rule {
            id,
            name: String::new(),
            domain: domains.next().unwrap_or_default(),
            domains: domains.collect(),
            group: Named {
                id,
                name: String::new(),
            },
        }
    }

    fn found(rules: &Rules, address: &str) -> Option<i64> {
        rules.of(address).map(|rule| rule.id)
    }

    #[test]
    fn the_first_rule_that_names_the_domain_or_one_above_it_counts() {
        let rules = vec![
            rule(9, &["late.org", "*.org"]),
            rule(5, &["a.example.org"]),
            rule(4, &["*.example.org", "other.com", "known_site.com"]),
            rule(6, &["example.org", "other.com", "Case.com"]),
            rule(7, &["*.deep.example.com", "*.example.com"]),
        ];
        let rules = Rules::compile(rules, false);
        for (address, expected) in [
            ("ada@example.org", Some(6)),
            ("ada@a.example.org", Some(4)),
            ("ada@b.a.example.org", Some(4)),
            ("ada@other.com", Some(4)),
            ("ada@late.org", Some(9)),
            ("ada@known_site.com", Some(4)),
            ("ada@x.deep.example.com", Some(7)),
            ("ada@deep.example.com", Some(7)),
            ("ada@Case.com", Some(6)),
            ("ada@case.com", None),
            ("ada@.example.com", None),
            ("ada@notexample.com", None),
            ("ada@example.com", None),
            ("ada@b@other.com", Some(4)),
            ("ada@*.example.com", Some(7)),
            ("ada@", None),
            ("other.com", None),
            ("", None),
        ] {
            assert_eq!(found(&rules, address), expected, "{address}");
        }
    }

    #[test]
    fn case_means_nothing_where_it_is_folded() {
        let rules = vec![rule(1, &["Example.COM", "*.Example.ORG"])];
        let rules = Rules::compile(rules, true);
        for (address, expected) in [
            ("ada@example.com", Some(1)),
            ("ada@EXAMPLE.com", Some(1)),
            ("ada@sub.example.org", Some(1)),
            ("ada@SUB.EXAMPLE.ORG", Some(1)),
            ("ada@example.org", None),
        ] {
            assert_eq!(found(&rules, address), expected, "{address}");
        }
    }

    #[test]
    fn without_rules_nobody_has_one() {
        assert_eq!(found(&Rules::default(), "ada@example.com"), None);
    }
}
