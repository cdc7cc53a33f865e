//! Memory that may be missing: growing a vector by a factor, and saying how much there was not.

use alloc::vec::Vec;

use crate::backend::Refusal;

/// Sees to it that `vec` can hold `wanted` entries. It grows by half, so that filling it one by one
/// costs O(1) each; but not beyond `most`, if it is known how many there will be at most.
pub(super) fn make_room<T>(
    vec: &mut Vec<T>,
    wanted: usize,
    most: Option<usize>,
) -> Result<(), Refusal> {
    if wanted <= vec.capacity() {
        return Ok(());
    }
    let ahead = vec.capacity().saturating_add(vec.capacity() / 2);
    let target = most.map_or(ahead, |most| ahead.min(most)).max(wanted);
    let reserved = vec
        .try_reserve_exact(target - vec.len())
        .or_else(|_| vec.try_reserve_exact(wanted - vec.len()));
    reserved.map_err(|_| Refusal::NoMemory { bytes: wanted.saturating_mul(size_of::<T>()) })
}
