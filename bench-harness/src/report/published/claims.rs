//! What the paper's numbers say of each other, with the arithmetic spelled out.
//!
//! Every figure is worked out from `data/published/` when it is asked for; the seconds in the arithmetic are the
//! paper's, so that a reader can check it with the paper in hand.

use super::{
    ARRAY, HEADLINE_LOOKUPS, TABLE1, TABLE2, TABLE4, TREE, Timing, generator_s, printed_change_pct,
    recomputed, spread,
};
use crate::report::numbers::{change, count, fixed, significant};

/// What a claim is about, so that this run's counterpart can be found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::report) enum Subject {
    /// The change at the largest number of lookups, of the array's time.
    OfArray,
    /// The same difference, of the tree's time.
    OfTree,
    /// The change net of the generator.
    Net,
    /// What part of the array's time the generator is.
    Generator,
    /// The time of these numbers of lookups, the first by the second.
    Batches([u64; 2]),
    /// What part of a batch of so many lookups is not lookups.
    SetUp(u64),
    /// The time on one fragmented chunk against another, by label.
    Chunks([u32; 2]),
}

/// Something that the paper's numbers say.
#[derive(Clone, PartialEq, Debug)]
pub(in crate::report) struct Claim {
    pub subject: Subject,
    /// What it is about.
    pub what: String,
    /// How it is worked out.
    pub arithmetic: String,
    /// What comes out.
    pub figure: String,
}

/// All of them, in the order in which they are told.
pub(in crate::report) fn claims() -> Vec<Claim> {
    let mut claims = changes();
    claims.extend([(100, 1_000)].into_iter().filter_map(|(few, more)| batches(few, more)));
    claims.extend([1_000, 10_000, 100_000, 1_000_000].into_iter().filter_map(set_up));
    claims.extend([(64, 1), (256, 1)].into_iter().filter_map(|(one, other)| chunks(one, other)));
    claims
}

/// Four percentages for one difference.
fn changes() -> Vec<Claim> {
    let (Some(array), Some(tree), Some(again)) = (spread(ARRAY), spread(TREE), recomputed()) else {
        return Vec::new();
    };
    let (array, tree, generator) = (array.average_s, tree.average_s, generator_s());
    let claim = |subject, what: &str, arithmetic: String, figure: String| Claim {
        subject,
        what: what.to_owned(),
        arithmetic,
        figure,
    };
    let pct = |value: f64| format!("{} %", change(value, 1.0));
    vec![
        claim(
            Subject::OfArray,
            "the change as printed",
            "in the text; no quotient of its tables gives it".to_owned(),
            pct(printed_change_pct()),
        ),
        claim(
            Subject::OfArray,
            "the change, of the array's time",
            format!("({tree} − {array}) / {array}"),
            format!(
                "{} [{}, {}]",
                pct(again.change_pct),
                change(again.low_pct, 1.0),
                change(again.high_pct, 1.0)
            ),
        ),
        claim(
            Subject::OfTree,
            "the same, of the tree's time",
            format!("({tree} − {array}) / {tree}"),
            pct(again.of_tree_pct),
        ),
        claim(
            Subject::Net,
            "the same without the generator",
            format!("({tree} − {array}) / ({array} − {generator})"),
            pct(again.net_pct),
        ),
        claim(
            Subject::Generator,
            "the generator's part of the array's time",
            format!("{generator} / {array}"),
            format!("{} %", significant(100.0 * generator / array, 3)),
        ),
    ]
}

/// Rows of Tables 2 and 1 of a number of lookups: array, tree.
fn both(lookups: u64) -> Option<[&'static Timing; 2]> {
    let of = |table: &'static [Timing]| table.iter().find(|row| row.lookups == lookups);
    Some([of(&TABLE2)?, of(&TABLE1)?])
}

/// Fewer lookups that take longer.
fn batches(few: u64, more: u64) -> Option<Claim> {
    let (a, b) = (both(few)?, both(more)?);
    let ratio = |at: usize| significant(a[at].average_s / b[at].average_s, 3);
    Some(Claim {
        subject: Subject::Batches([few, more]),
        what: format!("time of {} lookups by that of {}: {ARRAY}, {TREE}", count(few), count(more)),
        arithmetic: format!(
            "{} / {}, {} / {}",
            a[0].average_s, b[0].average_s, a[1].average_s, b[1].average_s
        ),
        figure: format!("{}, {}", ratio(0), ratio(1)),
    })
}

/// What remains of a batch when the lookups are taken off at what they cost in the largest.
fn set_up(lookups: u64) -> Option<Claim> {
    let (here, largest) = (both(lookups)?, both(HEADLINE_LOOKUPS)?);
    let fold = HEADLINE_LOOKUPS / lookups;
    let share = |at: usize| {
        let of_lookups = largest[at].average_s / fold as f64 / here[at].average_s;
        format!("{} %", fixed(100.0 * (1.0 - of_lookups), 1))
    };
    let sum = |at: usize| {
        format!("1 − {} / {} / {}", largest[at].average_s, count(fold), here[at].average_s)
    };
    Some(Claim {
        subject: Subject::SetUp(lookups),
        what: format!("part of {} lookups that is not lookups: {ARRAY}, {TREE}", count(lookups)),
        arithmetic: format!("{}, {}", sum(0), sum(1)),
        figure: format!("{}, {}", share(0), share(1)),
    })
}

/// Rows of Table 4 against each other.
fn chunks(one: u32, other: u32) -> Option<Claim> {
    let of = |label: u32| TABLE4.iter().find(|row| row.label_mb == Some(label));
    let (a, b) = (of(one)?.average_s, of(other)?.average_s);
    Some(Claim {
        subject: Subject::Chunks([one, other]),
        what: format!("the chunk labelled {one} MB against that of {other} MB, {TREE}"),
        arithmetic: format!("{a} / {b} − 1"),
        figure: format!("{} %", change(100.0 * (a / b - 1.0), 10.0)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_paper_says_follows_from_its_tables() {
        let claims = claims();
        let of = |subject| -> Vec<(&str, &str)> {
            let those = claims.iter().filter(|claim| claim.subject == subject);
            those.map(|claim| (claim.arithmetic.as_str(), claim.figure.as_str())).collect()
        };
        let changes = of(Subject::OfArray);
        assert_eq!(changes[0].1, "+5.59 %");
        assert_eq!(changes[1], ("(8.93254 − 8.43476) / 8.43476", "+5.90 % [+4.82, +6.98]"));
        assert_eq!(of(Subject::OfTree), [("(8.93254 − 8.43476) / 8.93254", "+5.57 %")]);
        assert_eq!(of(Subject::Net), [("(8.93254 − 8.43476) / (8.43476 − 2.03)", "+7.77 %")]);
        assert_eq!(of(Subject::Generator), [("2.03 / 8.43476", "24.1 %")]);
        let few = of(Subject::Batches([100, 1_000]));
        assert_eq!(few, [("0.004714 / 0.002754, 0.004599 / 0.00274", "1.71, 1.68")]);
        assert_eq!(of(Subject::SetUp(100_000))[0].1, "23.4 %, 21.8 %");
        assert_eq!(of(Subject::SetUp(1_000))[0].1, "96.9 %, 96.7 %");
        assert_eq!(of(Subject::Chunks([64, 1])), [("0.958675 / 1.01581 − 1", "-5.6 %")]);
    }
}
