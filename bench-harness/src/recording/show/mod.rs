//! A recording as a page of text: what it says, and how local its addresses are, beside as many at random.

mod figures;

use std::fmt::{self, Write};

use physseg::{FrameRange, Pfn};

use super::Recording;
use super::reuse::Reuse;
use crate::layout::THIS_MACHINE;
use crate::layout::show::{bytes, count, percent, wrapped};
use crate::workload::{Addresses, Uniform, Xoshiro};
use figures::{DISTANCES, Figures};

/// Of how many addresses the figures are at most: exact distances of more would take minutes.
const FIGURES_MAX: usize = 1 << 23;

/// Seed of the addresses beside them, any.
const SEED: u64 = 20_170_921;

/// Columns of the page.
const WIDTH: usize = 80;

/// Columns of a bar, for all addresses.
const BAR: usize = 14;

/// The memory that addresses are looked at on.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// What the layout is called.
    pub name: &'a str,
    /// Its segments, ascending and disjoint.
    pub segments: &'a [FrameRange],
    /// Where addresses at random are drawn.
    pub lookups: FrameRange,
}

/// Describes `recording` in lines of at most 80 columns, on a layout if one is known.
pub fn show(recording: &Recording, scene: Option<Scene<'_>>) -> String {
    let mut page = String::new();
    // Writing to a string cannot fail.
    let _ = write_page(&mut page, recording, scene);
    page
}

fn write_page(page: &mut String, recording: &Recording, scene: Option<Scene<'_>>) -> fmt::Result {
    let head = &recording.head;
    writeln!(page, "{}", head.name.escape_debug())?;
    let page_bytes = head.page_size.bytes();
    let size = |frames: u64| bytes(u128::from(frames) * u128::from(page_bytes));
    let mut labels = vec![
        ("about", head.description.clone()),
        ("source", head.source.name().to_owned()),
        ("checksum", format!("{:08x}", recording.checksum)),
        ("page size", bytes(page_bytes.into())),
        ("addresses", count(recording.pfns.len() as u64)),
    ];
    let Some(span) = recording.span() else { return Ok(()) };
    labels.push(("span", format!("{span}: {}", size(span.frames()))));
    labels.push((
        "made on",
        match &head.map {
            Some(map) => {
                let frames: u64 = map.segments.iter().map(|segment| segment.frames()).sum();
                let segments = count(map.segments.len() as u64);
                let name = match map.name.as_str() {
                    THIS_MACHINE => "the machine it was recorded on".to_owned(),
                    name => name.escape_debug().to_string(),
                };
                format!("{name}: {segments} segments, {}", size(frames))
            }
            None => "a memory that it does not tell; give --layout".to_owned(),
        },
    ));
    if let Some(scene) = scene {
        labels.push(("looked at on", scene.name.escape_debug().to_string()));
    }
    for (label, text) in labels {
        for (index, line) in wrapped(&text, WIDTH - 14).iter().enumerate() {
            writeln!(page, "{:<14}{line}", if index == 0 { label } else { "" })?;
        }
    }

    let number = recording.pfns.len().min(FIGURES_MAX);
    if number < recording.pfns.len() {
        writeln!(page, "\nfigures of the first {}", count(number as u64))?;
    }
    let taken = recording.pfns.iter().take(number);
    let range = scene.map_or(span, |scene| scene.lookups);
    let mut uniform = Uniform::<Xoshiro>::over(range, SEED);
    let random: Vec<Pfn> = (0..number).map(|_| uniform.next_pfn()).collect();
    let segments = scene.map(|scene| scene.segments);
    let (own, other) =
        (Figures::of(taken, segments), Figures::of(random.iter().copied(), segments));
    write_table(page, &own, &other, scene.is_some())?;
    write_distances(page, &own, &other)
}

