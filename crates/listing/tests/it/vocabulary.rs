use provost_listing::Direction::{Ascending, Descending};
use provost_listing::{Ask, Direction, Filter, Kind, Listed, Listing};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Name,
    Age,
}

impl Listed for By {
    const LISTING: Listing<Self> = Listing::ordered_by(Self::Age)
        .descending()
        .order(&[("name", Self::Name), ("age", Self::Age)])
        .search(&[Self::Name])
        .filter(&[Filter::new("name", Self::Name, Kind::Text)])
        .pages(20, 50);
}

#[test]
fn an_order_drops_unknown_names_and_falls_back_to_the_default() {
    let cases: &[(&str, &[(By, Direction)])] = &[
        ("", &[(By::Age, Descending)]),
        ("nope,,-", &[(By::Age, Descending)]),
        ("name", &[(By::Name, Ascending)]),
        (
            "-name, age",
            &[(By::Name, Descending), (By::Age, Ascending)],
        ),
        ("nope,-age", &[(By::Age, Descending)]),
        ("Name", &[(By::Age, Descending)]),
    ];
    for (text, expected) in cases {
        assert_eq!(By::LISTING.read_order(text), *expected, "{text:?}");
    }
}

#[test]
fn an_empty_ask_has_the_default_order() {
    assert_eq!(Ask::<By>::default().order, [(By::Age, Descending)]);
    assert_eq!(Descending.reversed(), Ascending);
}

#[test]
fn a_list_that_searches_nothing_ignores_search_texts() {
    assert_eq!(By::LISTING.read_search("a b"), ["a", "b"]);
    assert!(Listing::ordered_by(By::Name).read_search("a b").is_empty());
}
