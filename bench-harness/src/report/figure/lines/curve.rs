//! What the lines show: a backend's cost on each of its layouts, what the marks mean, and the words of
//! the caption.

use std::collections::BTreeSet;

use super::caches::{Cache, outgrown};
use crate::report::again::again;
use crate::report::conditions::reference;
use crate::report::field::{Field, Member, Net};
use crate::report::figure::axis::Axis;
use crate::report::figure::frame::{Key, Symbol};
use crate::report::figure::looks::look;
use crate::report::figure::style::{ANY_LOOK, Look};
use crate::report::numbers::count;
use crate::report::text::clean;
use crate::report::view::View;

/// A backend's line.
pub(super) struct Curve<'r> {
    pub name: &'r str,
    pub look: Look,
    /// Drawn thicker: the reference, and the tree of the paper.
    pub strong: bool,
    /// By number of segments.
    pub points: Vec<Spot>,
}

/// A backend on a layout.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    /// Which layout, of those [`by_size`].
    pub member: usize,
    /// Segments, or bytes; 0 lies at the left edge.
    pub across: f64,
    /// Which layouts it belongs with, see [`families`]: a line joins those of one family.
    pub family: usize,
    pub net: Net,
    /// How many caches the index has outgrown; older records do not tell its size.
    pub outgrown: Option<usize>,
    pub runs: u64,
}

/// Layouts by number of segments, those whose number is known.
pub(super) fn by_size<'f, 'a, 'r>(field: &'f Field<'a, 'r>) -> Vec<(u64, &'f Member<'a, 'r>)> {
    let mut members: Vec<_> =
        field.members.iter().filter_map(|member| Some((member.segments()?, member))).collect();
    members.sort_by_key(|(segments, _)| *segments); // stable: layouts of one size stay as they are
    members
}

/// The lines of a field; `across` says where a backend on a layout of so many segments lies.
pub(super) fn curves<'r>(
    view: &View<'r>,
    field: &Field<'_, 'r>,
    caches: &[Cache],
    across: impl Fn(u64, Option<u64>) -> Option<f64>,
) -> Vec<Curve<'r>> {
    let members = by_size(field);
    let families = families(&members.iter().map(|(_, m)| m.group.layout).collect::<Vec<_>>());
    let reference = reference(view);
    let curve = |name: &&'r str| {
        let spot = |(index, family): (usize, &usize)| {
            let (segments, member) = members.get(index)?;
            let row = member.measured(name)?;
            Some(Spot {
                member: index,
                across: across(*segments, row.index_bytes)?,
                family: *family,
                net: member.net(name)?,
                outgrown: row.index_bytes.map(|bytes| outgrown(caches, bytes)),
                runs: row.runs,
            })
        };
        Curve {
            name,
            look: look(name, &view.backends),
            strong: reference == Some(*name) || *name == "rbtree",
            points: families.iter().enumerate().filter_map(spot).collect(),
        }
    };
    view.backends.iter().map(curve).filter(|curve| !curve.points.is_empty()).collect()
}

/// A number for each layout, the same where names differ by a size alone: `frag-1mb` and `frag-16gb`.
///
/// The fragmented layouts are one memory at several sizes. The map of a real machine is not the next step
/// of anything, nor is a layout of its own kind, and a line to it would claim that it is.
fn families(layouts: &[&str]) -> Vec<usize> {
    let stems: Vec<Option<&str>> = layouts.iter().map(|name| sized(name)).collect();
    let family = |(index, stem): (usize, Option<&str>)| {
        let first = stem.and_then(|_| stems.iter().position(|earlier| *earlier == stem));
        first.unwrap_or(index)
    };
    stems.iter().copied().enumerate().map(family).collect()
}

/// What stands before the size at the end of a name: `frag` of `frag-16gb`. None where it does not end
/// in one.
fn sized(name: &str) -> Option<&str> {
    let (stem, size) = name.rsplit_once('-')?;
    let unit = size.trim_start_matches(|c: char| c.is_ascii_digit());
    let mut letters = unit.chars().map(|c| c.to_ascii_lowercase());
    let prefix = letters.next().filter(|c| matches!(c, 'k' | 'm' | 'g' | 't'));
    let known = ["", "b", "ib"].contains(&letters.collect::<String>().as_str());
    let digits = unit.len() < size.len();
    (!stem.is_empty() && digits && prefix.is_some() && known).then_some(stem)
}

impl Curve<'_> {
    /// What a line joins: neighbours of a family whose places are known, two or more. A mark at the
    /// edge is nobody's neighbour.
    pub(super) fn stretches(&self) -> Vec<Vec<&Spot>> {
        let families: BTreeSet<usize> = self.points.iter().map(|spot| spot.family).collect();
        let mut stretches = Vec::new();
        for family in families {
            let members: Vec<&Spot> =
                self.points.iter().filter(|spot| spot.family == family).collect();
            let known = members.split(|spot| !spot.net.is_clear());
            stretches.extend(known.filter(|places| places.len() > 1).map(<[&Spot]>::to_vec));
        }
        stretches
    }
}

