use super::*;

fn route(id: i64, domain: &str, config: i64) -> Known {
    let domain = domain.to_owned();
    Known {
        id,
        object: Object::Route { domain, config },
    }
}

fn config(id: i64, key: &str) -> Known {
    let body = provost_upstream::lms::ConfigBody {
        external_key: key.to_owned(),
        ..Default::default()
    };
    Known {
        id,
        object: Object::Config(body),
    }
}

fn sides(here: Vec<Known>, there: Vec<Known>, links: &[(i64, i64)]) -> Sides {
    Sides {
        here,
        there,
        links: links.iter().copied().collect(),
    }
}

fn configs(here: &[(i64, &str)], there: &[(i64, &str)], links: &[(i64, i64)]) -> Sides {
    let known = |all: &[(i64, &str)]| all.iter().map(|(id, key)| config(*id, key)).collect();
    sides(known(here), known(there), links)
}

fn check(sides: &Sides, expected: &[(i64, i64)]) {
    let mut found: Vec<_> = matched(sides).into_iter().collect();
    found.sort_unstable();
    assert_eq!(found, expected, "{sides:?}");
}

#[test]
fn things_are_matched_by_link_and_name_then_by_name_then_by_link() {
    check(&configs(&[(1, "a")], &[(7, "a")], &[]), &[(1, 7)]);
    check(&configs(&[(1, "a")], &[(7, "b")], &[]), &[]);
    // Renamed here, or there.
    check(&configs(&[(1, "a")], &[(7, "b")], &[(1, 7)]), &[(1, 7)]);
    // The link is of an LMS that was since restored: what has our name is ours.
    let restored = configs(&[(1, "a")], &[(7, "b"), (8, "a")], &[(1, 7)]);
    check(&restored, &[(1, 8)]);
    // Of several with one name, the linked one; then one with the same key; then the first.
    let several = [(5, "a"), (6, "a"), (7, "a"), (8, "a")];
    check(&configs(&[(1, "a")], &several, &[(1, 8)]), &[(1, 8)]);
    check(&configs(&[(6, "a")], &several, &[]), &[(6, 6)]);
    check(
        &configs(&[(1, "a"), (2, "a")], &several, &[]),
        &[(1, 5), (2, 6)],
    );
    check(
        &configs(&[(1, "a"), (5, "a")], &several, &[]),
        &[(1, 6), (5, 5)],
    );
    // Nothing there is two things here.
    check(
        &configs(&[(1, "a"), (2, "a")], &[(7, "a")], &[(1, 7), (2, 7)]),
        &[(1, 7)],
    );
    check(
        &configs(&[(1, "a"), (2, "b")], &[(7, "c")], &[(1, 7), (2, 7)]),
        &[(1, 7)],
    );
    // What is linked and gone there is as if it were not linked.
    check(&configs(&[(1, "a")], &[], &[(1, 7)]), &[]);
}

#[test]
fn a_host_keeps_the_route_that_it_has_there() {
    let here = vec![route(1, "b", 1), route(2, "a", 1), route(3, "c", 1)];
    let there = vec![route(11, "a", 1), route(12, "b", 1), route(13, "d", 1)];
    let swapped = sides(here, there, &[(1, 11), (2, 12), (3, 13)]);
    check(&swapped, &[(1, 12), (2, 11), (3, 13)]);
}

#[test]
fn routes_follow_configurations_and_are_removed_before_them() {
    let all = HashMap::from([
        (
            Kind::Config,
            configs(&[(1, "a"), (2, "new")], &[(7, "a"), (8, "old")], &[]),
        ),
        (
            Kind::Route,
            sides(
                vec![
                    route(1, "same", 1),
                    route(2, "moved", 1),
                    route(3, "waits", 2),
                ],
                vec![
                    route(11, "same", 7),
                    route(12, "moved", 8),
                    route(13, "old", 8),
                    route(14, "waits", 8),
                ],
                &[],
            ),
        ),
        (Kind::Microsite, Sides::default()),
    ]);
    let lines = |steps: &[Step]| steps.iter().map(ToString::to_string).collect::<Vec<_>>();
    let expected = [
        "+ config    new  [2]",
        "~ route     moved  [2, there 12]",
        "~ route     waits  [3, there 14]",
        "- route     old  [there 13]",
        "- config    old  [there 8]",
    ];
    let pruning = plan(&all, true);
    assert_eq!(lines(&pruning.steps), expected);
    assert_eq!((pruning.unchanged, pruning.beside.len()), (2, 0));
    let keeping = plan(&all, false);
    assert_eq!(lines(&keeping.steps), expected[..3]);
    assert_eq!(lines(&keeping.beside), expected[3..]);
}

#[test]
fn what_was_linked_and_is_gone_here_is_removed_and_the_rest_is_left() {
    // 2 is gone; 3 is known by another key there; 4 is gone on both sides.
    let links = [(1, 7), (2, 8), (3, 9), (4, 10)];
    let ours = [(1, "a"), (3, "c")];
    let theirs = [(7, "a"), (8, "b"), (9, "theirs"), (11, "c")];
    let all = HashMap::from([(Kind::Config, configs(&ours, &theirs, &links))]);
    let found = plan(&all, false);
    let told = |steps: &[Step]| steps.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(told(&found.steps), ["- config    b  [2, there 8]"]);
    assert_eq!(told(&found.beside), ["- config    theirs  [there 9]"]);
    // What a new thing here took over by its name is not gone.
    let all = HashMap::from([(Kind::Config, configs(&[(5, "b")], &[(8, "b")], &[(2, 8)]))]);
    assert_eq!(plan(&all, false).steps, []);
}

#[test]
fn names_do_not_speak_to_a_terminal() {
    let all = HashMap::from([(Kind::Config, configs(&[(1, "a\u{1b}[2J\n")], &[], &[]))]);
    let shown = plan(&all, false).steps[0].to_string();
    assert_eq!(shown, r"+ config    a\u{1b}[2J\n  [1]");
}
