//! What each backend looks like: one colour, one mark and one dash, the same in every figure of every
//! run.
//!
//! A reader who has learned in one figure that the green triangle is `section` must not be misled by the
//! next, nor by the report of another day, whatever else was measured there. So the backends that the
//! program knows have their looks in a table; a variant has the colour of what it is a variant of and a
//! mark of its own; a name that is not known gets what is left, by a hash of the name. The figures call
//! it.
//!
//! The eight backends that are compared most have Okabe and Ito's colours ("Color Universal Design",
//! 2008), which colour-blind readers tell apart, and controls are grey. The others are darker, by
//! which they differ from those where hues do not. No two of the table share a mark, so that a grey print loses
//! nothing; variants of different backends may.

use plotters::style::RGBColor;

use super::shape::Shape;
use super::style::Look;
use crate::report::field::unvaried;

const BLUE: RGBColor = RGBColor(0, 114, 178);
const VERMILION: RGBColor = RGBColor(213, 94, 0);
const GREEN: RGBColor = RGBColor(0, 158, 115);
const BLACK: RGBColor = RGBColor(0, 0, 0);
const PURPLE: RGBColor = RGBColor(204, 121, 167);
const ORANGE: RGBColor = RGBColor(230, 159, 0);
const SKY: RGBColor = RGBColor(86, 180, 233);
/// Of controls, which nobody chooses.
const GREY: RGBColor = RGBColor(128, 128, 128);
const INDIGO: RGBColor = RGBColor(51, 34, 136);
const WINE: RGBColor = RGBColor(136, 34, 85);
const OLIVE: RGBColor = RGBColor(140, 136, 30);
const BROWN: RGBColor = RGBColor(120, 72, 0);
const FOREST: RGBColor = RGBColor(10, 95, 45);
const VIOLET: RGBColor = RGBColor(125, 60, 175);
const PETROL: RGBColor = RGBColor(0, 85, 110);

/// What names that are not known are coloured with.
const COLOURS: [RGBColor; 14] = [
    BLUE, VERMILION, GREEN, PURPLE, SKY, ORANGE, BLACK, INDIGO, WINE, OLIVE, BROWN, FOREST, VIOLET,
    PETROL,
];

const SHAPES: [Shape; 17] = [
    Shape::Circle,
    Shape::Square,
    Shape::Triangle,
    Shape::TriangleDown,
    Shape::TriangleRight,
    Shape::TriangleLeft,
    Shape::Diamond,
    Shape::Pentagon,
    Shape::Hexagon,
    Shape::Star,
    Shape::Cross,
    Shape::Saltire,
    Shape::Tall,
    Shape::Wide,
    Shape::Hourglass,
    Shape::Bowtie,
    Shape::Cup,
];

type Dash = Option<(i32, i32)>;

const SOLID: Dash = None;
const DASHED: Dash = Some((24, 10));
const DOTTED: Dash = Some((8, 10));
const LONG: Dash = Some((40, 14));
const SPACED: Dash = Some((16, 16));

const DASHES: [Dash; 5] = [SOLID, DASHED, DOTTED, LONG, SPACED];

/// The backends of the program. What stands here is what readers have learned: it is added to, and not
/// changed.
const KNOWN: &[(&str, Look)] = &[
    ("array", Look::new(BLUE, Shape::Circle, SOLID)),
    ("rbtree", Look::new(VERMILION, Shape::Square, DASHED)),
    ("section", Look::new(GREEN, Shape::Triangle, DOTTED)),
    ("s-tree", Look::new(BLACK, Shape::TriangleDown, LONG)),
    ("btree", Look::new(PURPLE, Shape::Pentagon, SPACED)),
    ("eytzinger", Look::new(ORANGE, Shape::TriangleRight, SOLID)),
    ("array-branchless", Look::new(SKY, Shape::TriangleLeft, DASHED)),
    ("direct", Look::new(GREY, Shape::Diamond, LONG)),
    ("oracle", Look::new(GREY, Shape::Saltire, DOTTED)),
    ("dense", Look::new(GREY, Shape::Cup, SPACED)),
    ("array-rebuild", Look::new(INDIGO, Shape::Star, DOTTED)),
    ("rangemap", Look::new(OLIVE, Shape::Hourglass, LONG)),
    ("intrusive", Look::new(WINE, Shape::Bowtie, SPACED)),
    ("vm-memory", Look::new(BROWN, Shape::Cross, SOLID)),
    ("array-linear", Look::new(FOREST, Shape::Tall, DASHED)),
    ("array-bigfirst", Look::new(VIOLET, Shape::Wide, DOTTED)),
    ("array-contig", Look::new(PETROL, Shape::Hexagon, LONG)),
];

