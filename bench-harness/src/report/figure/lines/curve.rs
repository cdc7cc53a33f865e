//! What the lines show: a backend's cost on each of its layouts, what the marks mean, and the words of
//! the caption.

use super::caches::{Cache, outgrown};
use crate::report::again::again;
use crate::report::conditions::reference;
use crate::report::field::{Field, Member, Net};
use crate::report::figure::axis::Axis;
use crate::report::figure::frame::{Key, Symbol};
use crate::report::figure::style::{INK, Look, look};
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
    /// Segments, or bytes; 0 lies at the left edge.
    pub across: f64,
    /// Which layouts it belongs with: a line joins those of one family.
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
        let spot = |((segments, member), family): (&(u64, &Member<'_, 'r>), &usize)| {
            let row = member.measured(name)?;
            Some(Spot {
                across: across(*segments, row.index_bytes)?,
                family: *family,
                net: member.net(name)?,
                outgrown: row.index_bytes.map(|bytes| outgrown(caches, bytes)),
                runs: row.runs,
            })
        };
        Curve {
            name,
            look: look(view.slot(name)),
            strong: reference == Some(*name) || *name == "rbtree",
            points: members.iter().zip(&families).filter_map(spot).collect(),
        }
    };
    view.backends.iter().map(curve).filter(|curve| !curve.points.is_empty()).collect()
}

/// A number for each layout, the same where names are alike up to the first hyphen.
///
/// The fragmented layouts are one memory at several sizes; a real machine's map is not the next step
/// of anything, and a line to it would claim that it is. Where no two names are alike, nothing is known
/// about what belongs together, and all are one family.
fn families(layouts: &[&str]) -> Vec<usize> {
    let stem = |name: &str| name.split('-').next().unwrap_or_default().to_owned();
    let stems: Vec<String> = layouts.iter().map(|name| stem(name)).collect();
    let first = |of: &String| stems.iter().position(|stem| stem == of).unwrap_or(0);
    let families: Vec<usize> = stems.iter().map(first).collect();
    let apart = families.iter().enumerate().all(|(index, family)| index == *family);
    if apart { vec![0; layouts.len()] } else { families }
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
    let neutral = Look { colour: INK, ..look(0) };
    let mut keys = vec![Key { symbol: Symbol::Whisker, text: "95 % interval".to_owned() }];
    let Some(most) = spots(curves).filter_map(|spot| spot.outgrown).max() else {
        return keys;
    };
    for (level, cache) in caches.iter().enumerate() {
        if level == 0 {
            let text = format!("index fits {}", cache.text);
            keys.push(Key { symbol: Symbol::Outgrown(neutral, 0), text });
        }
        if level < most {
            let text = format!("outgrows {}", cache.text);
            keys.push(Key { symbol: Symbol::Outgrown(neutral, level + 1), text });
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
    let mut text = format!(
        "{}; {n} runs a point; net of {}, bars: Student's t, 95 %. Thick: the reference and rbtree; \
         lines join layouts whose names begin alike. {besides}",
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
    use super::families;

    #[test]
    fn layouts_whose_names_begin_alike_are_one_family() {
        let names = ["real-vm-4g", "paper-32x8", "frag-1mb", "real-mips", "frag-1gb"];
        assert_eq!(families(&names), [0, 1, 2, 0, 2]);
    }

    #[test]
    fn layouts_that_share_nothing_are_joined_all_the_same() {
        assert_eq!(families(&["4g", "8g", "mine"]), [0, 0, 0]);
        assert_eq!(families(&["frag-1gb"]), [0]);
        assert!(families(&[]).is_empty());
    }
}