/// Whether any line joins anything.
pub(super) fn joined(curves: &[Curve<'_>]) -> bool {
    curves.iter().any(|curve| !curve.stretches().is_empty())
}

/// A scale that holds every cost that is clearly above zero, with its interval.
pub(super) fn scale(curves: &[Curve<'_>]) -> Axis {
    let clear = spots(curves).filter(|spot| spot.net.is_clear());
    let ends = |spot: &Spot| {
        let margin = spot.net.margin.unwrap_or(0.0);
        [spot.net.ns - margin, spot.net.ns + margin]
    };
    let axis = Axis::logarithmic(clear.flat_map(ends));
    // Room for marks at the lower edge, apart from those that have a place.
    if spots(curves).all(|spot| spot.net.is_clear()) { axis } else { axis.lowered(2.0) }
}

pub(super) fn spots<'c>(curves: &'c [Curve<'_>]) -> impl Iterator<Item = &'c Spot> {
    curves.iter().flat_map(|curve| &curve.points)
}

/// What filled, dotted and hollow marks mean.
pub(super) fn keys(caches: &[Cache], curves: &[Curve<'_>]) -> Vec<Key> {
    let mut keys = vec![Key { symbol: Symbol::Whisker, text: "95 % interval".to_owned() }];
    let Some(most) = spots(curves).filter_map(|spot| spot.outgrown).max() else {
        return keys;
    };
    for (level, cache) in caches.iter().enumerate() {
        if level == 0 {
            let text = format!("index fits {}", cache.text);
            keys.push(Key { symbol: Symbol::Outgrown(ANY_LOOK, 0), text });
        }
        if level < most {
            let text = format!("outgrows {}", cache.text);
            keys.push(Key { symbol: Symbol::Outgrown(ANY_LOOK, level + 1), text });
        }
    }
    keys
}

/// What both captions say, and what one of them says besides.
pub(super) fn caption(
    view: &View<'_>,
    field: &Field<'_, '_>,
    curves: &[Curve<'_>],
    besides: &str,
) -> String {
    let runs = || spots(curves).map(|spot| spot.runs);
    let n = match (runs().min().unwrap_or(0), runs().max().unwrap_or(0)) {
        (least, most) if least == most => format!("n = {most}"),
        (least, most) => format!("n = {least} to {most}"),
    };
    let layouts = by_size(field).into_iter().map(|(segments, member)| {
        format!("{} ({segments}; {})", clean(member.group.layout), count(member.batch.lookups))
    });
    let lines =
        if joined(curves) { "; lines join layouts whose names differ by a size alone" } else { "" };
    let mut text = format!(
        "{}; {n} runs a point; net of {}, bars: Student's t, 95 %. Thick: the reference and \
         rbtree{lines}. {besides}",
        field.setting,
        field.setting.baseline()
    );
    if spots(curves).any(|spot| !spot.net.is_clear()) {
        text += " Arrows at the lower edge: not above zero, or the interval includes zero.";
    }
    text += &format!(
        " Layouts (segments; lookups a batch): {}. Again: {}",
        layouts.collect::<Vec<_>>().join(", "),
        again(view.run)
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_that_differ_by_a_size_alone_are_one_family() {
        let names =
            ["frag-1mb", "paper-32x8", "frag-64MB", "frag-64mb-as-run", "frag-16gb", "frag-2TiB"];
        assert_eq!(families(&names), [0, 1, 0, 3, 0, 0]);
        let real =
            ["real-vm-4g", "real-laptop-40g", "real-2socket-1t", "real-xen-dom0-32g", "real-vm-8g"];
        assert_eq!(families(&real), [0, 1, 2, 3, 0]);
        assert!(families(&[]).is_empty());
    }

    /// What is not a size at the end of a name makes no family, and neither does a size alone.
    #[test]
    fn layouts_of_which_nothing_is_known_stand_alone() {
        let names = [
            "4g", "8g", "-8g", "mine", "mine", "a-g", "b-g", "a-8x", "a-16x", "a-8gbs", "a-16gbs",
            "a-8", "a-16",
        ];
        assert_eq!(families(&names), (0..names.len()).collect::<Vec<_>>());
    }

    fn curve(points: &[(usize, f64)]) -> Curve<'static> {
        let spot = |(across, &(family, ns)): (usize, &(usize, f64))| Spot {
            member: across,
            across: across as f64,
            family,
            net: Net { ns, margin: None },
            outgrown: None,
            runs: 5,
        };
        let points = points.iter().enumerate().map(spot).collect();
        Curve { name: "array", look: ANY_LOOK, strong: false, points }
    }

    #[test]
    fn a_line_joins_a_family_and_breaks_where_a_place_is_not_known() {
        let places = |points: &[(usize, f64)]| -> Vec<Vec<f64>> {
            let curve = curve(points);
            let across = |stretch: Vec<&Spot>| stretch.iter().map(|spot| spot.across).collect();
            curve.stretches().into_iter().map(across).collect()
        };
        assert_eq!(
            places(&[(0, 1.0), (1, 2.0), (0, 3.0), (3, 4.0), (1, 5.0)]),
            [[0.0, 2.0], [1.0, 4.0]]
        );
        assert_eq!(places(&[(0, 1.0), (0, -2.0), (0, 3.0), (0, 4.0)]), [[2.0, 3.0]]);
        assert!(places(&[(0, 1.0), (1, 2.0), (2, 3.0)]).is_empty());
        assert!(joined(&[curve(&[(0, 1.0)]), curve(&[(0, 1.0), (0, 2.0)])]));
        assert!(!joined(&[curve(&[(0, 1.0)]), curve(&[(0, 1.0), (0, 0.0)])]));
    }
}