/// Kernels that an `s-tree:KERNEL` may name.
const KERNELS: [&str; 4] = ["portable", "avx2", "avx512", "neon"];

/// What `backend` looks like in the figures of a run that has the backends `among`. Those matter only
/// where two names that are not known would look alike.
pub(super) fn look(backend: &str, among: &[&str]) -> Look {
    fixed(backend).unwrap_or_else(|| stranger(backend, among))
}

/// The look of a series that is no backend.
pub(super) fn numbered(index: usize) -> Look {
    KNOWN[index % KNOWN.len()].1
}

/// The look of a backend of the program, or of a variant of one.
fn fixed(backend: &str) -> Option<Look> {
    let known = |name: &str| KNOWN.iter().find(|(known, _)| *known == name).map(|(_, look)| *look);
    known(backend).or_else(|| {
        let bare = unvaried(backend);
        let (name, kernel) = bare.split_once(':').unwrap_or((bare, ""));
        let kernel = match KERNELS.iter().position(|known| *known == kernel) {
            Some(at) => at + 1,
            None if kernel.is_empty() => 0,
            None => return None,
        };
        let build = match backend.split_once('@').map(|(_, build)| build) {
            None => 0,
            Some("final") => 1,
            Some("replay") => 2,
            Some(_) => return None,
        };
        let remembers = usize::from(backend.starts_with("last-hit:"));
        Some(varied(known(name)?, remembers + 2 * build + 6 * kernel))
    })
}

/// The look of the variant of this number, from 1, of a backend: its colour, and a mark and a dash that
/// no other variant of it has.
fn varied(look: Look, variant: usize) -> Look {
    let place = SHAPES.iter().position(|shape| *shape == look.shape).unwrap_or(0);
    // 12 has no divisor in common with the number of marks, so that those of few variants all differ, and a
    // circle is not followed by what looks like one.
    let shape = SHAPES[(place + 12 * variant) % SHAPES.len()];
    let dashes = (0..DASHES.len()).map(|step| DASHES[(variant + step) % DASHES.len()]);
    let mut looks = dashes.map(|dash| Look { shape, dash, ..look });
    looks.find(|look| !is_taken(*look)).unwrap_or(look)
}

/// Whether mark and dash are those of a backend of the program.
fn is_taken(look: Look) -> bool {
    KNOWN.iter().any(|(_, known)| alike_in_grey(*known, look))
}

fn alike_in_grey(a: Look, b: Look) -> bool {
    (a.shape, a.dash) == (b.shape, b.dash)
}

/// What is left for a name that is not known: by its hash, and by the next numbers where another name of
/// the run has that look.
fn stranger(backend: &str, among: &[&str]) -> Look {
    let mut strangers: Vec<&str> =
        among.iter().copied().filter(|name| fixed(name).is_none()).collect();
    strangers.push(backend);
    strangers.sort_unstable();
    strangers.dedup();
    let mut given: Vec<Look> = among.iter().filter_map(|name| fixed(name)).collect();
    let mut own = left(hash(backend));
    for name in strangers {
        let clashes = |look: &Look| {
            let same_mark = |other: &Look| (other.colour, other.shape) == (look.colour, look.shape);
            given.iter().any(|other| alike_in_grey(*other, *look) || same_mark(other))
        };
        let from = hash(name);
        let mut looks = (0..LOOKS).map(|step| from.wrapping_add(step)).map(left);
        let look = looks.find(|look| !clashes(look)).unwrap_or_else(|| left(from));
        if name == backend {
            own = look;
        }
        given.push(look);
    }
    own
}

/// How many looks there are: the lengths of the three lists have no divisor in common.
const LOOKS: u64 = (COLOURS.len() * SHAPES.len() * DASHES.len()) as u64;

/// The look of this number, of those that the program's backends leave.
fn left(number: u64) -> Look {
    let of = |number: u64| {
        let at = (number % LOOKS) as usize;
        let (colour, shape) = (COLOURS[at % COLOURS.len()], SHAPES[at % SHAPES.len()]);
        Look { colour, shape, dash: DASHES[at % DASHES.len()] }
    };
    let mut looks = (0..LOOKS).map(|step| of(number.wrapping_add(step)));
    looks.find(|look| !is_taken(*look)).unwrap_or_else(|| of(number))
}

