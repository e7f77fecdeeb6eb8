//! Hosts with letters beyond ASCII (RFC 5890): U-labels as the A-labels that stand for them.

use std::borrow::Cow;

/// A host with its U-labels made A-labels, so that two forms of one host can be compared. Nothing is
/// mapped or folded: a label that is no U-label (RFC 5890, 2.3.2.1) becomes one that no other host has.
/// `None` for a label too long to be one.
pub fn a_labels(host: &str) -> Option<Cow<'_, str>> {
    if host.is_ascii() {
        return Some(Cow::Borrowed(host));
    }
    let labels: Option<Vec<String>> = host
        .split('.')
        .map(|label| match label.is_ascii() {
            true => Some(label.to_owned()),
            false => punycode(label).map(|encoded| format!("xn--{encoded}")),
        })
        .collect();
    Some(Cow::Owned(labels?.join(".")))
}

/// Code points of one label (RFC 5890, 2.3.1 allows 59 octets behind `xn--`).
const MAX_LABEL: usize = 59;

/// RFC 3492, 5: the parameters for domain names.
const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const INITIAL_BIAS: u32 = 72;
const INITIAL_N: u32 = 128;

/// RFC 3492, 6.3.
fn punycode(label: &str) -> Option<String> {
    let code_points: Vec<u32> = label.chars().map(u32::from).collect();
    if code_points.len() > MAX_LABEL {
        return None;
    }
    let mut output: String = label.chars().filter(char::is_ascii).collect();
    let basic = output.len() as u32;
    let (mut handled, mut n, mut delta, mut bias) = (basic, INITIAL_N, 0_u32, INITIAL_BIAS);
    if basic > 0 {
        output.push('-');
    }
    while (handled as usize) < code_points.len() {
        let next = code_points.iter().copied().filter(|&point| point >= n).min()?;
        delta = delta.checked_add((next - n).checked_mul(handled + 1)?)?;
        n = next;
        for &point in &code_points {
            if point < n {
                delta = delta.checked_add(1)?;
            }
            if point == n {
                variable_length(delta, bias, &mut output);
                bias = adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled += 1;
            }
        }
        delta = delta.checked_add(1)?;
        n += 1;
    }
    Some(output)
}

/// A number in digits of variable weight (RFC 3492, 3.3).
fn variable_length(mut number: u32, bias: u32, output: &mut String) {
    // a to z, then 0 to 9.
    let digit = |value: u32| match u8::try_from(value) {
        Ok(value @ 0..26) => char::from(b'a' + value),
        Ok(value) => char::from(b'0' + value.saturating_sub(26)),
        Err(_) => '0',
    };
    for k in (BASE..).step_by(BASE as usize) {
        let threshold = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
        if number < threshold {
            break;
        }
        output.push(digit(threshold + (number - threshold) % (BASE - threshold)));
        number = (number - threshold) / (BASE - threshold);
    }
    output.push(digit(number));
}

/// RFC 3492, 6.1.
fn adapt(delta: u32, points: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / DAMP } else { delta / 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3492, 7.1 (A), (B), (I), and hosts that are registered.
    #[test]
    fn u_labels_become_the_a_labels_that_stand_for_them() {
        for (host, expected) in [
            ("\u{5927}\u{5b66}.example.com", "xn--pss25c.example.com"),
            ("m\u{fc}ller.example", "xn--mller-kva.example"),
            ("b\u{fc}cher.de", "xn--bcher-kva.de"),
            (
                "\u{644}\u{64a}\u{647}\u{645}\u{627}\u{628}\u{62a}\u{643}\u{644}\u{645}\u{648}\u{634}\u{639}\u{631}\u{628}\u{64a}\u{61f}",
                "xn--egbpdaj6bu4bxfgehfvwxn",
            ),
            (
                "\u{4ed6}\u{4eec}\u{4e3a}\u{4ec0}\u{4e48}\u{4e0d}\u{8bf4}\u{4e2d}\u{6587}",
                "xn--ihqwcrb4cv8a8dqg056pqjye",
            ),
            ("Plain.example", "Plain.example"),
        ] {
            assert_eq!(a_labels(host).as_deref(), Some(expected));
        }
        assert_eq!(a_labels(&"\u{fc}".repeat(60)), None);
    }
}
