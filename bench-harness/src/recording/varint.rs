//! Whole numbers as few bytes: the difference to the number before, small ones either way in one byte.
//!
//! Frames that follow one another are near each other, so most differences take one or two bytes where
//! a frame takes eight. The difference is folded so that small negative ones are small too (0, -1, 1, -2,
//! ... become 0, 1, 2, 3, ...), then written seven bits a byte, the lowest first, with the top bit set in
//! all bytes but the last: the encoding of integers in Protocol Buffers ("sint64") and in DWARF (LEB128).

/// The most bytes that one number takes.
pub(super) const BYTES_MAX: usize = 10;

/// Appends the difference from `before` to `number`.
pub(super) fn put(before: u64, number: u64, to: &mut Vec<u8>) {
    #[allow(clippy::cast_possible_wrap)] // modulo 2^64 on purpose: `Reader` undoes it the same way
    let difference = number.wrapping_sub(before) as i64;
    #[allow(clippy::cast_sign_loss)] // folded: the sign is now the lowest bit
    let mut folded = ((difference << 1) ^ (difference >> 63)) as u64;
    while folded >= 0x80 {
        to.push((folded & 0x7f) as u8 | 0x80);
        folded >>= 7;
    }
    #[allow(clippy::cast_possible_truncation)] // below 0x80
    to.push(folded as u8);
}

/// Puts numbers together again, byte by byte, wherever the bytes are cut.
#[derive(Debug, Default)]
pub(super) struct Reader {
    before: u64,
    folded: u64,
    bytes: usize,
}

impl Reader {
    /// Takes one byte; a number if that was its last.
    ///
    /// # Errors
    /// More bytes, or more bits, than a number has.
    pub(super) fn take(&mut self, byte: u8) -> Result<Option<u64>, TooLong> {
        let bits = u64::from(byte & 0x7f);
        let shift = 7 * self.bytes;
        if self.bytes + 1 == BYTES_MAX && byte > 1 {
            return Err(TooLong);
        }
        self.folded |= bits << shift;
        self.bytes += 1;
        if byte & 0x80 != 0 {
            return Ok(None);
        }
        let difference = (self.folded >> 1) ^ (self.folded & 1).wrapping_neg();
        self.before = self.before.wrapping_add(difference);
        (self.folded, self.bytes) = (0, 0);
        Ok(Some(self.before))
    }

    /// Whether it stands between two numbers.
    pub(super) fn is_between(&self) -> bool {
        self.bytes == 0
    }
}

/// Bytes that are no number.
#[derive(Debug)]
pub(super) struct TooLong;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn there_and_back(numbers: &[u64]) -> Vec<u64> {
        let mut bytes = Vec::new();
        let mut before = 0;
        for &number in numbers {
            put(before, number, &mut bytes);
            before = number;
        }
        let mut reader = Reader::default();
        let read = bytes.iter().filter_map(|&byte| reader.take(byte).expect("a number")).collect();
        assert!(reader.is_between());
        read
    }

    #[test]
    fn near_numbers_take_a_byte_and_far_ones_up_to_ten() {
        let length = |before, number| {
            let mut bytes = Vec::new();
            put(before, number, &mut bytes);
            bytes.len()
        };
        assert_eq!(length(1_000, 1_001), 1);
        assert_eq!(length(1_000, 936), 1);
        assert_eq!(length(1_000, 1_064), 2);
        assert_eq!(length(0, 1 << 40), 6);
        assert_eq!(length(0, u64::MAX), 1, "the difference is modulo 2^64");
        assert_eq!(length(0, 1 << 63), BYTES_MAX);
    }

    #[test]
    fn what_does_not_end_is_no_number() {
        let mut reader = Reader::default();
        for _ in 0..9 {
            assert_eq!(reader.take(0xff).expect("goes on"), None);
        }
        assert!(reader.take(0x80).is_err());
        let mut reader = Reader::default();
        for _ in 0..9 {
            reader.take(0xff).expect("goes on");
        }
        assert!(reader.take(2).is_err(), "more than 64 bits");
    }

    proptest! {
        #[test]
        fn numbers_come_back(numbers in prop::collection::vec(any::<u64>(), 0..100)) {
            prop_assert_eq!(there_and_back(&numbers), numbers);
        }
    }
}
