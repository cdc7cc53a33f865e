//! Cases of plug and unplug.

use super::boot::{NONSENSE, OVERLAPS};
use super::probe::Probe;
use super::{Failed, Stage};

/// What the cases begin with: two segments in 0..128, identities in no order.
const TWO: [(u64, u64, u64); 2] = [(32, 48, 900), (64, 80, 100)];

fn two<'a>(stage: &'a mut Stage<'_>) -> Result<Probe<'a>, Failed> {
    let mut probe = stage.probe(0, 128, 8)?;
    probe.boot(&TWO)?;
    Ok(probe)
}

fn plugged(probe: &mut Probe<'_>, start: u64, end: u64, page: u64) -> Result<(), Failed> {
    let done = probe.plug(start, end, page)?;
    probe.may(&format!("plug({start:#x}, {end:#x}, {page:#x})"), done)
}

fn unplugged(probe: &mut Probe<'_>, start: u64, end: u64) -> Result<(), Failed> {
    let done = probe.unplug(start, end)?;
    probe.may(&format!("unplug({start:#x}, {end:#x})"), done)
}

pub(super) fn plug(stage: &mut Stage<'_>) -> Result<(), Failed> {
    let mut probe = two(stage)?;
    plugged(&mut probe, 8, 16, 300)?;
    plugged(&mut probe, 100, 101, 50)?;
    plugged(&mut probe, 50, 60, 400)?;
    // It touches both of its neighbours, and stays a segment of its own.
    plugged(&mut probe, 60, 64, 410)?;
    plugged(&mut probe, 0, 8, 292)
}

pub(super) fn plug_refuses(stage: &mut Stage<'_>) -> Result<(), Failed> {
    let mut probe = two(stage)?;
    for (start, end) in NONSENSE.into_iter().chain(OVERLAPS) {
        let done = probe.plug(start, end, 700)?;
        probe.refused(&format!("plug({start:#x}, {end:#x}, 0x2bc)"), done)?;
    }
    plugged(&mut probe, 48, 64, 700)
}

pub(super) fn whole(stage: &mut Stage<'_>) -> Result<(), Failed> {
    for (start, end, _) in TWO {
        unplugged(&mut two(stage)?, start, end)?;
    }
    let mut probe = stage.probe(0, 64, 3)?;
    probe.boot(&[(8, 16, 1), (16, 24, 9), (24, 32, 17)])?;
    unplugged(&mut probe, 16, 24)?;
    unplugged(&mut probe, 8, 16)
}

pub(super) fn front(stage: &mut Stage<'_>) -> Result<(), Failed> {
    let mut probe = two(stage)?;
    unplugged(&mut probe, 32, 33)?;
    unplugged(&mut probe, 33, 47)?;
    unplugged(&mut probe, 64, 72)
}

pub(super) fn back(stage: &mut Stage<'_>) -> Result<(), Failed> {
    let mut probe = two(stage)?;
    unplugged(&mut probe, 79, 80)?;
    unplugged(&mut probe, 65, 79)?;
    unplugged(&mut probe, 40, 48)
}

pub(super) fn middle(stage: &mut Stage<'_>) -> Result<(), Failed> {
    let mut probe = two(stage)?;
    unplugged(&mut probe, 36, 40)?;
    unplugged(&mut probe, 70, 71)?;
    // And what came of it again, down to single frames.
    unplugged(&mut probe, 33, 35)?;
    unplugged(&mut probe, 44, 45)?;
    unplugged(&mut probe, 41, 43)
}

pub(super) fn unplug_refuses(stage: &mut Stage<'_>) -> Result<(), Failed> {
    let mut probe = stage.probe(0, 128, 8)?;
    probe.boot(&[(32, 48, 900), (48, 56, 20), (64, 80, 100)])?;
    // Holes, ends in holes, and what goes on into the next segment, touching or not.
    let outside = [(8, 16), (56, 64), (30, 33), (79, 81), (32, 49), (47, 49), (40, 70), (0, 128)];
    for (start, end) in NONSENSE.into_iter().chain(outside) {
        let done = probe.unplug(start, end)?;
        probe.refused(&format!("unplug({start:#x}, {end:#x})"), done)?;
    }
    unplugged(&mut probe, 48, 56)
}

pub(super) fn again(stage: &mut Stage<'_>) -> Result<(), Failed> {
    let mut probe = two(stage)?;
    unplugged(&mut probe, 32, 48)?;
    plugged(&mut probe, 32, 48, 5000)?; // with other pages
    unplugged(&mut probe, 64, 72)?;
    plugged(&mut probe, 64, 72, 100)?; // with those that it had
    unplugged(&mut probe, 36, 40)?;
    plugged(&mut probe, 38, 40, 900)?; // a part, with pages that others had
    plugged(&mut probe, 36, 38, 904)
}