fn write_table(page: &mut String, own: &Figures, other: &Figures, on_layout: bool) -> fmt::Result {
    writeln!(page, "\n{:<42}{:>18}{:>18}", "", "recorded", "uniform")?;
    let mut row = |label: &str, cell: &dyn Fn(&Figures) -> String| {
        writeln!(page, "{label:<42}{:>18}{:>18}", cell(own), cell(other))
    };
    let share = |part: u64, of: &Figures| percent(part, of.addresses.max(1));
    let steps = |part: u64, of: &Figures| percent(part, of.addresses.saturating_sub(1).max(1));
    row("different frames", &|of| count(of.reuse.firsts))?;
    if on_layout {
        row("addresses outside of the layout", &|of| share(of.addresses - of.found, of))?;
        row("different segments", &|of| count(of.segments))?;
        row("in the segment of the address before", &|of| steps(of.same_segment, of))?;
    }
    for (label, which) in [
        ("same frame as before", 0),
        ("next frame", 1),
        ("frame before that", 2),
        ("within 2 MiB", 3),
        ("within 1 GiB", 4),
        ("farther", 5),
    ] {
        row(label, &|of| steps(of.strides[which], of))?;
    }
    row("addresses that come again", &|of| share(of.reuse.again(), of))?;
    // Of a hundred, the last one alone says where 99 % of them end; of fewer nothing does.
    let quantile = |reuse: &Reuse, share: f64| {
        let enough = reuse.again() as f64 * (1.0 - share) >= 1.0 - 1e-9;
        let distance = reuse.quantile(share).filter(|_| enough);
        distance.map_or_else(|| "too few".to_owned(), count)
    };
    row("reuse distance, median", &|of| quantile(&of.reuse, 0.5))?;
    row("reuse distance, 90 % at most", &|of| quantile(&of.reuse, 0.9))?;
    row("reuse distance, 99 % at most", &|of| quantile(&of.reuse, 0.99))
}

fn write_distances(page: &mut String, own: &Figures, other: &Figures) -> fmt::Result {
    writeln!(
        page,
        "\n{:<30}{:>10} {:BAR$}{:>8}",
        "others since the last time", "recorded", "", "uniform"
    )?;
    let bar = |part: u64, of: &Figures| {
        // Any touch at all has a mark.
        let marks = part as f64 / of.addresses.max(1) as f64 * BAR as f64;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // from 0 to BAR
        "#".repeat((marks.ceil() as usize).min(BAR))
    };
    let mut row = |label: String, own_part: u64, other_part: u64| {
        let cell = |part, of: &Figures| percent(part, of.addresses.max(1));
        let line = format!(
            "{label:<30}{:>10} {:<BAR$}{:>8} {:<BAR$}",
            cell(own_part, own),
            bar(own_part, own),
            cell(other_part, other),
            bar(other_part, other)
        );
        writeln!(page, "{}", line.trim_end())
    };
    for &(low, high) in DISTANCES {
        let parts = (own.reuse.between(low, high), other.reuse.between(low, high));
        if parts == (0, 0) {
            continue;
        }
        let label = match (low, high) {
            (0, _) => "none".to_owned(),
            (_, u64::MAX) => format!("{} and more", count(low)),
            _ => format!("{} to {}", count(low), count(high - 1)),
        };
        row(label, parts.0, parts.1)?;
    }
    row("never before".to_owned(), own.reuse.firsts, other.reuse.firsts)
}

#[cfg(test)]
mod tests {
    use physseg::PageSize;

    use super::*;
    use crate::recording::model::{Head, Map, Source, segments_of};

    #[test]
    fn a_page_fits_eighty_columns_and_says_what_is_in_the_recording() {
        let segments = segments_of(&[(8, 16), (24, 40)], PageSize::FOUR_KIB).expect("apart");
        let head = Head {
            name: "small".to_owned(),
            description: "a description that is longer than what is left of a line, so that it is \
                          broken between two words and goes on below"
                .to_owned(),
            source: Source::Ftrace,
            page_size: PageSize::FOUR_KIB,
            map: Some(Map { name: "two".to_owned(), segments }),
        };
        let numbers = [8, 9, 9, 30, 50].into_iter().cycle().take(1_000);
        let recording = Recording { head, pfns: numbers.map(Pfn::new).collect(), checksum: 0xab };
        let map = recording.head.map.as_ref().expect("there");
        let lookups = FrameRange::new(Pfn::new(8), Pfn::new(40)).expect("not empty");
        let scene = Scene { name: "recorded:small", segments: &map.segments, lookups };
        let page = show(&recording, Some(scene));
        assert!(page.lines().all(|line| line.chars().count() <= WIDTH), "{page}");
        insta::assert_snapshot!(page);
        let without = show(&recording, None);
        assert!(!without.contains("different segments"), "{without}");
    }
}