/// FNV-1a of 64 bits (Fowler, Noll, Vo): the same on every machine and in every version.
fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::registry::ENTRIES;
    use crate::report::field::is_control;

    /// What a print in grey shows.
    fn grey(look: Look) -> (String, Dash) {
        (format!("{:?}", look.shape), look.dash)
    }

    fn colour(name: &str) -> RGBColor {
        fixed(name).expect(name).colour
    }

    #[test]
    fn every_backend_of_the_program_has_a_look_that_no_other_has() {
        let looks: Vec<(&str, Look)> = ENTRIES
            .iter()
            .map(|entry| (entry.name, fixed(entry.name).expect(entry.name)))
            .collect();
        for (index, (name, look)) in looks.iter().enumerate() {
            assert_eq!(look.colour == GREY, is_control(name), "{name}");
            for (other, theirs) in &looks[..index] {
                let colours = look.colour != theirs.colour || is_control(name);
                assert!(colours && look.shape != theirs.shape, "{name} and {other}");
            }
        }
        let shapes: BTreeSet<String> = SHAPES.iter().map(|shape| format!("{shape:?}")).collect();
        assert_eq!(shapes.len(), SHAPES.len());
    }

    /// Okabe and Ito's colours but yellow, which is too light for white paper, and grey.
    #[test]
    fn the_backends_compared_most_have_the_colours_that_everybody_tells_apart() {
        let most =
            ["array", "rbtree", "section", "s-tree", "btree", "eytzinger", "array-branchless"];
        for name in most {
            assert!(COLOURS[..7].contains(&colour(name)), "{name}");
        }
        assert_eq!(colour("direct"), GREY);
        for name in ["array-rebuild", "rangemap", "intrusive", "vm-memory", "array-linear"] {
            assert!(!COLOURS[..7].contains(&colour(name)), "{name}");
        }
    }

    #[test]
    fn a_look_does_not_depend_on_who_else_is_in_the_run() {
        for name in ["section", "last-hit:array", "s-tree:avx2@final", "somebody-elses"] {
            let alone = look(name, &[name]);
            assert_eq!(look(name, &["rbtree", "array", name, "x"]), alone, "{name}");
            assert_eq!(look(name, &["x", name, "section", "direct"]), alone, "{name}");
        }
    }

    #[test]
    fn variants_have_their_backends_colour_and_a_mark_of_their_own() {
        for base in ["array", "rbtree", "s-tree", "direct"] {
            let variants = [
                base.to_owned(),
                format!("last-hit:{base}"),
                format!("{base}@final"),
                format!("{base}@replay"),
                format!("last-hit:{base}@final"),
            ];
            let looks = variants.map(|name| fixed(&name).expect("known"));
            let shapes: BTreeSet<_> = looks.iter().map(|look| grey(*look).0).collect();
            assert_eq!(shapes.len(), looks.len(), "{base}");
            assert!(looks.iter().all(|look| look.colour == looks[0].colour), "{base}");
            assert!(looks[1..].iter().all(|look| !is_taken(*look)), "{base}");
        }
        let kernels = KERNELS.map(|kernel| fixed(&format!("s-tree:{kernel}")).expect("known"));
        let shapes: BTreeSet<_> = kernels.iter().map(|look| grey(*look).0).collect();
        assert_eq!(shapes.len(), kernels.len());
        for name in ["array@somehow", "s-tree:mmx", "last-hit:mine", "my-array", ""] {
            assert_eq!(fixed(name), None, "{name}");
        }
    }

    #[test]
    fn names_that_are_not_known_get_what_is_left() {
        let names: Vec<String> = (0..40).map(|n| format!("backend-number-{n}")).collect();
        let mut among: Vec<&str> = names.iter().map(String::as_str).collect();
        among.extend(["array", "rbtree", "last-hit:array"]);
        let looks: Vec<Look> = among.iter().map(|name| look(name, &among)).collect();
        let different: BTreeSet<_> = looks.iter().map(|look| grey(*look)).collect();
        assert_eq!(different.len(), among.len());
        assert!(looks[..40].iter().all(|look| !is_taken(*look) && look.colour != GREY));
        // In whatever order they come.
        let backwards: Vec<&str> = among.iter().rev().copied().collect();
        let again: Vec<Look> = among.iter().map(|name| look(name, &backwards)).collect();
        assert_eq!(looks, again);
        // More than there are looks: some are alike, and none is refused.
        let crowd: Vec<String> = (0..100).map(|n| format!("{n}")).collect();
        let crowd: Vec<&str> = crowd.iter().map(String::as_str).collect();
        assert_eq!(look("7", &crowd), look("7", &crowd));
    }
}
