//! Numbers of headers: octal, base-256 and decimal.

use super::TarError;

const BAD: TarError = TarError::Corrupt("a number of a header cannot be read");

/// A number field of a header: octal digits between spaces and NULs, or base-256 where the first bit is set.
pub(super) fn field(bytes: &[u8]) -> Result<i64, TarError> {
    match bytes.first() {
        Some(first) if first & 0x80 != 0 => binary(bytes),
        _ => octal(bytes),
    }
}

/// Base-256: two's complement, big-endian; the top bit only marks the form.
fn binary(bytes: &[u8]) -> Result<i64, TarError> {
    let negative = bytes.first().is_some_and(|first| first & 0x40 != 0);
    let flip = if negative { 0xff } else { 0 };
    let mut number: u64 = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let mut byte = byte ^ flip;
        if at == 0 {
            byte &= 0x7f;
        }
        if number >> 56 != 0 {
            return Err(BAD);
        }
        number = number << 8 | u64::from(byte);
    }
    let number = i64::try_from(number).map_err(|_| BAD)?;
    Ok(if negative { !number } else { number })
}

fn octal(bytes: &[u8]) -> Result<i64, TarError> {
    let padding = |byte: &u8| matches!(byte, b' ' | 0);
    let start = bytes.iter().position(|byte| !padding(byte));
    let Some(start) = start else { return Ok(0) };
    let digits = bytes.get(start..).unwrap_or_default();
    let end = digits.iter().rposition(|byte| !padding(byte));
    let digits = digits.get(..=end.unwrap_or_default()).unwrap_or_default();
    let digits = text(digits);
    let mut number: u64 = 0;
    for digit in digits {
        if !(b'0'..=b'7').contains(digit) || number >> 60 != 0 {
            return Err(BAD);
        }
        number = number << 3 | u64::from(digit - b'0');
    }
    if digits.is_empty() {
        return Err(BAD);
    }
    i64::try_from(number).map_err(|_| BAD)
}

/// A decimal number of a PAX record or a sparse map; a sign is allowed, as everywhere else.
pub(super) fn decimal(bytes: &[u8]) -> Result<i64, TarError> {
    let text = std::str::from_utf8(bytes).map_err(|_| BAD)?;
    text.parse().map_err(|_| BAD)
}

/// A text field: up to its first NUL.
pub(super) fn text(bytes: &[u8]) -> &[u8] {
    let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
    bytes.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_in_every_form() {
        for (bytes, wanted) in [
            (&b"0000644\0"[..], Some(0o644)),
            (b" 644 \0\0\0", Some(0o644)),
            (b"\0\0\0\0", Some(0)),
            (b"0000008\0", None),
            (b"-0000001", None),
            (b"\x80\0\0\0\0\0\0\0\0\0\x01\0", Some(256)),
            (b"\xff\xff\xff\xff\xff\xff\xff\xff", Some(-1)),
            (b"\x80\x01\0\0\0\0\0\0\0\0\0\0", None),
        ] {
            assert_eq!(field(bytes).ok(), wanted, "{bytes:?}");
        }
    }

    #[test]
    fn decimals_are_whole_numbers() {
        assert_eq!(decimal(b"12").ok(), Some(12));
        assert!(decimal(b"1 2").is_err() && decimal(b"").is_err());
        assert!(decimal(b"99999999999999999999").is_err());
    }
}
