//! Numbers as maps print them.

/// Hexadecimal digits, with or without `0x`, and nothing else: no sign, no blank, no grouping.
pub(crate) fn hex(text: &str) -> Option<u64> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    digits_only(digits, |byte| byte.is_ascii_hexdigit())?;
    u64::from_str_radix(digits, 16).ok()
}

/// Hexadecimal digits after `0x`.
pub(crate) fn prefixed_hex(text: &str) -> Option<u64> {
    if text.starts_with("0x") || text.starts_with("0X") { hex(text) } else { None }
}

/// Decimal digits and nothing else.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    digits_only(text, |byte| byte.is_ascii_digit())?;
    text.parse().ok()
}

/// `FIRST` and `SECOND` of `FIRST{between}SECOND`, both hexadecimal.
pub(super) fn pair(text: &str, between: &str) -> Option<(u64, u64)> {
    let (first, second) = text.split_once(between)?;
    Some((hex(first.trim())?, hex(second.trim())?))
}

fn digits_only(text: &str, is_digit: impl Fn(u8) -> bool) -> Option<()> {
    (!text.is_empty() && text.bytes().all(is_digit)).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_numbers_that_fit_are_numbers() {
        assert_eq!(hex("0x9f"), Some(0x9f));
        assert_eq!(hex("00100000"), Some(0x10_0000));
        assert_eq!(hex("ffffffffffffffff"), Some(u64::MAX));
        assert_eq!(prefixed_hex("9f"), None);
        assert_eq!(decimal("4095"), Some(4095));
        for text in ["", "0x", "-1", "+1", "0x-1", "1 ", "1_0", "10000000000000000", "0x0x1", "g"] {
            assert_eq!(hex(text), None, "{text:?}");
        }
        for text in ["", "-1", "+1", "1.5", "0x1", "18446744073709551616"] {
            assert_eq!(decimal(text), None, "{text:?}");
        }
    }
}
