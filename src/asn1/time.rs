//! UTCTime and GeneralizedTime (RFC 5280, 4.1.2.5).

use super::{Tlv, tag};
use crate::env::Time;
use crate::error::{Error, Result};

/// `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`, before 1970 too, which the crates' types do not reach.
///
/// # Errors
///
/// `malformed/asn1` for another type, another form, or a moment that does not exist.
pub fn read_time(tlv: Tlv<'_>) -> Result<Time> {
    let (year_digits, century) = match tlv.tag {
        tag::UTC_TIME => (2, None),
        tag::GENERALIZED_TIME => (4, Some(0)),
        _ => return Err(Error::MalformedAsn1 { rule: "no time" }),
    };
    moment(tlv.value, year_digits, century)
        .map(Time::from_secs)
        .ok_or(Error::MalformedAsn1 { rule: "a time that is none" })
}

fn moment(text: &[u8], year_digits: usize, century: Option<i64>) -> Option<i64> {
    let (digits, b"Z") = text.split_at_checked(year_digits + 10)? else { return None };
    let (year, rest) = digits.split_at_checked(year_digits)?;
    let year = number(year)?;
    // RFC 5280, 4.1.2.5.1: 50 and above is 19YY.
    let year = year + century.unwrap_or(if year >= 50 { 1_900 } else { 2_000 });
    let fields: Vec<i64> = rest.chunks_exact(2).map(number).collect::<Option<_>>()?;
    let [month, day, hour, minute, second] = fields[..] else { return None };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    if !(1..=days).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some(((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second)
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |sum, digit| {
        digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0'))
    })
}

/// Of the proleptic Gregorian calendar. A year begins with March here, so that the day of a leap year
/// comes last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    // From 0000-03-01 to 1970-01-01.
    year * 365 + leap_days + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tag: u8, text: &[u8]) -> Option<i64> {
        read_time(Tlv { tag, value: text, raw: text }).ok().map(Time::as_secs)
    }

    #[test]
    fn moments_are_counted_from_1970() {
        for (tag, text, expected) in [
            (tag::UTC_TIME, &b"700101000000Z"[..], 0),
            (tag::UTC_TIME, b"500101120100Z", -631_108_740),
            (tag::UTC_TIME, b"491231235959Z", 2_524_607_999),
            (tag::GENERALIZED_TIME, b"20240229123456Z", 1_709_210_096),
            (tag::GENERALIZED_TIME, b"99991231235959Z", 253_402_300_799),
            (tag::GENERALIZED_TIME, b"00000101000000Z", -62_167_219_200),
        ] {
            assert_eq!(read(tag, text), Some(expected), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn other_forms_and_days_that_do_not_exist_are_refused() {
        for text in [
            &b"240229123456"[..],
            b"2402291234Z",
            b"240229123456+0000",
            b"230229123456Z",
            b"241301000000Z",
            b"240100000000Z",
            b"240101240000Z",
            b"2401010000 0Z",
            b"",
        ] {
            assert_eq!(read(tag::UTC_TIME, text), None, "{}", text.escape_ascii());
        }
        assert_eq!(read(tag::GENERALIZED_TIME, b"20240229123456.5Z"), None);
        assert_eq!(read(tag::UTF8_STRING, b"240101000000Z"), None);
    }
}
