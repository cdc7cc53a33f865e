//! Where the entry of a chunk is: in one window, or under directories when the chunks lie far apart.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::mem;

use super::chunk::Entry;
use crate::backend::Refusal;

/// Entries of a directory, as a power of two: 16 KiB for 128 GiB of 4 KiB pages.
const DIRECTORY_SHIFT: u32 = 10;

type Directory = Box<[Entry; 1 << DIRECTORY_SHIFT]>;

/// A window may have so many entries for each chunk in use, and some besides: 1 KiB a chunk of which
/// the descriptors take 4 MiB.
const WINDOW_PER_CHUNK: u64 = 64;
const WINDOW_SPARE: u64 = 1024;

/// The entries of all chunks that there may be something in. At first the window alone is used;
/// once the chunks lie too far apart for it, the directories alone.
#[derive(Debug)]
pub(super) struct Root {
    /// The chunk of the window's first entry.
    base: u64,
    window: Vec<Entry>,
    directories: Vec<Option<Directory>>,
}

impl Root {
    pub(super) const fn new() -> Self {
        Self { base: 0, window: Vec::new(), directories: Vec::new() }
    }

    /// Whether no chunk has an entry.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.window.is_empty() && self.directories.is_empty()
    }

    #[inline(always)]
    #[allow(clippy::inline_always)] // the hot path
    pub(super) fn get(&self, chunk: u64) -> Option<&Entry> {
        match index(chunk.wrapping_sub(self.base)).and_then(|at| self.window.get(at)) {
            Some(entry) => Some(entry),
            None => self.in_directory(chunk),
        }
    }

    #[inline]
    fn in_directory(&self, chunk: u64) -> Option<&Entry> {
        let directory = self.directories.get(index(chunk >> DIRECTORY_SHIFT)?)?.as_ref()?;
        directory.get(offset(chunk))
    }

    pub(super) fn get_mut(&mut self, chunk: u64) -> Option<&mut Entry> {
        match index(chunk.wrapping_sub(self.base)) {
            Some(at) if at < self.window.len() => self.window.get_mut(at),
            _ => {
                let directory = self.directories.get_mut(index(chunk >> DIRECTORY_SHIFT)?)?;
                directory.as_mut()?.get_mut(offset(chunk))
            }
        }
    }

    /// Makes sure that the chunks from `first` to `last` have entries, where `in_use` chunks will
    /// be in use, these included.
    pub(super) fn cover(&mut self, first: u64, last: u64, in_use: u64) -> Result<(), Refusal> {
        if !self.directories.is_empty() {
            return self.cover_by_directories(first, last);
        }
        let end = self.base + self.window.len() as u64;
        let (low, high) = if self.window.is_empty() {
            (first, last + 1)
        } else {
            (first.min(self.base), end.max(last + 1))
        };
        if (low, high) == (self.base, end) {
            return Ok(());
        }
        if high - low > in_use.saturating_mul(WINDOW_PER_CHUNK).saturating_add(WINDOW_SPARE) {
            return self.change_to_directories(first, last);
        }
        if self.window.is_empty() {
            self.base = first;
        } else if low < self.base {
            // Downwards by half as much again, so that going down chunk by chunk is not quadratic.
            let slack = (self.window.len() as u64 / 2).min(WINDOW_SPARE * WINDOW_PER_CHUNK);
            self.extend_down(low.min(self.base.saturating_sub(slack)))?;
        }
        let more = index(high - self.base).ok_or(no_memory(high - self.base))?;
        let more = more.saturating_sub(self.window.len());
        self.window.try_reserve(more).map_err(|_| no_memory(more as u64))?;
        self.window.extend((0..more).map(|_| Entry::ABSENT));
        Ok(())
    }

    fn extend_down(&mut self, low: u64) -> Result<(), Refusal> {
        let more = index(self.base - low).ok_or(no_memory(self.base - low))?;
        self.window.try_reserve(more).map_err(|_| no_memory(more as u64))?;
        self.window.extend((0..more).map(|_| Entry::ABSENT));
        self.window.rotate_right(more);
        self.base = low;
        Ok(())
    }

    fn change_to_directories(&mut self, first: u64, last: u64) -> Result<(), Refusal> {
        let mut new = Self::new();
        new.cover_by_directories(first, last)?;
        let used = |(_, entry): &(u64, &Entry)| !entry.is_absent();
        for (chunk, _) in (self.base..).zip(&self.window).filter(used) {
            new.cover_by_directories(chunk, chunk)?;
        }
        // All memory is there: nothing is refused from here on.
        for (chunk, entry) in (self.base..).zip(mem::take(&mut self.window)) {
            if let Some(place) = new.get_mut(chunk) {
                *place = entry;
            }
        }
        *self = new;
        Ok(())
    }

    fn cover_by_directories(&mut self, first: u64, last: u64) -> Result<(), Refusal> {
        for at in (first >> DIRECTORY_SHIFT)..=(last >> DIRECTORY_SHIFT) {
            let at = index(at).ok_or(no_memory(1 << DIRECTORY_SHIFT))?;
            if at >= self.directories.len() {
                let more = at + 1 - self.directories.len();
                self.directories.try_reserve(more).map_err(|_| no_memory(more as u64))?;
                self.directories.resize_with(at + 1, || None);
            }
            if let Some(place @ None) = self.directories.get_mut(at) {
                *place = Some(blank_directory()?);
            }
        }
        Ok(())
    }

    /// All entries, with their chunks.
    pub(super) fn entries(&self) -> impl Iterator<Item = (u64, &Entry)> {
        let bases = (0..).step_by(1 << DIRECTORY_SHIFT);
        let under = bases.zip(&self.directories).filter_map(|(base, directory)| {
            directory.as_ref().map(|directory| (base..).zip(directory.iter()))
        });
        (self.base..).zip(&self.window).chain(under.flatten())
    }

    pub(super) fn bytes(&self) -> usize {
        let directories = self.directories.iter().flatten().count();
        self.window.capacity() * size_of::<Entry>()
            + self.directories.capacity() * size_of::<Option<Directory>>()
            + directories * size_of::<[Entry; 1 << DIRECTORY_SHIFT]>()
    }

    /// Whether the entries lie under directories.
    #[cfg(test)]
    pub(super) fn is_sparse(&self) -> bool {
        !self.directories.is_empty()
    }
}

/// A number of entries as an index, where it can be one.
#[inline]
fn index(number: u64) -> Option<usize> {
    usize::try_from(number).ok()
}

/// The place of a chunk's entry in its directory.
#[inline]
#[allow(clippy::cast_possible_truncation)] // below 2^10
fn offset(chunk: u64) -> usize {
    (chunk & ((1 << DIRECTORY_SHIFT) - 1)) as usize
}

fn no_memory(entries: u64) -> Refusal {
    let entries = usize::try_from(entries).unwrap_or(usize::MAX);
    Refusal::NoMemory { bytes: entries.saturating_mul(size_of::<Entry>()) }
}

fn blank_directory() -> Result<Directory, Refusal> {
    let refused = no_memory(1 << DIRECTORY_SHIFT);
    let mut entries = Vec::new();
    entries.try_reserve_exact(1 << DIRECTORY_SHIFT).map_err(|_| refused)?;
    entries.resize_with(1 << DIRECTORY_SHIFT, || Entry::ABSENT);
    entries.into_boxed_slice().try_into().map_err(|_| refused)
}
