//! The caches of the machine that was measured, as environment.json names them.
//!
//! Where an index no longer fits, lookups begin to wait for the next level. Used by the figures of
//! [segments](super::segments) and [memory](super::memory).

use crate::report::view::View;

/// A cache that holds data.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Cache {
    /// `L1d`, `L2`, `L3`.
    pub name: String,
    pub bytes: f64,
    /// Name and size as recorded: `L1d 32 KiB`.
    pub text: String,
}

/// How many levels an index can be told to have outgrown; marks have no more kinds.
pub(super) const MOST: usize = 3;

/// The caches that hold data, the smallest first.
pub(super) fn caches(view: &View<'_>) -> Vec<Cache> {
    let mut caches: Vec<Cache> =
        view.run.environment.caches.iter().filter_map(|text| parsed(text)).collect();
    caches.sort_by(|a, b| a.bytes.total_cmp(&b.bytes));
    caches.dedup_by(|a, b| a.name == b.name);
    caches.truncate(MOST);
    caches
}

/// `L1d 32 KiB`; none for a cache of instructions, or for what is not said like this.
fn parsed(text: &str) -> Option<Cache> {
    let mut words = text.split_whitespace();
    let (name, size, unit) = (words.next()?, words.next()?, words.next()?);
    let scale = match unit {
        "B" => 1.0,
        "KiB" => 1024.0,
        "MiB" => 1_048_576.0,
        "GiB" => 1_073_741_824.0,
        _ => return None,
    };
    let bytes = size.parse::<f64>().ok()? * scale;
    let usual = name.len() <= 4 && name.starts_with('L') && !name.ends_with('i');
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric());
    (usual && plain && (1.0..1e15).contains(&bytes)).then(|| Cache {
        name: name.to_owned(),
        bytes,
        text: format!("{name} {size} {unit}"),
    })
}

/// How many of the caches something of this size has outgrown.
pub(super) fn outgrown(caches: &[Cache], bytes: u64) -> usize {
    caches.iter().filter(|cache| bytes as f64 > cache.bytes).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caches_are_read_as_the_machine_writes_them() {
        let size = |text| parsed(text).map(|cache| (cache.name, cache.bytes));
        assert_eq!(size("L1d 32 KiB"), Some(("L1d".to_owned(), 32_768.0)));
        assert_eq!(size("L3 1.5 MiB"), Some(("L3".to_owned(), 1_572_864.0)));
        for other in
            ["L1i 32 KiB", "unknown", "", "L2 1 MB", "L2 NaN MiB", "<b>L 1 MiB", "L2 -1 MiB"]
        {
            assert_eq!(size(other), None, "{other}");
        }
    }
}
